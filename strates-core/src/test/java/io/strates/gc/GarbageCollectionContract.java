package io.strates.gc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildStateException;
import io.strates.build.BuildStatus;
import io.strates.dev.DevDatabase;
import io.strates.entity.StratifiedTable;
import io.strates.release.RollbackTarget;
import io.strates.shop.Catalog;
import io.strates.shop.Dimensions;
import io.strates.shop.Image;
import io.strates.shop.Product;
import io.strates.shop.ProductTag;
import io.strates.shop.Tag;
import io.strates.shop.Video;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What garbage collection promises on every supported database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GarbageCollectionContract {

	static final RetentionPolicy DEFAULTS = new RetentionPolicy(3, Duration.ofHours(24), Duration.ofDays(7),
			Duration.ofDays(30), Duration.ofMinutes(10));

	static final RetentionPolicy NOTHING_BUT_THE_LIVE_ONE = new RetentionPolicy(1, Duration.ZERO, Duration.ZERO,
			Duration.ZERO, Duration.ofMinutes(10));

	private static final AtomicInteger SHOPS = new AtomicInteger();

	TestNode node;

	final String shop() {
		return "shop-" + SHOPS.incrementAndGet();
	}

	abstract DevDatabase newDatabase();

	@BeforeAll
	final void start() {
		List<Class<?>> entities = new ArrayList<>(TestNode.SHOP);
		entities.addAll(List.of(Ring.Step.class, Ring.Team.class, Ring.Member.class));
		this.node = TestNode.builder(newDatabase())
			.entities(entities.toArray(Class<?>[]::new))
			.heartbeat(Duration.ofHours(1))
			.build();
	}

	@AfterAll
	final void stop() {
		this.node.close();
	}

	@Test
	void lastThreeOfSixReleasesStayWholeAndTheOthersGo() {
		String shop = shop();
		List<UUID> builds = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			builds.add(released(shop));
		}
		Map<String, Long> whole = rows(builds.get(0));

		CollectionReport report = collector(DEFAULTS, 3).collect().orElseThrow();

		assertThat(whole.values()).as("rows in every table of the shop: %s", whole).doesNotContain(0L);
		assertThat(builds.subList(0, 3)).allSatisfy((build) -> {
			assertThat(rows(build).values()).containsOnly(0L);
			assertThat(status(build)).isEqualTo(BuildStatus.COLLECTED);
			assertThat(entry(report, build).removed()).isTrue();
			assertThat(entry(report, build).rows()).containsExactlyInAnyOrderEntriesOf(whole);
		});
		assertThat(builds.subList(3, 6)).allSatisfy((build) -> {
			assertThat(rows(build)).isEqualTo(whole);
			assertThat(status(build)).isEqualTo(BuildStatus.RELEASED);
			assertThat(entry(report, build).rows()).isEmpty();
		});
		assertThat(builds).extracting((build) -> entry(report, build).reason())
			.containsExactly("release 1 is not among the last 3", "release 2 is not among the last 3",
					"release 3 is not among the last 3", "release 4 is among the last 3",
					"release 5 is among the last 3", "live");
	}

	@Test
	void rejectedBuildGoesAfterItsTimeAlthoughItIsNewerThanTheLiveOne() {
		String shop = shop();
		released(shop);
		UUID good = released(shop);
		UUID bad = released(shop);
		this.node.releases.rollBack("catalog", shop, RollbackTarget.previous(), "wrong prices");
		Map<String, Long> whole = rows(bad);
		setTime(bad, "ended_at", Duration.ofMinutes(150));

		CollectionReport early = collector(DEFAULTS, 100).collect().orElseThrow();
		Map<String, Long> kept = rows(bad);
		setTime(bad, "ended_at", Duration.ofDays(8));
		CollectionReport late = collector(DEFAULTS, 100).collect().orElseThrow();

		assertThat(kept).isEqualTo(whole);
		assertThat(entry(early, bad).reason()).isEqualTo("rejected 2 h ago, kept 7 d");
		assertThat(entry(late, bad).reason()).isEqualTo("rejected 8 d ago, kept 7 d");
		assertThat(rows(bad).values()).containsOnly(0L);
		assertThat(rows(good)).isEqualTo(whole);
		assertThat(entry(late, good).reason()).isEqualTo("live");
	}

	@Test
	void abandonedBuildOfAScopeIdThatNeverReleasedIsFailedAndLaterCollected() {
		String shop = shop();
		Build build = this.node.builds.open("catalog", shop);
		UUID id = build.buildStrate();
		write(build, shop, 4);
		build.writer().flush();
		setBeat(id, Duration.ofMinutes(11));

		CollectionReport first = collector(DEFAULTS, 100).collect().orElseThrow();
		BuildInfo failed = this.node.builds.get(id);
		setTime(id, "ended_at", Duration.ofHours(25));
		CollectionReport second = collector(DEFAULTS, 100).collect().orElseThrow();

		String reason = "abandoned by its writer on node-1, last heard of 11 min ago; failed now, kept 24 h";
		assertThat(entry(first, id)).satisfies((entry) -> {
			assertThat(entry.status()).isEqualTo(BuildStatus.BUILDING);
			assertThat(entry.removed()).isFalse();
			assertThat(entry.reason()).isEqualTo(reason);
		});
		assertThat(failed.status()).isEqualTo(BuildStatus.FAILED);
		assertThat(failed.failure()).isEqualTo(reason);
		assertThat(entry(second, id).reason()).isEqualTo("failed 25 h ago, kept 24 h");
		assertThat(rows(id).values()).containsOnly(0L);
		assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> {
			build.writer().write(new Tag("late"));
			build.writer().flush();
		});
	}

	@Test
	void abandonedBuildGoesAtOnceWhereFailedOnesAreNotKept() {
		String shop = shop();
		Build build = this.node.builds.open("catalog", shop);
		write(build, shop, 4);
		build.writer().flush();
		setBeat(build.buildStrate(), Duration.ofMinutes(11));

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect().orElseThrow();

		assertThat(entry(report, build.buildStrate()).removed()).isTrue();
		assertThat(rows(build.buildStrate()).values()).containsOnly(0L);
	}

	@Test
	void buildWithALiveWriterIsNotTouchedHoweverOld() {
		String shop = shop();
		try (Build build = this.node.builds.open("catalog", shop)) {
			write(build, shop, 4);
			build.writer().flush();
			released(shop);
			released(shop);
			setTime(build.buildStrate(), "created_at", Duration.ofDays(400));
			Map<String, Long> before = rows(build.buildStrate());

			CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect().orElseThrow();
			build.seal();

			assertThat(entry(report, build.buildStrate()).reason()).startsWith("its writer lives");
			assertThat(rows(build.buildStrate())).isEqualTo(before);
			assertThat(status(build.buildStrate())).isEqualTo(BuildStatus.SEALED);
		}
	}

	@Test
	void failedAndUnreleasedBuildsAreKeptForTheirTime() {
		String shop = shop();
		UUID sealed = sealed(shop);
		UUID failed = failed(shop);
		Map<String, Long> whole = rows(failed);
		setTime(sealed, "sealed_at", Duration.ofMinutes(30));
		setTime(failed, "ended_at", Duration.ofMinutes(150));

		CollectionReport early = collector(DEFAULTS, 100).collect().orElseThrow();
		Map<String, Long> kept = rows(failed);
		setTime(sealed, "sealed_at", Duration.ofDays(31));
		setTime(failed, "ended_at", Duration.ofHours(25));
		CollectionReport late = collector(DEFAULTS, 100).collect().orElseThrow();

		assertThat(kept).isEqualTo(whole);
		assertThat(entry(early, failed).reason()).isEqualTo("failed 2 h ago, kept 24 h");
		assertThat(entry(early, sealed).reason()).isEqualTo("sealed 30 min ago, kept 30 d");
		assertThat(entry(late, failed).rows()).containsExactlyInAnyOrderEntriesOf(whole);
		assertThat(entry(late, sealed).reason()).isEqualTo("sealed 31 d ago, kept 30 d");
		assertThat(rows(sealed).values()).containsOnly(0L);
	}

	@Test
	void metadataOutlivesTheRows() {
		UUID build = failed(shop());

		collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect();
		CollectionReport next = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect().orElseThrow();

		BuildInfo collected = this.node.builds.get(build);
		assertThat(collected.status()).isEqualTo(BuildStatus.COLLECTED);
		assertThat(collected.failure()).contains("given up");
		assertThat(next.builds()).extracting(CollectionReport.Entry::buildStrate).doesNotContain(build);
	}

	@Test
	void dryRunPredictsTheRunAndChangesNothing() {
		String shop = shop();
		List<UUID> builds = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			builds.add(released(shop));
		}
		UUID failed = failed(shop);
		setTime(failed, "ended_at", Duration.ofMinutes(150));
		builds.add(failed);
		Build abandoned = this.node.builds.open("catalog", shop);
		write(abandoned, shop, 4);
		abandoned.writer().flush();
		setBeat(abandoned.buildStrate(), Duration.ofMinutes(150));
		builds.add(abandoned.buildStrate());
		RetentionPolicy policy = new RetentionPolicy(2, Duration.ZERO, Duration.ZERO, Duration.ZERO,
				Duration.ofMinutes(10));
		List<BuildInfo> before = this.node.builds.list("catalog", shop);
		List<Map<String, Long>> rows = builds.stream().map(this::rows).toList();

		CollectionReport dry = collector(policy, 7).dryRun();
		List<BuildInfo> after = this.node.builds.list("catalog", shop);
		List<Map<String, Long>> rowsAfter = builds.stream().map(this::rows).toList();
		CollectionReport run = collector(policy, 7).collect().orElseThrow();

		assertThat(dry.dryRun()).isTrue();
		assertThat(after).isEqualTo(before);
		assertThat(rowsAfter).isEqualTo(rows);
		assertThat(run.builds()).isEqualTo(dry.builds());
		assertThat(run.removedBuilds()).isEqualTo(dry.removedBuilds()).isGreaterThanOrEqualTo(4);
		assertThat(run.removedRows()).isEqualTo(dry.removedRows());
		assertThat(entry(dry, abandoned.buildStrate()).reason()).startsWith("abandoned by its writer");
	}

	@Test
	void noTransactionRemovesMoreThanABatch() {
		UUID build = failed(shop());
		Map<String, Long> whole = rows(build);
		List<CollectionProgress> told = new ArrayList<>();

		collector(NOTHING_BUT_THE_LIVE_ONE, 3, new CollectionListener() {
			@Override
			public void progressed(CollectionProgress progress) {
				told.add(progress);
			}
		}).collect();

		List<CollectionProgress> ofBuild = told.stream()
			.filter((progress) -> progress.buildStrate().equals(build))
			.toList();
		assertThat(ofBuild).allSatisfy((progress) -> assertThat(progress.batch()).isBetween(1L, 3L));
		assertThat(ofBuild.stream().mapToLong(CollectionProgress::batch).sum())
			.isEqualTo(whole.values().stream().mapToLong(Long::longValue).sum());
		assertThat(ofBuild.get(ofBuild.size() - 1).rows()).containsExactlyInAnyOrderEntriesOf(whole);
	}

	@Test
	void runThatWasKilledIsFinishedByTheNext() {
		UUID build = failed(shop());
		Map<String, Long> whole = rows(build);
		CollectionListener killer = new CollectionListener() {
			@Override
			public void progressed(CollectionProgress progress) {
				if (progress.buildStrate().equals(build) && progress.total() >= 10) {
					throw new KilledError();
				}
			}
		};

		assertThatExceptionOfType(KilledError.class)
			.isThrownBy(() -> collector(NOTHING_BUT_THE_LIVE_ONE, 3, killer).collect());
		BuildStatus between = status(build);
		long left = total(rows(build));
		CollectionReport report = collector(DEFAULTS, 3).collect().orElseThrow();

		assertThat(between).isEqualTo(BuildStatus.COLLECTING);
		assertThat(left).isBetween(1L, total(whole) - 10);
		assertThat(report.builds().get(0)).satisfies((entry) -> {
			assertThat(entry.buildStrate()).isEqualTo(build);
			assertThat(entry.reason()).isEqualTo("an earlier collection was interrupted");
			assertThat(total(entry.rows())).isEqualTo(left);
		});
		assertThat(status(build)).isEqualTo(BuildStatus.COLLECTED);
	}

	@Test
	void circlesOfReferencesAreNoObstacle() {
		String team = shop();
		UUID build = ring(team);
		UUID other = ring(team);
		this.node.releases.release(other);

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 2).collect().orElseThrow();

		assertThat(entry(report, build).removed()).as(entry(report, build).reason()).isTrue();
		assertThat(entry(report, build).rows())
			.containsExactlyInAnyOrderEntriesOf(Map.of("step", 9L, "step_notes", 18L, "team", 2L, "member", 6L));
		assertThat(rows(other, "ring"))
			.containsExactlyInAnyOrderEntriesOf(Map.of("step", 9L, "step_notes", 18L, "team", 2L, "member", 6L));
		assertThat(this.node.count("select count(*) from step where previous_id <> id")).isEqualTo(9);
		assertThat(this.node.count("select count(*) from team where leader_id is null")).isZero();
	}

	@Test
	void buildOfAScopeThatTheApplicationDoesNotDeclareIsKept() {
		UUID build = failed(shop());
		this.node.jdbc.sql("update stratified_build set scope = 'elsewhere' where build_strate = ?")
			.param(this.node.database.uuid(build))
			.update();

		CollectionReport report = collector(NOTHING_BUT_THE_LIVE_ONE, 100).collect().orElseThrow();

		assertThat(entry(report, build).removed()).isFalse();
		assertThat(entry(report, build).reason()).isEqualTo("this application does not declare scope 'elsewhere'");
		assertThat(total(rows(build))).isPositive();
	}

	final GarbageCollector collector(RetentionPolicy policy, int batchSize, CollectionListener... listeners) {
		return collector("node-1", policy, batchSize, listeners);
	}

	final GarbageCollector collector(String owner, RetentionPolicy policy, int batchSize,
			CollectionListener... listeners) {
		GarbageCollector.Builder collector = this.node.collector().policy(policy).batchSize(batchSize).owner(owner);
		Arrays.asList(listeners).forEach(collector::listener);
		return collector.build();
	}

	/** The build of a shop with rows in every table, and with circles of successors. */
	final UUID sealed(String shop) {
		try (Build build = this.node.builds.open("catalog", shop)) {
			write(build, shop, 10);
			return build.seal().buildStrate();
		}
	}

	final UUID released(String shop) {
		UUID build = sealed(shop);
		this.node.releases.release(build);
		return build;
	}

	final UUID failed(String shop) {
		try (Build build = this.node.builds.open("catalog", shop)) {
			write(build, shop, 10);
			return build.fail(new IllegalStateException("given up")).buildStrate();
		}
	}

	final void write(Build build, String shop, int products) {
		Catalog catalog = new Catalog(1, shop, products);
		Tag tag = new Tag("new");
		build.writer().write(catalog);
		build.writer().write(tag);
		build.writer().write(new Tag("old"));
		build.writer().write(new io.strates.shop.Settings(new UUID(1, 2), catalog, "dark"));
		Image first = null;
		for (long id = 1; id <= products; id++) {
			Product product = new Product(id, "p" + id, (int) id, catalog).details(null, null, Product.State.NEW,
					new Dimensions(1, 2, tag));
			product.getTags().add(new ProductTag(product, tag));
			build.writer().write(product);
			Image image = new Image(id, "image " + id, product, 100, first);
			image.getLabels().addAll(List.of("a", "b", "a", "c", "d"));
			image.getProperties().put("x", "1");
			build.writer().write(image);
			first = image;
			build.writer().write(new Video(1000 + id, "video " + id, product, 60));
		}
		build.writer().flush();
		this.node.jdbc
			.sql("update product set successor_id = case when id < ? then id + 1 else 1 end where build_strate = ?")
			.params(products, this.node.database.uuid(build.buildStrate()))
			.update();
	}

	private UUID ring(String scopeId) {
		try (Build build = this.node.builds.open("ring", scopeId)) {
			Ring.Step step = null;
			for (long id = 1; id <= 9; id++) {
				step = new Ring.Step(id, step);
				step.getNotes().addAll(List.of("n", "n"));
				build.writer().write(step);
			}
			for (long id = 1; id <= 2; id++) {
				Ring.Team team = new Ring.Team(id);
				build.writer().write(team);
				for (String name : List.of("a", "b", "c")) {
					build.writer().write(new Ring.Member(name + id, team));
				}
			}
			build.writer().flush();
			this.node.jdbc.sql("update team set leader_id = 'b1' where build_strate = ?")
				.param(this.node.database.uuid(build.buildStrate()))
				.update();
			this.node.jdbc.sql("update step set previous_id = 9 where id = 1 and build_strate = ?")
				.param(this.node.database.uuid(build.buildStrate()))
				.update();
			return build.seal().buildStrate();
		}
	}

	final Map<String, Long> rows(UUID build) {
		return rows(build, "catalog");
	}

	final Map<String, Long> rows(UUID build, String scope) {
		Map<String, Long> rows = new LinkedHashMap<>();
		for (StratifiedTable table : this.node.mapping.schema().parentsFirst(scope)) {
			rows.put(table.plainName(),
					this.node.jdbc
						.sql("select count(*) from " + table.name() + " where " + table.buildColumn() + " = ?")
						.param(this.node.database.uuid(build))
						.query(Long.class)
						.single());
		}
		return rows;
	}

	static long total(Map<String, Long> rows) {
		return rows.values().stream().mapToLong(Long::longValue).sum();
	}

	final BuildStatus status(UUID build) {
		return this.node.builds.get(build).status();
	}

	static CollectionReport.Entry entry(CollectionReport report, UUID build) {
		return report.builds().stream().filter((entry) -> entry.buildStrate().equals(build)).findFirst().orElseThrow();
	}

	final void setTime(UUID build, String column, Duration ago) {
		this.node.jdbc
			.sql("update stratified_build set " + column + " = " + this.node.database.nowPlusMicros("?")
					+ " where build_strate = ?")
			.params(-ago.toNanos() / 1000, this.node.database.uuid(build))
			.update();
	}

	final void setBeat(UUID build, Duration ago) {
		this.node.jdbc
			.sql("update stratified_build_heartbeat set beat_at = " + this.node.database.nowPlusMicros("?")
					+ " where build_strate = ?")
			.params(-ago.toNanos() / 1000, this.node.database.uuid(build))
			.update();
	}

	/** Stands for the end of the process. */
	static final class KilledError extends Error {

		private static final long serialVersionUID = 1L;

	}

}
