package io.strates.build;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.strates.TestNode;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.entity.UnknownScopeException;
import io.strates.release.NothingReleasedException;
import io.strates.release.Release;
import io.strates.shop.Catalog;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.ShopStates;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** From opening to sealing or failing, on one node and with a second one beside it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BuildLifecycleIntegrationTests {

	private static TestNode node;

	private static TestNode other;

	/** What the listener of the first node's service was told. */
	private static final List<BuildInfo> failed = new CopyOnWriteArrayList<>();

	private static final ExecutorService threads = Executors.newCachedThreadPool();

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		node = TestNode.builder(database)
			.name("node-1")
			.heartbeat(Duration.ofMillis(50))
			.buildListener(new BuildListener() {
				@Override
				public void failed(BuildInfo build) {
					failed.add(build);
				}
			})
			.build();
		other = TestNode.builder(database).name("node-2").build();
	}

	@AfterAll
	static void stop() {
		threads.shutdownNow();
		node.close();
		other.close();
	}

	@Test
	void openRecordsABuildOfVersionSevenThatIsBasedOnTheLiveRelease() {
		Release live = ShopStates.released(node, "opened", 2);

		try (Build build = node.builds.open("catalog", "opened",
				BuildOptions.defaults().label("nightly").metadata("feed", "f-17").metadata("lines", "900"))) {
			BuildInfo info = other.builds.get(build.buildStrate());

			assertThat(build.buildStrate().version()).isEqualTo(7);
			assertThat(info.status()).isEqualTo(BuildStatus.BUILDING);
			assertThat(info.owner()).isEqualTo("node-1");
			assertThat(info.label()).isEqualTo("nightly");
			assertThat(info.metadata()).containsExactlyInAnyOrderEntriesOf(Map.of("feed", "f-17", "lines", "900"));
			assertThat(info.baseRelease()).isEqualTo(1);
			assertThat(info.baseStrate()).isEqualTo(live.buildStrate());
			assertThat(info.rowCounts()).isEmpty();
			assertThat(info.sealedAt()).isNull();
		}
	}

	@Test
	void openWithoutAReleaseIsBasedOnNothing() {
		try (Build build = node.builds.open("catalog", "fresh")) {
			BuildInfo info = node.builds.get(build.buildStrate());

			assertThat(info.baseRelease()).isZero();
			assertThat(info.baseStrate()).isNull();
		}
	}

	@Test
	void listIsLimitedToTheNewestBuilds() {
		for (int count = 0; count < 3; count++) {
			node.builds.open("catalog", "limited").close();
		}
		List<BuildInfo> all = node.builds.list("catalog", "limited");

		assertThat(node.builds.list("catalog", "limited", 2)).isEqualTo(all.subList(0, 2));
		assertThat(node.builds.list("catalog", "limited", 4)).hasSize(3).isEqualTo(all);
		assertThatIllegalArgumentException().isThrownBy(() -> node.builds.list("catalog", "limited", 0))
			.withMessageContaining("is 0; use 1 or more");
	}

	@Test
	void openOfAnUnknownScopeNamesTheDeclaredOnes() {
		assertThatExceptionOfType(UnknownScopeException.class).isThrownBy(() -> node.builds.open("catalogue", "north"))
			.withMessageContaining("catalogue")
			.withMessageContaining("catalog")
			.withMessageContaining("pricing");
	}

	@Test
	void openRefusesABlankOrTooLongScopeId() {
		assertThatIllegalArgumentException().isThrownBy(() -> node.builds.open("catalog", " "))
			.withMessageContaining("1 to 128");
		assertThatIllegalArgumentException().isThrownBy(() -> node.builds.open("catalog", "x".repeat(129)))
			.withMessageContaining("1 to 128");
	}

	@Test
	void listReturnsTheBuildsOfAScopeIdNewestFirst() {
		BuildInfo first = ShopStates.sealed(node, "listed", 1);
		BuildInfo second = ShopStates.sealed(node, "listed", 1);
		ShopStates.sealed(node, "listed elsewhere", 1);

		assertThat(other.builds.list("catalog", "listed")).extracting(BuildInfo::buildStrate)
			.containsExactly(second.buildStrate(), first.buildStrate());
	}

	@Test
	void getOfAnUnknownBuildSaysSo() {
		UUID unknown = new UUID(0x7000L, 1);

		assertThatExceptionOfType(BuildNotFoundException.class).isThrownBy(() -> node.builds.get(unknown))
			.withMessageContaining(unknown.toString())
			.satisfies((ex) -> assertThat(ex.getBuildStrate()).isEqualTo(unknown));
	}

	@Test
	void fourThreadsWriteFourTablesAndEveryRowCarriesTheBuild() throws Exception {
		BuildInfo sealed;
		try (Build build = node.builds.open("catalog", "parallel")) {
			Catalog catalog = new Catalog(1, "parallel", 300);
			build.writer().write(catalog);
			build.writer().flush();
			List<Future<?>> work = new ArrayList<>();
			work.add(threads.submit(() -> build.writer()
				.writeAll(IntStream.rangeClosed(1, 300).mapToObj((id) -> new Product(id, "p" + id, id, catalog)))));
			work.add(threads.submit(
					() -> build.writer().writeAll(IntStream.rangeClosed(1, 250).mapToObj((id) -> new Tag("t" + id)))));
			work.add(threads.submit(() -> build.writer()
				.writeAll(IntStream.rangeClosed(2, 200).mapToObj((id) -> new Catalog(id, "parallel", 0)))));
			work.add(threads.submit(() -> build.writer()
				.writeAll(IntStream.rangeClosed(1001, 1150)
					.mapToObj((id) -> new io.strates.shop.Image(id, "i" + id, null, 1, null)))));
			for (Future<?> each : work) {
				each.get();
			}
			sealed = build.seal();
		}

		assertThat(sealed.rowCounts()).containsEntry("Product", 300L)
			.containsEntry("Tag", 250L)
			.containsEntry("Catalog", 200L)
			.containsEntry("Image", 150L);
		assertThat(ShopStates.products(node, sealed)).isEqualTo(300);
		assertThat(node.count("select count(*) from product where catalog_id = 1 and build_strate = ?",
				sealed.buildStrate()))
			.isEqualTo(300);
	}

	@Test
	void aRowOfAnotherScopeIdFailsBeforeSqlAndNothingOfItsChunkIsStored() {
		UUID id;
		try (Build build = node.builds.open("catalog", "42")) {
			id = build.buildStrate();
			build.writer().write(new Catalog(1, "42", 0));

			assertThatExceptionOfType(ScopeIdMismatchException.class)
				.isThrownBy(() -> build.writer().write(new Catalog(2, "43", 0)))
				.withMessageContaining("Catalog 2")
				.withMessageContaining("'42'")
				.withMessageContaining("'43'")
				.satisfies((ex) -> {
					assertThat(ex.getExpected()).isEqualTo("42");
					assertThat(ex.getFound()).isEqualTo("43");
				});
			assertThatExceptionOfType(ChunkFailedException.class).isThrownBy(build::seal).withMessageContaining("'43'");
		}

		assertThat(node.count("select count(*) from catalog where build_strate = ?", id)).isZero();
		assertThat(node.builds.get(id).status()).isEqualTo(BuildStatus.FAILED);
		assertThat(node.builds.get(id).failure()).contains("ScopeIdMismatch").contains("'43'");
	}

	@Test
	void sealRefusesRowsWhoseScopeIdWasChangedByARepository() {
		try (Build build = node.builds.open("catalog", "changed")) {
			build.writer().write(new Catalog(1, "changed", 0));
			build.run(() -> node.transaction
				.executeWithoutResult((status) -> node.entityManager.createQuery("from Catalog", Catalog.class)
					.getSingleResult()
					.setShop("elsewhere")));

			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.satisfies((ex) -> assertThat(ex.getViolations())
					.containsExactly("Catalog 1 carries scope id 'elsewhere' but the build is of 'changed'"));
		}
	}

	@Test
	void aRowWithoutTheRowThatItRefersToNamesTheAssociation() {
		try (Build build = node.builds.open("catalog", "dangling")) {
			Catalog missing = new Catalog(1, "dangling", 0);
			build.writer().write(new Product(1, "anorak", 10, missing));

			assertThatExceptionOfType(ChunkFailedException.class).isThrownBy(build::seal)
				.withMessageContaining(
						"Product.catalog points at a row that the build does not have; write what others refer to first")
				.havingRootCause()
				.isInstanceOf(SQLException.class)
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("23503"));
		}
	}

	@Test
	void anEntityThatIsNotStratifiedIsRefused() {
		try (Build build = node.builds.open("catalog", "foreign")) {
			assertThatIllegalArgumentException().isThrownBy(() -> build.writer().write("a text"))
				.withMessageContaining("java.lang.String is not a stratified entity");
		}
	}

	@Test
	void anEntityOfAnotherScopeIsRefused() {
		try (Build build = node.builds.open("catalog", "foreign")) {
			assertThatIllegalArgumentException().isThrownBy(() -> build.writer().write(new PriceRule(1, "half", 1L)))
				.withMessageContaining("PriceRule belongs to scope 'pricing'")
				.withMessageContaining("catalog/foreign");
		}
	}

	@Test
	void anEntityWithoutAnIdIsRefusedAndMayBeWrittenOnceItHasOne() {
		try (Build build = node.builds.open("catalog", "ids")) {
			Tag tag = new Tag(null);

			assertThatIllegalArgumentException().isThrownBy(() -> build.writer().write(tag))
				.withMessageContaining("A Tag is written without an id");
			assertThat(tag.isNew()).isTrue();
			build.writer().write(new Tag("good"));

			assertThat(build.seal().rowCounts()).containsEntry("Tag", 1L);
		}
	}

	@Test
	void closeWithoutSealFailsTheBuild() {
		Build build = node.builds.open("catalog", "closed");
		build.writer().write(new Catalog(1, "closed", 0));

		build.close();
		build.close();

		BuildInfo info = node.builds.get(build.buildStrate());
		assertThat(info.status()).isEqualTo(BuildStatus.FAILED);
		assertThat(info.failure()).isEqualTo("closed without being sealed");
		assertThat(info.endedAt()).isNotNull();
		assertThatExceptionOfType(BuildStateException.class)
			.isThrownBy(() -> build.writer().write(new Catalog(2, "closed", 0)))
			.withMessageContaining("FAILED");
	}

	@Test
	void closeAfterAFailedChunkRecordsItsCauseAndNothingIsLive() {
		UUID id;
		try (Build build = node.builds.open("catalog", "broken")) {
			id = build.buildStrate();
			build.writer().write(new Tag("twice"));
			build.writer().flush();
			build.writer().write(new Tag("twice"));

			assertThatExceptionOfType(ChunkFailedException.class).isThrownBy(() -> build.writer().flush())
				.withMessageContaining("rows of Tag")
				.withMessageContaining("twice");
			assertThatExceptionOfType(ChunkFailedException.class)
				.isThrownBy(() -> build.writer().write(new Tag("thrice")))
				.satisfies((ex) -> assertThat(ex.isRepeated()).isTrue());
		}

		assertThat(node.builds.get(id).status()).isEqualTo(BuildStatus.FAILED);
		assertThat(node.builds.get(id).failure()).contains("twice");
		assertThat(node.releases.current("catalog", "broken")).isEmpty();
		assertThatExceptionOfType(NothingReleasedException.class)
			.isThrownBy(() -> node.queries.pinned("catalog", "broken", () -> node.products.count()));
	}

	@Test
	void aFailureReasonMayHoldAnyCharacter() {
		try (Build build = node.builds.open("catalog", "reason")) {
			BuildInfo failed = build.fail(new IllegalStateException("a\0b" + "x".repeat(5000)));

			assertThat(failed.status()).isEqualTo(BuildStatus.FAILED);
			assertThat(failed.failure()).startsWith("IllegalStateException: a bx").hasSize(4000);
		}
	}

	@Test
	void sealOfAnEmptyBuildIsRefusedUnlessAllowed() {
		try (Build build = node.builds.open("catalog", "empty")) {
			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.withMessageContaining("holds no row")
				.withMessageContaining("allowEmpty");
			assertThat(node.builds.get(build.buildStrate()).status()).isEqualTo(BuildStatus.BUILDING);
		}
		try (Build build = node.builds.open("catalog", "empty", BuildOptions.defaults().allowEmpty())) {
			assertThat(build.seal().status()).isEqualTo(BuildStatus.SEALED);
		}
	}

	@Test
	void sealingTwiceChangesNothing() {
		try (Build build = node.builds.open("catalog", "twice")) {
			ShopStates.write(build.writer(), "twice", 3);
			BuildInfo first = build.seal();

			BuildInfo second = build.seal();

			assertThat(second).isEqualTo(first);
		}
	}

	@Test
	void sealFromTwoThreadsSealsOnce() throws Exception {
		List<BuildInfo> told = new CopyOnWriteArrayList<>();
		BuildListener listener = new BuildListener() {
			@Override
			public void sealed(BuildInfo build) {
				told.add(build);
			}
		};
		try (Build build = node.builds.open("catalog", "both", BuildOptions.defaults().listener(listener))) {
			ShopStates.write(build.writer(), "both", 40);
			CyclicBarrier barrier = new CyclicBarrier(2);
			Future<BuildInfo> first = threads.submit(() -> {
				barrier.await();
				return build.seal();
			});
			Future<BuildInfo> second = threads.submit(() -> {
				barrier.await();
				return build.seal();
			});

			assertThat(first.get()).isEqualTo(second.get());
			assertThat(told).hasSize(1);
			assertThat(told.get(0).rowCounts()).containsEntry("Product", 40L);
		}
	}

	@Test
	void sealGetsEveryRowOfAWriteThatReturned() throws Exception {
		for (int round = 0; round < 40; round++) {
			try (Build build = node.builds.open("catalog", "late", BuildOptions.defaults().allowEmpty())) {
				Catalog catalog = new Catalog(1, "late", 0);
				build.writer().write(catalog);
				CountDownLatch begun = new CountDownLatch(1);
				Future<Integer> writer = threads.submit(() -> {
					int written = 0;
					try {
						for (int id = 1;; id++) {
							build.writer().write(new Product(id, "p", 1, catalog));
							written = id;
							begun.countDown();
						}
					}
					catch (BuildStateException ex) {
						return written;
					}
				});
				begun.await();

				BuildInfo sealed = build.seal();

				assertThat(sealed.rowCounts()).containsEntry("Product", writer.get().longValue());
			}
		}
	}

	@Test
	void sealWaitsForChunksInFlight() throws Exception {
		try (Build build = node.builds.open("catalog", "inflight")) {
			build.writer().write(new Catalog(1, "inflight", 0));
			CountDownLatch locked = new CountDownLatch(1);
			CountDownLatch goOn = new CountDownLatch(1);
			Future<?> chunk = threads.submit(() -> other.transaction.executeWithoutResult((status) -> {
				assertThat(other.buildTable.lockShared(build.buildStrate())).isEqualTo(BuildStatus.BUILDING);
				other.jdbc.sql("insert into tag (build_strate, tag_name) values (?, 'last')")
					.param(build.buildStrate())
					.update();
				locked.countDown();
				awaitLatch(goOn);
			}));
			locked.await();
			Future<BuildInfo> seal = threads.submit(build::seal);
			awaitLockWait();
			assertThat(seal).isNotDone();

			goOn.countDown();

			assertThat(seal.get().rowCounts()).containsEntry("Tag", 1L);
			chunk.get();
		}
	}

	@Test
	void aBuildFailedByAnotherNodeTakesNoMoreChunks() {
		UUID id;
		try (Build build = node.builds.open("catalog", "zombie")) {
			id = build.buildStrate();
			build.writer().write(new Catalog(1, "zombie", 0));
			build.writer().flush();
			BuildInfo failed = other.builds.fail(id, "replaced by a better one");
			assertThat(failed.failure()).isEqualTo("replaced by a better one");

			build.writer().write(new Catalog(2, "zombie", 0));
			assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> build.writer().flush())
				.withMessageContaining("FAILED")
				.withMessageContaining("replaced by a better one");
			assertThatExceptionOfType(BuildStateException.class).isThrownBy(build::seal);
		}

		assertThat(node.count("select count(*) from catalog where build_strate = ?", id)).isEqualTo(1);
		assertThat(node.builds.get(id).failure()).isEqualTo("replaced by a better one");
	}

	@Test
	void aChunkThatWaitsForTheFailureOfItsBuildIsRefused() throws Exception {
		try (Build build = node.builds.open("catalog", "overtaken")) {
			build.writer().write(new Catalog(1, "overtaken", 0));
			CountDownLatch locked = new CountDownLatch(1);
			CountDownLatch goOn = new CountDownLatch(1);
			Future<?> failing = threads.submit(() -> other.transaction.executeWithoutResult((status) -> {
				other.buildTable.lock(build.buildStrate());
				locked.countDown();
				awaitLatch(goOn);
				other.buildTable.setStatus(build.buildStrate(), BuildStatus.FAILED, "taken over");
			}));
			locked.await();
			Future<?> flush = threads.submit(() -> build.writer().flush());
			awaitLockWait();

			goOn.countDown();

			failing.get();
			assertThat(flush).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(BuildStateException.class)
				.withMessageContaining("taken over");
			assertThat(node.count("select count(*) from catalog where build_strate = ?", build.buildStrate())).isZero();
		}
	}

	@Test
	void failOfASealedBuildIsRefused() {
		BuildInfo sealed = ShopStates.sealed(node, "done", 1);

		assertThatExceptionOfType(BuildStateException.class)
			.isThrownBy(() -> other.builds.fail(sealed.buildStrate(), "too late"))
			.withMessageContaining("SEALED");
		assertThat(node.builds.get(sealed.buildStrate()).failure()).isNull();
	}

	@Test
	void failByItsOwnNodeStopsTheWriterAtOnce() {
		try (Build build = node.builds.open("catalog", "stopped")) {
			node.builds.fail(build.buildStrate(), "no longer wanted");

			assertThatExceptionOfType(BuildStateException.class)
				.isThrownBy(() -> build.writer().write(new Catalog(1, "stopped", 0)))
				.withMessageContaining("no longer wanted");
		}
	}

	@Test
	void theHeartbeatOfAnOpenBuildGoesOnAndEndsWithIt() {
		Build build = node.builds.open("catalog", "alive");
		Instant first = node.buildTable.lastBeat(build.buildStrate());

		await().atMost(Duration.ofSeconds(30))
			.until(() -> node.buildTable.lastBeat(build.buildStrate()).isAfter(first));
		build.close();
		await().atMost(Duration.ofSeconds(30))
			.until(() -> Duration.between(node.buildTable.lastBeat(build.buildStrate()), node.buildTable.now())
				.toMillis() > 500);
	}

	@Test
	void aForgottenBuildFailsWhenItIsGarbageAndAHeldOneGoesOn() {
		try (Build held = node.builds.open("catalog", "held")) {
			UUID forgotten = forget();

			await().atMost(Duration.ofSeconds(30)).until(() -> {
				System.gc();
				return node.builds.get(forgotten).status() == BuildStatus.FAILED;
			});

			assertThat(node.builds.get(forgotten).failure()).contains("neither sealed nor closed");
			assertThat(failed).filteredOn((build) -> build.buildStrate().equals(forgotten)).hasSize(1);
			Instant beat = node.buildTable.lastBeat(held.buildStrate());
			Instant last = node.buildTable.lastBeat(forgotten);
			await().atMost(Duration.ofSeconds(30))
				.until(() -> node.buildTable.lastBeat(held.buildStrate()).isAfter(beat));
			assertThat(node.buildTable.lastBeat(forgotten)).isEqualTo(last);
			ShopStates.write(held.writer(), "held", 3);
			assertThat(held.seal().status()).isEqualTo(BuildStatus.SEALED);
		}
	}

	@Test
	void aBuildThatAnotherNodeHasFailedIsNotForgottenToo() {
		UUID lost = failedElsewhere();

		for (UUID marker : List.of(forget(), forget())) {
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				System.gc();
				return failed.stream().anyMatch((build) -> build.buildStrate().equals(marker));
			});
		}

		assertThat(failed).noneMatch((build) -> build.buildStrate().equals(lost));
		assertThat(node.builds.get(lost).failure()).isEqualTo("given up elsewhere");
	}

	private static UUID failedElsewhere() {
		Build build = node.builds.open("catalog", "given up");
		other.builds.fail(build.buildStrate(), "given up elsewhere");
		return build.buildStrate();
	}

	@Test
	void aBuildOfWhichOnlyTheWriterIsHeldIsNotForgotten() {
		BuildWriter writer = writer();
		UUID marker = forget();

		await().atMost(Duration.ofSeconds(30)).until(() -> {
			System.gc();
			return node.builds.get(marker).status() == BuildStatus.FAILED;
		});

		writer.write(new Tag("held"));
		writer.flush();
	}

	private static UUID forget() {
		Build build = node.builds.open("catalog", "forgotten");
		build.writer().write(new Catalog(1, "forgotten", 0));
		build.writer().flush();
		return build.buildStrate();
	}

	private static BuildWriter writer() {
		return node.builds.open("catalog", "held by its writer").writer();
	}

	@Test
	void twoBuildsOfOneScopeIdNeitherSeeNorBlockEachOther() {
		try (Build first = node.builds.open("catalog", "rivals");
				Build second = other.builds.open("catalog", "rivals")) {
			node.transaction.executeWithoutResult((status) -> {
				ShopStates.write(second.writer(), "rivals", 60);
				ShopStates.write(first.writer(), "rivals", 70);
				second.writer().flush();
				first.writer().flush();
			});

			assertThat(first.seal().rowCounts()).containsEntry("Product", 70L).containsEntry("ProductTag", 70L);
			assertThat(second.seal().rowCounts()).containsEntry("Product", 60L).containsEntry("ProductTag", 60L);
		}
	}

	@Test
	void chunksAreKeptWhenTheTransactionOfTheCallerRollsBack() {
		try (Build build = node.builds.open("catalog", "own")) {
			node.transaction.executeWithoutResult((status) -> {
				ShopStates.write(build.writer(), "own", 60);
				build.writer().flush();
				status.setRollbackOnly();
			});

			assertThat(build.seal().rowCounts()).containsEntry("Product", 60L);
		}
	}

	@Test
	void theListenersAreToldOfEveryStep() {
		List<String> told = new CopyOnWriteArrayList<>();
		List<BuildProgress> progress = new CopyOnWriteArrayList<>();
		BuildListener listener = new BuildListener() {
			@Override
			public void opened(BuildInfo build) {
				told.add("opened " + build.status());
			}

			@Override
			public void progressed(BuildProgress step) {
				progress.add(step);
			}

			@Override
			public void sealed(BuildInfo build) {
				told.add("sealed " + build.rowCounts().get("Product"));
			}

			@Override
			public void failed(BuildInfo build) {
				told.add("failed " + build.failure());
			}
		};
		try (Build build = node.builds.open("catalog", "told", BuildOptions.defaults().listener(listener))) {
			ShopStates.write(build.writer(), "told", 120);
			build.seal();
		}
		node.builds.open("catalog", "told", BuildOptions.defaults().listener(listener)).close();

		assertThat(told).containsExactly("opened BUILDING", "sealed 120", "opened BUILDING",
				"failed closed without being sealed");
		BuildProgress last = progress.get(progress.size() - 1);
		assertThat(progress).extracting(BuildProgress::total).isSorted();
		assertThat(progress.stream().mapToLong(BuildProgress::chunk).sum()).isEqualTo(last.total()).isEqualTo(244);
		assertThat(last.rows()).containsEntry("Product", 120L).containsEntry("ProductTag", 120L);
		assertThat(last.rate()).isPositive().isEqualTo(last.total() / (last.elapsed().toNanos() / 1e9));
		assertThat(progress).filteredOn((step) -> step.entity().equals("Product"))
			.extracting(BuildProgress::chunk)
			.containsExactly(50L, 50L, 20L);
	}

	@Test
	void aListenerThatThrowsChangesNothing() {
		BuildListener listener = new BuildListener() {
			@Override
			public void opened(BuildInfo build) {
				throw new IllegalStateException("opened");
			}

			@Override
			public void progressed(BuildProgress progress) {
				throw new IllegalStateException("progressed");
			}

			@Override
			public void sealed(BuildInfo build) {
				throw new IllegalStateException("sealed");
			}
		};
		try (Build build = node.builds.open("catalog", "thrown", BuildOptions.defaults().listener(listener))) {
			ShopStates.write(build.writer(), "thrown", 60);

			assertThat(build.seal().status()).isEqualTo(BuildStatus.SEALED);
		}
	}

	@Test
	void callReadsAndWritesTheOpenBuild() {
		try (Build build = node.builds.open("catalog", "called")) {
			ShopStates.write(build.writer(), "called", 5);

			long count = build.call(() -> node.inTransaction(() -> {
				node.entityManager.persist(new Tag("fourth"));
				return node.entityManager.createQuery("select count(t) from Tag t", Long.class).getSingleResult();
			}));

			assertThat(count).isEqualTo(4);
			assertThat(build.seal().rowCounts()).containsEntry("Tag", 4L);
		}
	}

	@Test
	void aCheckedExceptionOfCallArrivesAsItIsAsThatOfAPinDoes() {
		IOException thrown = new IOException("no feed");
		ShopStates.released(node, "checked", 1);
		try (Build build = node.builds.open("catalog", "checked")) {
			assertThatThrownBy(() -> build.call(() -> {
				throw thrown;
			})).isSameAs(thrown);
			assertThatThrownBy(() -> node.queries.pinned("catalog", "checked", () -> {
				throw thrown;
			})).isSameAs(thrown);
			assertThat(node.builds.get(build.buildStrate()).status()).isEqualTo(BuildStatus.BUILDING);
		}
	}

	@Test
	void sealFromInsideAWriteIsRefused() {
		List<Throwable> refused = new CopyOnWriteArrayList<>();
		CompletableFuture<Build> opened = new CompletableFuture<>();
		BuildListener listener = new BuildListener() {
			@Override
			public void progressed(BuildProgress progress) {
				if (progress.entity().equals("Product") && refused.isEmpty()) {
					try {
						opened.join().seal();
					}
					catch (IllegalStateException ex) {
						refused.add(ex);
					}
				}
			}
		};
		try (Build build = node.builds.open("catalog", "inside", BuildOptions.defaults().listener(listener))) {
			opened.complete(build);
			ShopStates.write(build.writer(), "inside", 60);

			assertThat(refused).singleElement()
				.satisfies((ex) -> assertThat(ex).hasMessageContaining("is sealed from inside a write"));
			assertThat(build.seal().rowCounts()).containsEntry("Product", 60L);
		}
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Until some connection of this database waits for a lock that another holds. */
	private static void awaitLockWait() {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> node.count(
					"select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0);
	}

}
