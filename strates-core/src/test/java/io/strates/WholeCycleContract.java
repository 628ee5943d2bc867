package io.strates;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildOptions;
import io.strates.build.BuildStateException;
import io.strates.build.BuildStatus;
import io.strates.build.IncompleteBuildException;
import io.strates.dev.DevDatabase;
import io.strates.entity.LongStrateKey;
import io.strates.release.Release;
import io.strates.release.ReleaseConflictException;
import io.strates.release.ReleaseKind;
import io.strates.release.RollbackTarget;
import io.strates.shop.Catalog;
import io.strates.shop.Image;
import io.strates.shop.Product;
import io.strates.shop.ShopStates;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What every supported database does: build, seal, release, read, roll back, race. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class WholeCycleContract {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private TestNode node;

	private TestNode other;

	protected abstract DevDatabase database();

	@BeforeAll
	void start() {
		DevDatabase database = database();
		this.node = TestNode.builder(database).name("node-1").chunkSize(20).build();
		this.other = TestNode.builder(database).name("node-2").pollInterval(Duration.ofMillis(100)).build();
	}

	@AfterAll
	void stop() {
		this.threads.shutdownNow();
		this.node.close();
		this.other.close();
	}

	@Test
	void aStateIsBuiltReleasedReadReplacedAndRestored() {
		BuildInfo sealed;
		try (Build build = this.node.builds.open("catalog", "cycle",
				BuildOptions.defaults().label("ünï \uD83E\uDDF1").metadata("key", "value"))) {
			ShopStates.write(build.writer(), "cycle", 50);
			Image image = new Image(1, "photo", null, 3, null);
			image.getLabels().addAll(List.of("front", "back"));
			image.getProperties().put("camera", "old");
			build.writer().write(image);
			sealed = build.seal();
		}
		Release first = this.node.releases.release(sealed.buildStrate());
		Release second = ShopStates.released(this.node, "cycle", 30);

		assertThat(sealed.rowCounts()).containsEntry("Product", 50L)
			.containsEntry("ProductTag", 50L)
			.containsEntry("Image", 1L);
		assertThat(this.other.builds.get(sealed.buildStrate()).label()).isEqualTo("ünï \uD83E\uDDF1");
		assertThat(this.other.builds.get(sealed.buildStrate()).metadata()).containsEntry("key", "value");
		assertThat(second.number()).isEqualTo(2);
		assertThat(second.previousStrate()).isEqualTo(first.buildStrate());
		assertThat(second.releasedAt()).isAfter(first.releasedAt());
		assertThat(read(this.other)).isEqualTo(30);
		Release restored = this.other.releases.rollBack("catalog", "cycle", RollbackTarget.previous(), "too few");
		assertThat(restored.kind()).isEqualTo(ReleaseKind.ROLLBACK);
		assertThat(read(this.node)).isEqualTo(50);
		assertThat(this.node.queries.pinned("catalog", "cycle", () -> this.node.inTransaction(() -> {
			Image image = this.node.entityManager.createQuery("from Image", Image.class).getSingleResult();
			return image.getLabels() + " " + image.getProperties();
		}))).isEqualTo("[front, back] {camera=old}");
		assertThat(this.node.builds.get(second.buildStrate()).status()).isEqualTo(BuildStatus.REJECTED);
		assertThat(this.node.releases.history("catalog", "cycle")).extracting(Release::number)
			.containsExactly(3L, 2L, 1L);
		assertThat(this.node.releases.asOf("catalog", "cycle", second.releasedAt())).contains(second);
	}

	private static long read(TestNode node) {
		return node.queries.pinned("catalog", "cycle", () -> node.products.count());
	}

	@Test
	void manyThreadsWriteOneBuild() throws Exception {
		try (Build build = this.node.builds.open("catalog", "threads")) {
			Catalog catalog = new Catalog(1, "threads", 0);
			build.writer().write(catalog);
			List<Future<?>> work = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				long first = thread * 1000L;
				work.add(this.threads.submit(() -> build.writer()
					.writeAll(
							LongStream.range(first, first + 130).mapToObj((id) -> new Product(id, "p", 1, catalog)))));
			}
			for (Future<?> each : work) {
				each.get();
			}

			assertThat(build.seal().rowCounts()).containsEntry("Product", 520L);
		}
	}

	@Test
	void aSealedBuildStaysAsItIs() {
		Build build = this.node.builds.open("catalog", "sealed");
		ShopStates.write(build.writer(), "sealed", 3);
		build.seal();

		assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> build.writer().write(new Tag("late")));
		assertThatThrownBy(() -> this.other.transaction.executeWithoutResult(
				(status) -> this.other.entityManager.find(Product.class, new LongStrateKey(1L, build.buildStrate()))
					.setPrice(0)))
			.rootCause()
			.isInstanceOf(BuildStateException.class);
	}

	@Test
	void theSealListsRowsOfAnotherScopeId() {
		try (Build build = this.node.builds.open("catalog", "scope id")) {
			build.writer().write(new Catalog(1, "scope id", 0));
			build.run(() -> this.node.transaction
				.executeWithoutResult((status) -> this.node.entityManager.createQuery("from Catalog", Catalog.class)
					.getSingleResult()
					.setShop("elsewhere")));

			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.withMessageContaining("Catalog 1 carries scope id 'elsewhere'");
		}
	}

	@Test
	void aBuildFailedElsewhereTakesNoRows() {
		try (Build build = this.node.builds.open("catalog", "failed")) {
			build.writer().write(new Tag("one"));
			this.other.builds.fail(build.buildStrate(), "unwanted");

			assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> build.writer().flush())
				.withMessageContaining("unwanted");
		}
	}

	@Test
	void theOtherNodeIsToldByItsPoll() {
		Release release = ShopStates.released(this.node, "polled", 1);

		await().atMost(Duration.ofSeconds(30)).until(() -> this.other.told.contains(release));
	}

	@Test
	void ofTwoNodesThatRaceOneWins() throws Exception {
		for (int round = 0; round < 15; round++) {
			List<Future<Release>> both = new ArrayList<>();
			List<UUID> builds = new ArrayList<>();
			CyclicBarrier barrier = new CyclicBarrier(2);
			for (TestNode each : List.of(this.node, this.other)) {
				builds.add(ShopStates.sealed(each, "race", 1).buildStrate());
			}
			for (int i = 0; i < 2; i++) {
				TestNode each = (i == 0) ? this.node : this.other;
				UUID build = builds.get(i);
				both.add(this.threads.submit(() -> {
					barrier.await();
					return each.releases.release(build);
				}));
			}
			List<Release> won = new ArrayList<>();
			for (Future<Release> each : both) {
				try {
					won.add(each.get());
				}
				catch (ExecutionException ex) {
					assertThat(ex.getCause()).isInstanceOf(ReleaseConflictException.class)
						.hasMessageContaining("by node-1")
						.hasMessageContaining("by node-2");
				}
			}

			assertThat(won).singleElement().extracting(Release::number).isEqualTo(round + 1L);
		}
		assertThat(this.node.releases.history("catalog", "race")).hasSize(15);
	}

	@Test
	void aReleaseThatIsRolledBackMovesNothing() {
		Release live = ShopStates.released(this.node, "rolled", 1);
		BuildInfo next = ShopStates.sealed(this.node, "rolled", 2);

		this.node.transaction.executeWithoutResult((status) -> {
			this.node.releases.release(next.buildStrate());
			status.setRollbackOnly();
		});

		assertThat(this.node.releases.current("catalog", "rolled")).contains(live);
		assertThat(this.node.builds.get(next.buildStrate()).status()).isEqualTo(BuildStatus.SEALED);
	}

}
