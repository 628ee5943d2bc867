package io.strates.measure;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.BuildOptions;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.release.ReleaseOptions;
import io.strates.release.RollbackTarget;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures the goals of the build writer, of releases and of pinned reads, each beside
 * its yardstick in the same run, on one PostgreSQL with fsync on. Rounds alternate, so
 * that a busy machine slows both sides; the ratio of the medians is what counts.
 */
class BuildMeasurement {

	private static final int ROUNDS = 7;

	private static final int ROWS = 100_000;

	private static final int SAVE_ALL_ROWS = 5_000;

	private static final int MANY_ROWS = 1_000_000;

	private static final int MOVES = 300;

	private static final int LOOKUPS = 2_000;

	private static DevPostgres server;

	private static TestNode node;

	private static ItemRepository items;

	private static PlainItemRepository plainItems;

	@BeforeAll
	static void start() {
		server = DevPostgres
			.start(Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on", "max_wal_size", "4GB"));
		DevDatabase database = new DevDatabase(server.jdbcUrl(), server.username(), server.password());
		node = TestNode.builder(database)
			.entities(Item.class, PlainItem.class)
			.chunkSize(5_000)
			.property("hibernate.hbm2ddl.auto", "create")
			.build();
		items = node.repositories.getRepository(ItemRepository.class);
		plainItems = node.plainRepositories().getRepository(PlainItemRepository.class);
	}

	@AfterAll
	static void stop() {
		node.close();
		server.close();
	}

	@Test
	void writerBesideCopyAndSaveAll() throws Exception {
		List<Double> copy = new ArrayList<>();
		List<Double> writer = new ArrayList<>();
		List<Double> seal = new ArrayList<>();
		List<Double> saveAll = new ArrayList<>();
		for (int round = -2; round < ROUNDS; round++) {
			clear();
			double copied = rate(ROWS, () -> copy(ROWS));
			clear();
			double written;
			double sealed;
			try (Build build = node.builds.open("measure", "round" + round)) {
				written = rate(ROWS, () -> write(build, ROWS));
				sealed = seconds(build::seal) * 1000;
			}
			clear();
			double saved = rate(SAVE_ALL_ROWS, () -> saveAll(SAVE_ALL_ROWS));
			if (round >= 0) {
				copy.add(copied);
				writer.add(written);
				seal.add(sealed);
				saveAll.add(saved);
			}
		}

		double toCopy = median(writer) / median(copy);
		double toSaveAll = median(writer) / median(saveAll);
		print("COPY by hand          %,9.0f rows/s", median(copy));
		print("build writer          %,9.0f rows/s  %.2f of COPY (goal 0.6)", median(writer), toCopy);
		print("repository.saveAll    %,9.0f rows/s  writer is %.1f times as fast (goal 8)", median(saveAll), toSaveAll);
		print("seal of %,d rows  %,9.0f ms", ROWS, median(seal));
		assertThat(toCopy).as("writer / COPY").isGreaterThanOrEqualTo(0.6);
		assertThat(toSaveAll).as("writer / saveAll").isGreaterThanOrEqualTo(8);
	}

	@Test
	void releaseOfFewRowsBesideReleaseOfMany() {
		clear();
		UUID few = build("release", 1_000);
		UUID many = build("release", MANY_ROWS);
		node.releases.release(few);
		node.releases.release(many, ReleaseOptions.defaults().overwrite());
		List<Double> toFew = new ArrayList<>();
		List<Double> toMany = new ArrayList<>();
		for (int i = -50; i < MOVES; i++) {
			double fewSeconds = seconds(
					() -> node.releases.rollBack("measure", "release", RollbackTarget.release(1), "measuring"));
			double manySeconds = seconds(
					() -> node.releases.rollBack("measure", "release", RollbackTarget.release(2), "measuring"));
			if (i >= 0) {
				toFew.add(fewSeconds * 1000);
				toMany.add(manySeconds * 1000);
			}
		}

		double ratio = median(toMany) / median(toFew);
		print("release of     1,000 rows  p50 %.2f ms, p99 %.2f ms", median(toFew), percentile(toFew, 99));
		print("release of %,d rows  p50 %.2f ms, p99 %.2f ms  ratio %.2f (goal: the same within noise)", MANY_ROWS,
				median(toMany), percentile(toMany, 99), ratio);
		assertThat(ratio).as("many rows / few rows").isBetween(0.7, 1.4);
	}

	@Test
	void pinnedFindByIdBesideFindByCompositeKey() {
		clear();
		UUID build = build("reads", 50_000);
		node.releases.release(build);
		UUID batch = UUID.randomUUID();
		node.transaction.executeWithoutResult((status) -> node.jdbc
			.sql("insert into plain_item (batch, id, sku, name, description, price, weight, added_at, active)"
					+ " select ?, id, sku, name, description, price, weight, added_at, active from item"
					+ " where build_strate = ?")
			.params(batch, build)
			.update());
		node.jdbc.sql("analyze plain_item").update();
		node.jdbc.sql("analyze item").update();
		List<Double> pinned = new ArrayList<>();
		List<Double> plain = new ArrayList<>();
		node.queries.pinned("measure", "reads", () -> {
			for (int round = -5; round < 4 * ROUNDS; round++) {
				long offset = Math.floorMod(round * 7919L, 40_000L);
				double ours = seconds(() -> LongStream.range(0, LOOKUPS)
					.forEach((i) -> assertThat(items.findById(1 + (offset + i * 13) % 50_000)).isPresent()));
				double theirs = seconds(() -> LongStream.range(0, LOOKUPS)
					.forEach((i) -> assertThat(
							plainItems.findById(new PlainItem.Key(batch, 1 + (offset + i * 13) % 50_000)))
						.isPresent()));
				if (round >= 0) {
					pinned.add(ours / LOOKUPS * 1e6);
					plain.add(theirs / LOOKUPS * 1e6);
				}
			}
			return true;
		});

		double ratio = median(pinned) / median(plain);
		print("findById, unversioned composite key  %.0f µs", median(plain));
		print("findById, pinned                     %.0f µs  ratio %.3f (goal 1.10)", median(pinned), ratio);
		assertThat(ratio).as("pinned / unversioned").isLessThanOrEqualTo(1.10);
	}

	private static UUID build(String scopeId, int rows) {
		try (Build build = node.builds.open("measure", scopeId, BuildOptions.defaults())) {
			write(build, rows);
			return build.seal().buildStrate();
		}
	}

	private static boolean write(Build build, int rows) {
		build.writer().writeAll(LongStream.rangeClosed(1, rows).mapToObj(Item::new));
		build.writer().flush();
		return true;
	}

	private static boolean saveAll(int rows) {
		UUID batch = UUID.randomUUID();
		plainItems.saveAll(LongStream.rangeClosed(1, rows).mapToObj((id) -> new PlainItem(batch, id)).toList());
		return true;
	}

	/** What one would write by hand: text rows of the same values into the same table. */
	private static boolean copy(int rows) throws Exception {
		try (Connection connection = node.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			CopyIn copy = connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyIn("copy item (build_strate, id, sku, name, description, price, weight, added_at, active)"
						+ " from stdin");
			UUID build = UUID.randomUUID();
			StringBuilder text = new StringBuilder();
			for (long id = 1; id <= rows; id++) {
				Values values = Values.of(id);
				text.append(build)
					.append('\t')
					.append(id)
					.append('\t')
					.append(values.sku())
					.append('\t')
					.append(values.name())
					.append('\t')
					.append(values.description())
					.append('\t')
					.append(values.price())
					.append('\t')
					.append(values.weight())
					.append('\t')
					.append(values.addedAt())
					.append('\t')
					.append(values.active())
					.append('\n');
				if (text.length() > 60_000) {
					byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
					copy.writeToCopy(bytes, 0, bytes.length);
					text.setLength(0);
				}
			}
			byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
			copy.writeToCopy(bytes, 0, bytes.length);
			copy.endCopy();
			connection.commit();
		}
		return true;
	}

	private static void clear() {
		node.jdbc.sql("truncate item, plain_item").update();
		node.jdbc.sql("checkpoint").update();
	}

	private static double rate(int rows, Callable<?> work) {
		return rows / seconds(work);
	}

	private static double seconds(Runnable work) {
		return seconds(() -> {
			work.run();
			return true;
		});
	}

	private static double seconds(Callable<?> work) {
		long begun = System.nanoTime();
		try {
			work.call();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return (System.nanoTime() - begun) / 1e9;
	}

	private static double median(List<Double> values) {
		return percentile(values, 50);
	}

	private static double percentile(List<Double> values, int percent) {
		double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
		Arrays.sort(sorted);
		return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
	}

	private static void print(String format, Object... values) {
		System.out.printf(Locale.ROOT, "MEASURED  " + format + "%n", values);
	}

}
