package io.strates.store;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheAnswer;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheSettings;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.store.SlowTables.Stop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A store that answers while its database does not, or not in time. */
class FailSafeStoreIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String ID = "letter-1";

	private final SharedMemory memory = new SharedMemory();

	private final SlowTables tables = new SlowTables();

	private final AtomicLong clock = new AtomicLong();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final TieredSettings settings = TieredSettings.of(SlowLetter.class);

	private final CacheSettings patient = this.settings.cache().withJitter(0).withMaxStale(Duration.ofMinutes(10));

	private final DevDatabase database = DevPostgres.newDatabase();

	private StoreNode node;

	@BeforeEach
	void start() {
		this.node = node(this.tables);
	}

	private StoreNode node(SlowTables tables) {
		return StoreNode.on(this.database)
			.entities(SlowLetter.class)
			.tables(tables)
			.tier(this.memory.newNode())
			.ticker(this.clock::get)
			.build();
	}

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.node.close();
	}

	private TieredStore<SlowLetter, String> store(CacheSettings cache) {
		return store(this.node, cache);
	}

	private TieredStore<SlowLetter, String> store(StoreNode on, CacheSettings cache) {
		on.stores.add(SlowLetter.class, this.settings.withCache(cache));
		return on.stores.store(SlowLetter.class, String.class);
	}

	private static SlowLetter letter(String text) {
		return new SlowLetter(ID, text, "anna");
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	private void updateBySql() {
		this.node.jdbc.sql("update slow_letter set text = 'v2'").update();
	}

	private static void assertAnswer(CacheAnswer<SlowLetter> answer, String text, Origin origin) {
		assertThat(answer.value()).isNotNull().extracting((letter) -> letter.text).isEqualTo(text);
		assertThat(answer.origin()).isEqualTo(origin);
	}

	@Test
	void lastEntityIsServedWhileTheDatabaseIsAwayAndNoLongerThanAllowed() {
		TieredStore<SlowLetter, String> letters = store(this.patient);
		letters.put(letter("v1"));
		this.memory.goAway();
		this.node.dataSource.close();
		pass(Duration.ofMinutes(5));

		assertAnswer(letters.lookUp(ID), "v1", Origin.STALE);
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> letters.find("unknown"));

		pass(Duration.ofMinutes(10).minusNanos(1));
		assertAnswer(letters.lookUp(ID), "v1", Origin.STALE);
		assertThat(letters.statistics().coherence().staleAnswers()).isEqualTo(2);

		pass(Duration.ofNanos(1));
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> letters.find(ID));
	}

	@Test
	void withoutLeaveNoEntityIsServedWhoseTimeIsOver() {
		TieredStore<SlowLetter, String> letters = store(this.patient.withMaxStale(Duration.ZERO));
		letters.put(letter("v1"));
		this.memory.goAway();
		this.node.dataSource.close();
		pass(Duration.ofMinutes(5));

		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> letters.find(ID));
	}

	@Test
	void entityThatTheOtherNodeHasWrittenIsNotServedInItsLastState() {
		TieredStore<SlowLetter, String> letters = store(this.patient);
		letters.put(letter("v1"));
		try (StoreNode other = node(new SlowTables())) {
			store(other, this.patient).put(letter("v2"));
		}
		this.memory.goAway();
		this.node.dataSource.close();

		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> letters.find(ID));
	}

	@Test
	void lastEntityIsServedWhileTheDatabaseIsSlowAndTheNewOneAfterwards() throws Exception {
		TieredStore<SlowLetter, String> letters = store(this.patient.withSoftTimeout(Duration.ofMillis(1)));
		letters.put(letter("v1"));
		updateBySql();
		this.memory.goAway();
		pass(Duration.ofMinutes(5));
		this.node.sql();
		Stop stop = this.tables.stopNext();

		assertAnswer(letters.lookUp(ID), "v1", Origin.STALE);
		stop.awaitReader();
		assertAnswer(letters.lookUp(ID), "v1", Origin.STALE);

		stop.open();
		await().atMost(PATIENCE).untilAsserted(() -> assertAnswer(letters.lookUp(ID), "v2", Origin.L1));
		assertThat(this.node.sql()).hasSize(1);
	}

	@Test
	void lastEntityIsServedToWhomTheLoadOfAnotherTakesTooLong() throws Exception {
		TieredStore<SlowLetter, String> letters = store(this.patient.withLoadTimeout(Duration.ofMillis(50)));
		letters.put(letter("v1"));
		this.memory.goAway();
		pass(Duration.ofMinutes(5));
		Stop stop = this.tables.stopNext();
		Future<CacheAnswer<SlowLetter>> hung = this.threads.submit(() -> letters.lookUp(ID));
		stop.awaitReader();
		updateBySql();

		assertAnswer(letters.lookUp(ID), "v1", Origin.STALE);
		assertAnswer(letters.lookUp(ID), "v2", Origin.L3);

		stop.open();
		assertAnswer(hung.get(30, TimeUnit.SECONDS), "v1", Origin.L3);
	}

	@Test
	void readerWaitsNoLongerThanAllowedForTheLoadOfAnotherAndTheNextLoadsAnew() throws Exception {
		TieredStore<SlowLetter, String> letters = store(this.patient.withLoadTimeout(Duration.ofMillis(50)));
		this.node.jdbc.sql("insert into slow_letter (id, text, sender) values (?, 'v1', 'anna')").param(ID).update();
		Stop stop = this.tables.stopNext();
		Future<CacheAnswer<SlowLetter>> hung = this.threads.submit(() -> letters.lookUp(ID));
		stop.awaitReader();

		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> letters.find(ID))
			.havingCause()
			.withMessageContaining("in time");
		updateBySql();
		assertAnswer(letters.lookUp(ID), "v2", Origin.L3);

		stop.open();
		assertAnswer(hung.get(30, TimeUnit.SECONDS), "v1", Origin.L3);
		assertThat(letters.get(ID).text).isEqualTo("v2");
	}

	@Test
	void entityIsReadAgainBeforeItsTimeIsOver() {
		TieredStore<SlowLetter, String> letters = store(this.patient.withRefreshAhead(0.5));
		letters.put(letter("v1"));
		updateBySql();
		this.node.sql();
		pass(Duration.ofSeconds(150).minusNanos(1));
		assertAnswer(letters.lookUp(ID), "v1", Origin.L1);
		assertThat(this.node.sql()).isEmpty();
		pass(Duration.ofNanos(1));

		Stop stop = this.tables.stopNext();
		assertAnswer(letters.lookUp(ID), "v1", Origin.L1);

		stop.open();
		await().atMost(PATIENCE).untilAsserted(() -> assertAnswer(letters.lookUp(ID), "v2", Origin.L1));
		assertThat(this.node.sql()).hasSize(1);
	}

	@Test
	void writeOfOneNodeEndsTheAbsenceThatTheOtherHasInMemory() {
		TieredStore<SlowLetter, String> letters = store(this.patient);
		try (StoreNode other = node(new SlowTables())) {
			TieredStore<SlowLetter, String> others = store(other, this.patient);
			assertThat(letters.find(ID)).isEmpty();
			assertThat(others.find(ID)).isEmpty();
			this.node.sql();
			assertThat(letters.find(ID)).isEmpty();
			assertThat(this.node.sql()).isEmpty();

			others.put(letter("v1"));

			assertThat(letters.get(ID).text).isEqualTo("v1");
			others.delete(ID);
			assertThat(letters.find(ID)).isEmpty();
			assertThat(others.find(ID)).isEmpty();
		}
	}

}
