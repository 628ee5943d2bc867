package io.strates.boot.autoconfigure;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A whole application that writes behind is killed, again and again; another one brings
 * into the database what was acknowledged and is not there yet.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledApplicationIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@TempDir
	private Path directory;

	private final long seed = new Random().nextLong();

	private final Random random = new Random(this.seed);

	private final DevDatabase database = DevPostgres.newDatabase();

	private final String namespace = UUID.randomUUID().toString();

	private final TreeSet<Integer> acknowledged = new TreeSet<>();

	private JdbcClient jdbc;

	@Test
	void everyAcknowledgedWriteIsAppliedOnceByWhoeverComesNext() throws Exception {
		DataSource direct = new DriverManagerDataSource(this.database.jdbcUrl(), this.database.username(),
				this.database.password());
		this.jdbc = JdbcClient.create(direct);
		createTables();

		killAfter(1 + this.random.nextInt(300));
		killAfter(1 + this.random.nextInt(300));
		int before;
		try (Connection locking = direct.getConnection(); Statement lock = locking.createStatement()) {
			locking.setAutoCommit(false);
			lock.execute("lock table memo in exclusive mode");
			killAfter(200);
			before = rows();
			locking.rollback();
		}
		assertThat(before).as("rows while nobody runs, seed %s", this.seed)
			.isLessThanOrEqualTo(this.acknowledged.size() - 200);

		try (ConfigurableApplicationContext survivor = MemoWriter.start(properties())) {
			assertThat(survivor.isRunning()).isTrue();
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(written()).containsAll(this.acknowledged));
		}
		assertThat(rows()).as("seed %s", this.seed).isGreaterThan(before);
		assertThat(disorder()).as("seed %s", this.seed).isEmpty();
		assertThat(
				this.jdbc.sql("select text from memo where id = ?").param(MemoWriter.HOT).query(Integer.class).single())
			.as("seed %s", this.seed)
			.isGreaterThanOrEqualTo(this.acknowledged.last());
	}

	/** Lets the database note each time that a row is written. */
	private void createTables() {
		MemoWriter.start(properties()).close();
		this.jdbc.sql("create table history (number serial, id varchar(255), text integer)").update();
		this.jdbc
			.sql("create function note() returns trigger language plpgsql as"
					+ " 'begin insert into history (id, text) values (new.id, new.text::integer); return new; end'")
			.update();
		this.jdbc.sql("create trigger note after insert or update on memo for each row execute function note()")
			.update();
	}

	private String[] properties() {
		DevRedis redis = DevRedis.shared();
		return new String[] { "--spring.datasource.url=" + this.database.jdbcUrl(),
				"--spring.datasource.username=" + this.database.username(),
				"--spring.datasource.password=" + this.database.password(),
				"--spring.datasource.hikari.maximum-pool-size=4", "--spring.jpa.hibernate.ddl-auto=update",
				"--spring.flyway.enabled=false", "--spring.liquibase.enabled=false",
				"--strates.schema.initialize=always", "--spring.data.redis.host=" + redis.host(),
				"--spring.data.redis.port=" + redis.port(), "--strates.cache.namespace=" + this.namespace,
				"--strates.cache.redis.timeout=10s", "--strates.store.types.memo.write-mode=write-behind",
				"--strates.store.write-behind.durable=true", "--strates.store.write-behind.interval=20ms",
				"--strates.store.write-behind.threshold=30", "--strates.store.write-behind.batch-size=25" };
	}

	private int rows() {
		return this.jdbc.sql("select count(*) from memo where id <> ?")
			.param(MemoWriter.HOT)
			.query(Integer.class)
			.single();
	}

	/** The numbers that were written once. */
	private List<Integer> written() {
		return this.jdbc.sql("select max(text) from history where id <> ? group by id having count(*) = 1")
			.param(MemoWriter.HOT)
			.query(Integer.class)
			.list();
	}

	/** What was written twice, or after a newer value. */
	private List<?> disorder() {
		return this.jdbc
			.sql("select newer.* from history newer join history older on newer.id = older.id"
					+ " and newer.number > older.number and newer.text <= older.text")
			.query()
			.listOfRows();
	}

	/** Runs an application until so many writes are acknowledged. */
	private void killAfter(int writes) throws IOException {
		// Leaves out what was queued by the one before and not told of.
		int first = this.acknowledged.isEmpty() ? 0 : this.acknowledged.last() + 10;
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m",
						"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
						MemoWriter.class.getName(), Integer.toString(first)));
		command.addAll(List.of(properties()));
		File errors = this.directory.resolve("errors.txt").toFile();
		Process process = new ProcessBuilder(command).redirectError(errors).start();
		List<String> log = new ArrayList<>();
		try (BufferedReader output = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
			int told = 0;
			String line = output.readLine();
			while (line != null) {
				if (line.startsWith("acknowledged ")) {
					this.acknowledged.add(Integer.valueOf(line.substring(13)));
					told++;
					if (told == writes) {
						// Process.destroyForcibly() would close the output, which
						// still tells of the last writes.
						process.toHandle().destroyForcibly();
					}
				}
				else {
					log.add(line);
				}
				line = output.readLine();
			}
			assertThat(told).as(() -> "the application ended by itself: " + log + text(errors))
				.isGreaterThanOrEqualTo(writes);
		}
		finally {
			process.destroyForcibly();
			process.onExit().join();
		}
	}

	private static String text(File file) {
		try {
			return Files.readString(file.toPath());
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
