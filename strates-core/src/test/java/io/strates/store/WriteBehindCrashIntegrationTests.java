package io.strates.store;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.store.redis.RedisJournals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process that acknowledges writes is killed, at random and at each step of a flush.
 * Another one brings all that was acknowledged into the database, each value once, and
 * none after a newer one.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteBehindCrashIntegrationTests {

	@TempDir
	private Path directory;

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	private final DevDatabase database = DevPostgres.newDatabase();

	private final String namespace = UUID.randomUUID() + ":";

	/** The newest number that was acknowledged, by id. */
	private final Map<String, Integer> acknowledged = new HashMap<>();

	private int next = 100_000;

	@Test
	void nothingAcknowledgedIsLostHoweverTheProcessDies() throws Exception {
		RedisClient client = RedisClient.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));
		try (ThingTable table = new ThingTable(this.database).create();
				RedisJournals journals = DoomedWriter.journals(client, this.namespace)) {
			watchOrder(table);
			for (String step : List.of("applying", "committed", "nowhere", "applying", "committed", "nowhere")) {
				killAt(step);
				if (this.random.nextBoolean()) {
					assertAllIsWrittenOnce(table, journals);
				}
			}
			assertAllIsWrittenOnce(table, journals);
			assertThat(table.historySize()).as("seed %s", this.seed).isGreaterThan(3 * DoomedWriter.KEYS);
		}
		finally {
			client.shutdown();
		}
	}

	/** Lets the database note each value that comes after a newer one, or again. */
	private static void watchOrder(ThingTable table) {
		table.jdbc.sql("create table disorder (id varchar(50), older varchar(50), newer varchar(50))").update();
		table.jdbc.sql("""
				create function watch_order() returns trigger language plpgsql as $$
				begin
					if new.content <= old.content then
						insert into disorder values (new.id, new.content, old.content);
					end if;
					return new;
				end $$""").update();
		table.jdbc.sql("create trigger watch_order before update on thing for each row execute function watch_order()")
			.update();
	}

	private void killAt(String step) throws IOException {
		int batches = 1 + this.random.nextInt(6);
		int writes = 100 + this.random.nextInt(400);
		try (Child child = new Child(step, batches)) {
			if (step.equals("nowhere")) {
				for (int line = 0; line < writes; line++) {
					child.await((each) -> true);
				}
			}
			else {
				child.await((line) -> line.equals("stopped " + step));
			}
		}
	}

	private void assertAllIsWrittenOnce(ThingTable table, RedisJournals journals) {
		List<String> dead = new ArrayList<>();
		WriteBehind survivor = new WriteBehind(DoomedWriter.STORE, journals.journal(DoomedWriter.STORE), table,
				table.flushes, DoomedWriter.SETTINGS, (store, letter, cause) -> dead.add(letter.toString()),
				Pace.of(InstantSource.system(), this.random));

		survivor.flush();

		assertThat(survivor.counts()).as("seed %s", this.seed).isEqualTo(new WriteJournal.Counts(0, 0));
		Map<String, String> rows = table.rows();
		// The last write before a kill may have been queued and not told of.
		this.acknowledged
			.forEach((id, number) -> assertThat(Integer.parseInt(rows.get(id))).as("%s, seed %s", id, this.seed)
				.isGreaterThanOrEqualTo(number));
		assertThat(rows.keySet()).as("seed %s", this.seed).containsAll(this.acknowledged.keySet());
		assertThat(dead).isEmpty();
		assertThat(table.jdbc.sql("select * from disorder").query().listOfRows()).as("seed %s", this.seed).isEmpty();
		assertThat(table.jdbc.sql("select id, content from thing_history group by id, content having count(*) > 1")
			.query()
			.listOfRows()).as("seed %s", this.seed).isEmpty();
		survivor.close();
	}

	/** A process that is killed when this is closed. */
	private final class Child implements AutoCloseable {

		private final Process process;

		private final BufferedReader output;

		private final File errors;

		Child(String stop, int batches) throws IOException {
			WriteBehindCrashIntegrationTests test = WriteBehindCrashIntegrationTests.this;
			this.errors = test.directory.resolve("errors.txt").toFile();
			this.process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-Xmx300m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
					DoomedWriter.class.getName(), test.database.jdbcUrl(), test.database.username(),
					test.database.password(), DevRedis.shared().host(), "" + DevRedis.shared().port(), test.namespace,
					stop, "" + batches, "" + test.next)
				.redirectError(this.errors)
				.start();
			this.output = new BufferedReader(
					new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8));
		}

		/** Reads on until a line is as wanted. */
		void await(Predicate<String> wanted) throws IOException {
			String line = read();
			while (line != null && !wanted.test(line)) {
				line = read();
			}
			assertThat(line).as(() -> "the child ended: " + text(this.errors)).isNotNull();
		}

		private String read() throws IOException {
			String line = this.output.readLine();
			if (line != null && line.startsWith("queued ") && line.indexOf(' ', 7) > 0) {
				int number = Integer.parseInt(line.substring(line.indexOf(' ', 7) + 1));
				WriteBehindCrashIntegrationTests test = WriteBehindCrashIntegrationTests.this;
				test.acknowledged.merge(line.substring(7, line.indexOf(' ', 7)), number, Math::max);
				// Leaves out what was queued and not told of.
				test.next = Math.max(test.next, number + 10);
			}
			return line;
		}

		private static String text(File file) {
			try {
				return Files.readString(file.toPath());
			}
			catch (IOException ex) {
				return ex.toString();
			}
		}

		/** Reads what it still said before it was killed. */
		@Override
		public void close() throws IOException {
			// Process.destroyForcibly() would close the output too.
			this.process.toHandle().destroyForcibly();
			this.process.onExit().join();
			String line = read();
			while (line != null) {
				line = read();
			}
		}

	}

}
