package io.strates.query;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.cache.Tiers;
import io.strates.dev.DevPostgres;
import io.strates.release.Release;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseService;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is in memory when a build becomes live. */
class WarmUpIntegrationTests {

	private final TestNode node = TestNode.builder(DevPostgres.newDatabase())
		.pollInterval(Duration.ofMillis(50))
		.build();

	private final List<Load> loads = new CopyOnWriteArrayList<>();

	private final ReadModels models = new ReadModels(Tiers.builder("warm-up").build(), this.node.pins,
			this.node.mapping.model());

	private final WarmUp warmUp = new WarmUp(this.models);

	private final QueryService queries = this.node.queries()
		.readModels(this.models)
		.pointers(this.node.watcher, Duration.ofHours(1))
		.build();

	private final ReleaseService releases = ReleaseService.of(this.node.mapping.model(), this.node.releaseTable,
			this.node.buildTable, this.node.transaction, this.node.watcher, List.of(this.warmUp));

	@AfterEach
	void stop() {
		this.warmUp.close();
		this.node.close();
	}

	private UUID sealed(String name) {
		try (Build build = this.node.builds.open("catalog", "berlin")) {
			Catalog catalog = new Catalog(1, "berlin", 10);
			build.writer().write(catalog);
			for (int id = 1; id <= 10; id++) {
				build.writer().write(new Product(id, name, id, catalog));
			}
			return build.seal().buildStrate();
		}
	}

	private void declare(int warmUp) {
		this.models.declare(ReadModel.of(View.class, Long.class, "catalog", (pin, ids) -> {
			this.loads.add(new Load(pin.buildStrate(),
					this.queries.currentRelease("catalog", "berlin").orElseThrow().number(), new TreeSet<>(ids)));
			return load(ids);
		}).warmUp(warmUp));
	}

	private Map<Long, View> load(Set<Long> ids) {
		return this.node.products.findAllById(ids)
			.stream()
			.collect(Collectors.toMap(Product::getId, (product) -> new View(product.getName())));
	}

	private String live(long id) {
		View view = this.queries.pinned("catalog", "berlin").get(View.class, id);
		return (view != null) ? view.name() : "nothing";
	}

	@Test
	void whatWasHotIsLoadedBeforeThePointerMovesAndIsThereAfterIt() {
		declare(5);
		this.releases.release(sealed("anorak"));
		live(3);
		live(7);
		this.loads.clear();

		UUID next = sealed("boots");
		this.releases.release(next);

		assertThat(this.loads).containsExactly(new Load(next, 1, Set.of(3L, 7L)));
		assertThat(live(3)).isEqualTo("boots");
		assertThat(live(7)).isEqualTo("boots");
		assertThat(this.loads).hasSize(1);
	}

	@Test
	void noMoreThanTheLimitIsLoadedAndTheHottestOfAll() {
		declare(1);
		this.releases.release(sealed("anorak"));
		live(1);
		live(2);
		for (int read = 0; read < 50; read++) {
			live(2);
		}
		this.loads.clear();

		this.releases.release(sealed("boots"));

		assertThat(this.loads).extracting(Load::ids).containsExactly(Set.of(2L));
	}

	@Test
	void withoutWarmUpNothingIsLoaded() {
		declare(0);
		this.releases.release(sealed("anorak"));
		live(3);
		this.loads.clear();

		this.releases.release(sealed("boots"));

		assertThat(this.loads).isEmpty();
	}

	@Test
	void loaderThatFailsDoesNotKeepABuildFromBecomingLive() {
		this.models.declare(ReadModel.of(View.class, Long.class, "catalog", (pin, ids) -> {
			if (this.queries.history("catalog", "berlin").size() == 1 && !this.loads.isEmpty()) {
				throw new IllegalStateException("the loader is broken");
			}
			this.loads.add(new Load(pin.buildStrate(), 0, new TreeSet<>(ids)));
			return load(ids);
		}).warmUp(5));
		this.releases.release(sealed("anorak"));
		live(3);

		this.releases.release(sealed("boots"));

		assertThat(live(3)).isEqualTo("boots");
	}

	@Test
	void releaseInsideATransactionOfTheCallerIsNotHeldUp() {
		declare(5);
		this.releases.release(sealed("anorak"));
		live(3);
		UUID next = sealed("boots");
		this.loads.clear();

		this.node.transaction.executeWithoutResult((transaction) -> {
			this.releases.release(next);
			assertThat(this.loads).isEmpty();
		});

		assertThat(live(3)).isEqualTo("boots");
	}

	@Test
	void nodeThatIsToldOfAReleaseWarmsItself() {
		declare(5);
		this.node.releases.release(sealed("anorak"));
		live(3);
		this.loads.clear();
		UUID next = sealed("boots");
		this.node.releases.release(next);

		this.warmUp.released(this.node.queries.currentRelease("catalog", "berlin").orElseThrow());

		await().atMost(Duration.ofSeconds(30)).until(() -> !this.loads.isEmpty());
		assertThat(this.loads).containsExactly(new Load(next, 2, Set.of(3L)));
	}

	@Test
	void otherNodeIsWarmedUpBeforeThePointerMovesAndOnlyWithSealedBuilds() {
		declare(5);
		this.node.releases.release(sealed("anorak"));
		live(3);
		this.loads.clear();
		List<Consumer<UUID>> preparations = new CopyOnWriteArrayList<>();
		ReleaseChannel channel = new Preparations(preparations);
		try (WarmUp here = new WarmUp(this.models, channel,
				(build) -> this.node.transaction.execute((transaction) -> this.node.buildTable.find(build)),
				Duration.ofSeconds(1)); Build unsealed = this.node.builds.open("catalog", "berlin")) {
			preparations.forEach((preparation) -> preparation.accept(unsealed.buildStrate()));
			preparations.forEach((preparation) -> preparation.accept(UUID.randomUUID()));
			assertThat(this.loads).isEmpty();
			UUID next = sealed("boots");

			preparations.forEach((preparation) -> preparation.accept(next));

			assertThat(this.loads).containsExactly(new Load(next, 1, Set.of(3L)));
		}
	}

	@Test
	void releaseAsksTheOtherNodesBeforeThePointerMoves() {
		List<String> asked = new CopyOnWriteArrayList<>();
		ReleaseChannel channel = new Preparations(new CopyOnWriteArrayList<>()) {
			@Override
			public void prepare(UUID buildStrate, Duration limit) {
				asked.add(buildStrate + " " + limit + " "
						+ WarmUpIntegrationTests.this.queries.currentRelease("catalog", "berlin")
							.orElseThrow()
							.number());
			}
		};
		declare(5);
		this.node.releases.release(sealed("anorak"));
		try (WarmUp here = new WarmUp(this.models, channel, (build) -> null, Duration.ofSeconds(1))) {
			UUID next = sealed("boots");

			ReleaseService
				.of(this.node.mapping.model(), this.node.releaseTable, this.node.buildTable, this.node.transaction,
						this.node.watcher, List.of(here))
				.release(next);

			assertThat(asked).containsExactly(next + " PT1S 1");
		}
	}

	/** A channel that carries preparations only. */
	private static class Preparations implements ReleaseChannel {

		private final List<Consumer<UUID>> preparations;

		Preparations(List<Consumer<UUID>> preparations) {
			this.preparations = preparations;
		}

		@Override
		public void announce(Release release) {
			// Nobody listens.
		}

		@Override
		public void listen(Runnable news) {
			// There is no news.
		}

		@Override
		public void onPrepare(Consumer<UUID> preparation) {
			this.preparations.add(preparation);
		}

		@Override
		public void close() {
			this.preparations.clear();
		}

	}

	record View(String name) {
	}

	/** What a loader was asked for, and which release was live then. */
	record Load(UUID build, long live, Set<Long> ids) {
	}

}
