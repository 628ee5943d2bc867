package io.strates.store;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.strates.TcpProxy;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Writes that are interrupted, or lose their database, while it commits. Another session
 * says when it may.
 */
class UndecidedWritesIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String ID = "g";

	private static final int COMMIT = 4711;

	private final DevDatabase database = DevPostgres.newDatabase();

	private final URI address = URI.create(this.database.jdbcUrl().substring("jdbc:".length()));

	private final TcpProxy network = new TcpProxy(this.address.getHost(), this.address.getPort());

	private final SharedMemory memory = new SharedMemory();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private StoreNode a;

	private StoreNode b;

	private TieredStore<Gadget, String> gadgets;

	private TieredStore<Gadget, String> others;

	private Connection session;

	private JdbcClient jdbc;

	@BeforeEach
	void start() throws SQLException {
		String url = "jdbc:postgresql://" + this.network.host() + ":" + this.network.port() + this.address.getPath();
		this.a = node(new DevDatabase(url, this.database.username(), this.database.password()));
		this.b = node(this.database);
		this.gadgets = this.a.stores.store(Gadget.class, String.class);
		this.others = this.b.stores.store(Gadget.class, String.class);
		this.session = DriverManager.getConnection(this.database.jdbcUrl(), this.database.username(),
				this.database.password());
		this.jdbc = JdbcClient.create(new SingleConnectionDataSource(this.session, true));
		this.jdbc.sql("""
				create function stop_commit() returns trigger language plpgsql as $$
				begin perform pg_advisory_xact_lock(%d); return null; end $$""".formatted(COMMIT)).update();
		this.jdbc.sql("""
				create constraint trigger stop_commit after insert or update or delete on gadget
				deferrable initially deferred for each row execute function stop_commit()""").update();
		this.gadgets.put(new Gadget(ID, "v1"));
		assertThat(this.gadgets.lookUp(ID).origin()).isEqualTo(Origin.L1);
		assertThat(this.others.lookUp(ID).origin()).isEqualTo(Origin.L2);
	}

	private StoreNode node(DevDatabase on) {
		StoreNode node = StoreNode.on(on).entities(Gadget.class).tier(this.memory.newNode()).build();
		node.stores.add(Gadget.class);
		return node;
	}

	@AfterEach
	void stop() throws SQLException {
		this.threads.shutdownNow();
		this.session.close();
		this.network.close();
		this.a.close();
		this.b.close();
	}

	/** Writes, and returns when the database is at the commit. */
	private Future<?> writeUntilCommit(boolean inTransactionOfCaller) {
		Runnable put = () -> this.gadgets.put(new Gadget(ID, "v2"));
		this.jdbc.sql("select pg_advisory_lock(?)").param(COMMIT).query().listOfRows();
		Future<?> write = this.threads.submit(() -> {
			if (inTransactionOfCaller) {
				this.a.transaction.executeWithoutResult((transaction) -> put.run());
			}
			else {
				put.run();
			}
		});
		await().atMost(PATIENCE).until(() -> committing().size() == 1);
		return write;
	}

	private List<Integer> committing() {
		return this.jdbc
			.sql("select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'")
			.query(Integer.class)
			.list();
	}

	private void letCommit() {
		this.jdbc.sql("select pg_advisory_unlock(?)").param(COMMIT).query().listOfRows();
	}

	private String stored() {
		return this.jdbc.sql("select name from gadget where id = ?").param(ID).query(String.class).single();
	}

	private void assertFails(Future<?> write, boolean inTransactionOfCaller) {
		assertThatThrownBy(() -> write.get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
			.satisfies((failure) -> assertThat(failure.getCause() instanceof WriteOutcomeUnknownException)
				.isNotEqualTo(inTransactionOfCaller));
	}

	/** Nobody keeps anything until the fence falls, and everybody does after it. */
	private void assertReadsAndThenKeeps(String name) {
		for (TieredStore<Gadget, String> store : List.of(this.gadgets, this.others)) {
			for (int read = 0; read < 2; read++) {
				assertThat(store.get(ID).name).isEqualTo(name);
				assertThat(store.lookUp(ID).origin()).isEqualTo(Origin.L3);
			}
		}

		this.memory.letFencesFall();

		for (TieredStore<Gadget, String> store : List.of(this.gadgets, this.others)) {
			assertThat(store.get(ID).name).isEqualTo(name);
			assertThat(store.lookUp(ID).origin()).isEqualTo(Origin.L1);
			assertThat(store.statistics().coherence().debts()).isZero();
		}
		this.others.put(new Gadget(ID, "v3"));
		assertThat(this.gadgets.get(ID).name).isEqualTo("v3");
		this.gadgets.put(new Gadget(ID, "v4"));
		assertThat(this.others.get(ID).name).isEqualTo("v4");
		assertThat(this.gadgets.lookUp(ID).origin()).isEqualTo(Origin.L1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void commitWhoseAnswerIsLostIsSeenByEverybody(boolean inTransactionOfCaller) {
		Future<?> write = writeUntilCommit(inTransactionOfCaller);
		assertThat(this.others.get(ID).name).isEqualTo("v1");

		this.network.holdToClients(true);
		letCommit();
		await().atMost(PATIENCE).until(() -> stored().equals("v2"));
		assertThat(this.others.get(ID).name).isEqualTo("v2");
		this.network.cut();
		this.network.holdToClients(false);

		assertFails(write, inTransactionOfCaller);
		assertReadsAndThenKeeps("v2");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void commitWhoseConnectionIsKilledIsSeenByNobody(boolean inTransactionOfCaller) {
		Future<?> write = writeUntilCommit(inTransactionOfCaller);
		assertThat(this.others.get(ID).name).isEqualTo("v1");

		this.jdbc.sql("select pg_terminate_backend(?)").param(committing().get(0)).query().listOfRows();

		assertFails(write, inTransactionOfCaller);
		letCommit();
		assertThat(stored()).isEqualTo("v1");
		assertReadsAndThenKeeps("v1");
	}

	@Test
	void commitThatTheDatabaseRefusesLeavesNoFence() {
		this.jdbc.sql("alter table gadget add unique (name) deferrable initially deferred").update();
		this.gadgets.put(new Gadget("other", "v2"));

		assertThatThrownBy(() -> this.gadgets.put(new Gadget(ID, "v2"))).isInstanceOf(WriteRejectedException.class);

		for (TieredStore<Gadget, String> store : List.of(this.gadgets, this.others)) {
			assertThat(store.get(ID).name).isEqualTo("v1");
			assertThat(store.lookUp(ID).origin()).isEqualTo(Origin.L1);
		}
	}

	@Test
	void interruptedCommitIsSeenByEverybody() throws Exception {
		CompletableFuture<Thread> writer = new CompletableFuture<>();
		this.jdbc.sql("select pg_advisory_lock(?)").param(COMMIT).query().listOfRows();
		Future<Boolean> write = this.threads.submit(() -> {
			writer.complete(Thread.currentThread());
			this.gadgets.put(new Gadget(ID, "v2"));
			return Thread.currentThread().isInterrupted();
		});
		await().atMost(PATIENCE).until(() -> committing().size() == 1);

		writer.get().interrupt();
		letCommit();

		assertThat(write.get(30, TimeUnit.SECONDS)).isTrue();
		assertThat(this.others.get(ID).name).isEqualTo("v2");
		assertThat(this.gadgets.get(ID).name).isEqualTo("v2");
		assertThat(this.others.lookUp(ID).origin()).isEqualTo(Origin.L1);
		assertThat(this.gadgets.lookUp(ID).origin()).isEqualTo(Origin.L1);
	}

}
