package io.strates.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.query.PinRequest;
import io.strates.release.ReleaseNotFoundException;
import io.strates.release.ReleaseRefusedException;
import io.strates.release.RollbackTarget;
import io.strates.shop.Product;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Garbage collection on PostgreSQL, also with several nodes, and its cost.
 */
class PostgresGarbageCollectionIntegrationTests extends GarbageCollectionContract {

	private ExecutorService threads;

	@Override
	DevDatabase newDatabase() {
		return DevPostgres.newDatabase();
	}

	@BeforeEach
	void startThreads() {
		this.threads = Executors.newCachedThreadPool();
	}

	@AfterEach
	void endThreads() throws InterruptedException {
		this.threads.shutdownNow();
		assertThat(this.threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void threeNodesAtOnceMakeOneRun() throws Exception {
		UUID build = failed(shop());
		CyclicBarrier start = new CyclicBarrier(3);
		CountDownLatch othersDone = new CountDownLatch(2);
		List<Future<Optional<CollectionReport>>> runs = new ArrayList<>();
		for (String name : List.of("node-1", "node-2", "node-3")) {
			GarbageCollector collector = collector(name, NOTHING_BUT_THE_LIVE_ONE, 100,
					progressed((progress) -> await(othersDone)));
			runs.add(this.threads.submit(() -> {
				start.await();
				Optional<CollectionReport> report = collector.collect();
				if (report.isEmpty()) {
					othersDone.countDown();
				}
				return report;
			}));
		}

		List<CollectionReport> reports = new ArrayList<>();
		for (Future<Optional<CollectionReport>> run : runs) {
			run.get(20, TimeUnit.SECONDS).ifPresent(reports::add);
		}

		assertThat(reports).hasSize(1);
		assertThat(entry(reports.get(0), build).removed()).isTrue();
	}

	@Test
	void dryRunNeedsNoLease() {
		UUID build = failed(shop());
		List<CollectionReport> dry = new ArrayList<>();
		GarbageCollector other = collector("node-2", NOTHING_BUT_THE_LIVE_ONE, 100);

		collector(NOTHING_BUT_THE_LIVE_ONE, 100, progressed((progress) -> {
			if (progress.buildStrate().equals(build)) {
				dry.add(other.dryRun());
			}
		})).collect();

		assertThat(entry(dry.get(0), build).reason()).isEqualTo("an earlier collection was interrupted");
	}

	@Test
	void leaseOfADeadNodeIsTakenOverWhenItEnds() {
		UUID build = failed(shop());
		collector(NOTHING_BUT_THE_LIVE_ONE, 100).dryRun();
		holdLease("a dead node", Duration.ofMinutes(1));

		Optional<CollectionReport> meanwhile = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect();
		holdLease("a dead node", Duration.ofMillis(-1));
		Optional<CollectionReport> after = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect();

		assertThat(meanwhile).isEmpty();
		assertThat(entry(after.orElseThrow(), build).removed()).isTrue();
	}

	@Test
	void runThatLostItsLeaseStopsBeforeItsNextBatch() {
		UUID first = failed(shop());
		UUID second = failed(shop());
		AtomicInteger batches = new AtomicInteger();

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 3, progressed((progress) -> {
			batches.incrementAndGet();
			holdLease("another run", Duration.ofMinutes(1));
		})).collect().orElseThrow();
		Optional<CollectionReport> refused = collector(NOTHING_BUT_THE_LIVE_ONE, 3).collect();
		holdLease("another run", Duration.ofMillis(-1));
		CollectionReport next = collector(NOTHING_BUT_THE_LIVE_ONE, 3).collect().orElseThrow();

		assertThat(batches).hasValue(1);
		assertThat(entry(report, first)).satisfies((entry) -> {
			assertThat(entry.removed()).isFalse();
			assertThat(entry.reason()).isEqualTo("not finished: another node has taken over");
			assertThat(total(entry.rows())).isEqualTo(3);
		});
		assertThat(entry(report, second).reason()).isEqualTo("not reached: another node has taken over");
		assertThat(refused).isEmpty();
		assertThat(entry(next, first).removed()).isTrue();
		assertThat(entry(next, second).removed()).isTrue();
	}

	@Test
	void whoeverTakesTheLeaseOverWaitsForTheBatchInHand() throws Exception {
		TaskLease mine = lease("mine", Duration.ofMillis(1));
		TaskLease theirs = lease("theirs", Duration.ofMinutes(1));
		this.node.newTransaction.executeWithoutResult((transaction) -> mine.acquire());
		CountDownLatch renewed = new CountDownLatch(1);
		CountDownLatch finish = new CountDownLatch(1);

		Future<?> batch = this.threads.submit(() -> this.node.newTransaction.executeWithoutResult((transaction) -> {
			mine.renew();
			renewed.countDown();
			await(finish);
		}));
		await(renewed);
		Future<Boolean> takeover = this.threads
			.submit((Callable<Boolean>) () -> this.node.newTransaction.execute((transaction) -> theirs.acquire()));
		Awaitility.await()
			.until(() -> this.node.count("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and"
					+ " datname = current_database()") == 1);
		finish.countDown();

		batch.get(20, TimeUnit.SECONDS);
		assertThat(takeover.get(20, TimeUnit.SECONDS)).isTrue();
		assertThatExceptionOfType(TaskLease.LostException.class)
			.isThrownBy(() -> this.node.newTransaction.executeWithoutResult((transaction) -> mine.renew()));
		this.node.newTransaction.executeWithoutResult((transaction) -> theirs.release());
	}

	@Test
	void batchesAreSmallerWhereTheyAreSlowAndLargerWhereTheyAreFast() {
		String shop = shop();
		for (int step : new int[] { 0, 60_000 }) {
			try (Build build = this.node.builds.open("catalog", shop)) {
				write(build, shop, 900);
				build.fail(new IllegalStateException("given up"));
			}
			AtomicLong time = new AtomicLong();
			List<Long> batches = new ArrayList<>();

			this.node.collector()
				.policy(NOTHING_BUT_THE_LIVE_ONE)
				.owner("node-1")
				.clock(() -> Instant.EPOCH.plusMillis(time.addAndGet(step)))
				.listener(progressed((progress) -> {
					if (progress.table().equals("product")) {
						batches.add(progress.batch());
					}
				}))
				.build()
				.collect();

			// Its circles are cut before, in batches that count.
			assertThat(batches).as("%d ms pass from look to look", step)
				.containsExactlyElementsOf((step == 0) ? List.of(900L) : Collections.nCopies(9, 100L));
		}
	}

	@Test
	void listenerThatFailsChangesNothing() {
		UUID build = failed(shop());

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 100, progressed((progress) -> {
			throw new IllegalStateException("no disk for the log");
		})).collect().orElseThrow();

		assertThat(entry(report, build).removed()).isTrue();
	}

	@Test
	void interruptedThreadStopsAndTheNextRunGoesOn() {
		UUID build = failed(shop());

		assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> collector(NOTHING_BUT_THE_LIVE_ONE, 3,
				progressed((progress) -> Thread.currentThread().interrupt()))
			.collect());
		boolean interrupted = Thread.interrupted();
		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 3).collect().orElseThrow();

		assertThat(interrupted).isTrue();
		assertThat(entry(report, build).removed()).isTrue();
	}

	@Test
	void buildThatSomebodyHasLockedIsLeftForTheNextRun() throws Exception {
		UUID build = failed(shop());
		CountDownLatch locked = new CountDownLatch(1);
		CountDownLatch finish = new CountDownLatch(1);
		Future<?> holder = this.threads.submit(() -> this.node.newTransaction.executeWithoutResult((transaction) -> {
			this.node.buildTable.lockShared(build);
			locked.countDown();
			await(finish);
		}));
		await(locked);

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect().orElseThrow();
		finish.countDown();
		holder.get(20, TimeUnit.SECONDS);

		assertThat(entry(report, build).reason()).isEqualTo("in use: somebody has locked it; the next run looks again");
		assertThat(total(rows(build))).isPositive();
	}

	@Test
	void buildThatBecomesLiveDuringTheRunIsKept() {
		String shop = shop();
		UUID first = released(shop);
		UUID second = released(shop);
		UUID third = released(shop);
		Map<String, Long> whole = rows(second);
		List<CollectionProgress> batches = new ArrayList<>();

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 100, progressed((progress) -> {
			if (batches.isEmpty()) {
				this.node.releases.rollBack("catalog", shop, RollbackTarget.release(2), "third is wrong");
			}
			batches.add(progress);
		})).collect().orElseThrow();

		assertThat(batches).allSatisfy((batch) -> assertThat(batch.buildStrate()).isNotEqualTo(second));
		assertThat(entry(report, first).removed()).isTrue();
		assertThat(entry(report, second).reason()).isEqualTo("live");
		assertThat(rows(second)).isEqualTo(whole);
		assertThat(status(third)).isEqualTo(BuildStatus.REJECTED);
	}

	@Test
	void buildThatIsBeingCollectedCanBeNeitherReadNorReleased() {
		String shop = shop();
		UUID first = released(shop);
		released(shop);
		List<Throwable> refused = new ArrayList<>();

		collector(NOTHING_BUT_THE_LIVE_ONE, 100, progressed((progress) -> {
			if (progress.buildStrate().equals(first) && refused.isEmpty()) {
				refused.add(catchThrowable(() -> this.node.queries.pinned(PinRequest.release("catalog", shop, 1),
						() -> this.node.products.findAll())));
				refused.add(catchThrowable(
						() -> this.node.releases.rollBack("catalog", shop, RollbackTarget.release(1), "nostalgia")));
			}
		})).collect();

		assertThat(refused.get(0)).isInstanceOf(ReleaseNotFoundException.class);
		assertThat(refused.get(1)).isInstanceOf(ReleaseRefusedException.class);
	}

	@Test
	void readerOfARetainedReleaseReadsItWholeWhileOthersAreCollected() {
		String shop = shop();
		released(shop);
		released(shop);

		List<Product> read = this.node.queries.pinned("catalog", shop, () -> {
			released(shop);
			CollectionReport report = collector(
					new RetentionPolicy(2, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(10)), 3)
				.collect()
				.orElseThrow();
			assertThat(report.removedBuilds()).isPositive();
			return this.node.products.findAll();
		});

		assertThat(read).hasSize(10);
	}

	@Test
	void failureOfOneBuildDoesNotKeepTheOthers() {
		UUID stuck = failed(shop());
		UUID other = failed(shop());
		this.node.jdbc
			.sql("create table guest (build_strate uuid, product_id bigint, foreign key"
					+ " (build_strate, product_id) references product (build_strate, id))")
			.update();
		this.node.jdbc.sql("insert into guest values (?, 7)").param(stuck).update();
		List<BuildInfo> told = new ArrayList<>();

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 3, new CollectionListener() {
			@Override
			public void failed(BuildInfo build, Throwable cause) {
				told.add(build);
			}
		}).collect().orElseThrow();
		this.node.jdbc.sql("drop table guest").update();
		CollectionReport next = collector(NOTHING_BUT_THE_LIVE_ONE, 3).collect().orElseThrow();

		assertThat(entry(report, stuck)).satisfies((entry) -> {
			assertThat(entry.removed()).isFalse();
			assertThat(entry.reason()).startsWith("not finished, the next run tries again: ").contains("guest");
			assertThat(total(entry.rows())).isPositive();
		});
		assertThat(told).extracting(BuildInfo::buildStrate).containsExactly(stuck);
		assertThat(entry(report, other).removed()).isTrue();
		assertThat(entry(next, stuck).removed()).isTrue();
	}

	/**
	 * The server counts what scans return, dead rows included. Reading each row a few
	 * times is linear, also if the elements of one entity come up again for each of its
	 * batches. Stepping over the dead rows of all batches before, or reading all rows for
	 * each batch, would be 80 times the number of rows and more.
	 */
	@Test
	void batchesDoNotReadAgainWhatEarlierOnesHaveRemoved() {
		int rows = 8_000;
		UUID build = failed(shop());
		this.node.jdbc
			.sql("insert into tag (build_strate, tag_name) select ?, 'tag ' || n from generate_series(1, " + rows
					+ ") n order by random()")
			.param(build)
			.update();
		this.node.jdbc.sql("insert into media_labels (media_build_strate, media_id, position, labels)"
				+ " select ?, 1 + n % 10, 10 + n, 'label' from generate_series(1, " + rows + ") n order by random()")
			.param(build)
			.update();
		this.node.jdbc.sql("analyze tag").update();
		this.node.jdbc.sql("analyze media_labels").update();
		long tagsBefore = tuplesRead("tag");
		long labelsBefore = tuplesRead("media_labels");

		collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect();

		assertThat(tuplesRead("tag") - tagsBefore).isBetween(rows * 2L, rows * 5L);
		assertThat(tuplesRead("media_labels") - labelsBefore).isBetween(rows * 2L, rows * 14L);
	}

	private long tuplesRead(String table) {
		this.node.dataSource.getHikariPoolMXBean().softEvictConnections(); // they report
																			// when they
																			// end
		Awaitility.await()
			.until(() -> this.node.count("select count(*) from pg_stat_activity where datname = current_database()"
					+ " and pid <> pg_backend_pid() and backend_type = 'client backend'") == 0);
		return this.node.count(
				"select (select seq_tup_read from pg_stat_user_tables where relname = ?)"
						+ " + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = ?)::bigint",
				table, table);
	}

	private TaskLease lease(String holder, Duration duration) {
		return new TaskLease(this.node.jdbc, this.node.database, "test", holder, duration);
	}

	private void holdLease(String owner, Duration duration) {
		this.node.jdbc
			.sql("insert into strates_task values ('garbage-collection', ?, clock_timestamp() + ? * interval '1 ms')"
					+ " on conflict (name) do update set owner = excluded.owner, held_until = excluded.held_until")
			.params(owner, duration.toMillis())
			.update();
	}

	private static CollectionListener progressed(Consumer<CollectionProgress> action) {
		return new CollectionListener() {
			@Override
			public void progressed(CollectionProgress progress) {
				action.accept(progress);
			}
		};
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
