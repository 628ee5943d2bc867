package io.strates.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.cache.CacheSettings;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What a store accepts, what hooks hear, and how it ends. */
class StoreRulesIntegrationTests {

	@Entity
	@Tiered(writeMode = WriteMode.L1_ASYNC)
	static class Bare {

		@Id
		int id;

	}

	@Entity
	static class Faulty {

		@Id
		@GeneratedValue
		long id;

		@Version
		int version;

		@ElementCollection
		Set<String> names = Set.of();

		@ManyToOne
		@Nullable Bare eager;

		@OmitFromCache
		int omitted;

	}

	@Entity
	static class BadSecret {

		@Id
		long id;

		@Encrypted
		int pin;

	}

	record Pair(long one, long other) {
	}

	@Entity
	@IdClass(Pair.class)
	static class Composite {

		@Id
		long one;

		@Id
		long other;

	}

	/** Writes down what it hears, and refuses what is called veto. */
	static final class Witness implements StoreHooks<Gadget> {

		final List<String> heard = Collections.synchronizedList(new ArrayList<>());

		@Override
		public Class<Gadget> type() {
			return Gadget.class;
		}

		@Override
		public void beforeGet(Object id) {
			this.heard.add("beforeGet " + id);
		}

		@Override
		public void afterGet(Gadget entity) {
			this.heard.add("afterGet " + entity.id);
			entity.name = "changed by a hook";
		}

		@Override
		public void beforePut(Gadget entity) {
			if (entity.name.equals("veto")) {
				throw new IllegalStateException("no");
			}
			if (entity.name.equals("complete me")) {
				entity.owner = "completed";
			}
			this.heard.add("beforePut " + entity.id);
		}

		@Override
		public void afterPut(Gadget entity) {
			this.heard.add("afterPut " + entity.id);
			if (entity.name.equals("fail later")) {
				throw new IllegalStateException("too late");
			}
			entity.name = "changed by a hook";
		}

		@Override
		public void beforeDelete(Object id) {
			if (id.equals("keep")) {
				throw new IllegalStateException("no");
			}
			this.heard.add("beforeDelete " + id);
		}

		@Override
		public void afterDelete(Object id) {
			this.heard.add("afterDelete " + id);
		}

	}

	private static final AtomicInteger TESTS = new AtomicInteger();

	private static final Witness witness = new Witness();

	private static DevDatabase database;

	private static StoreNode node;

	private static TieredStore<Gadget, String> gadgets;

	private final String id = "g" + TESTS.incrementAndGet();

	@BeforeAll
	static void start() {
		database = DevPostgres.newDatabase();
		node = StoreNode.on(database)
			.entities(Gadget.class, Bare.class, Faulty.class, BadSecret.class, Composite.class)
			.poolSize(4)
			.keys(EncryptionKeys.of("k1", Map.of("k1", new byte[32])))
			.hook(witness)
			.build();
		node.stores.add(Gadget.class);
		node.stores.add(Bare.class);
		gadgets = node.stores.store(Gadget.class, String.class);
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	private List<String> heard() {
		List<String> heard = List.copyOf(witness.heard);
		witness.heard.clear();
		return heard;
	}

	// definitions

	@Test
	void allFaultsOfAnEntityAreToldAtOnce() {
		assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> node.stores.add(Faulty.class))
			.withMessageContaining("Faulty")
			.withMessageContaining("@Version")
			.withMessageContaining("@GeneratedValue")
			.withMessageContaining("names")
			.withMessageContaining("eager")
			.withMessageContaining("omitted");
		assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> node.stores.add(BadSecret.class))
			.withMessageContaining("pin")
			.withMessageContaining("String");
		assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> node.stores.add(Composite.class))
			.withMessageContaining("several columns");
		assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> node.stores.add(String.class))
			.withMessageContaining("no entity");
	}

	@Test
	void secondStoreOfAnEntityOrOfANameIsRefused() throws Exception {
		assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> node.stores.add(Gadget.class))
			.withMessageContaining("already");
		assertThat(gadgets.exists(this.id)).isFalse();
		try (StoreNode fresh = StoreNode.on(database).entities(Gadget.class, Bare.class).build()) {
			fresh.stores.add(Bare.class, TieredSettings.of(Bare.class).withName("gadget"));
			assertThatExceptionOfType(StoreDefinitionException.class).isThrownBy(() -> fresh.stores.add(Gadget.class));
		}
		try (StoreNode fresh = StoreNode.on(database).entities(Gadget.class).build()) {
			ExecutorService threads = Executors.newFixedThreadPool(32);
			CountDownLatch go = new CountDownLatch(1);
			List<Future<Boolean>> made = new ArrayList<>();
			for (int thread = 0; thread < 32; thread++) {
				made.add(threads.submit(() -> {
					go.await();
					try {
						fresh.stores.add(Gadget.class);
						return true;
					}
					catch (StoreDefinitionException ex) {
						return false;
					}
				}));
			}
			go.countDown();
			int successes = 0;
			for (Future<Boolean> each : made) {
				successes += each.get() ? 1 : 0;
			}
			threads.shutdown();
			assertThat(successes).isEqualTo(1);
		}
	}

	@Test
	void storeIsFoundByItsEntityAndTypeOfIds() {
		assertThatIllegalArgumentException().isThrownBy(() -> node.stores.store(Gadget.class, Long.class))
			.withMessageContaining("java.lang.String");
		assertThatIllegalArgumentException().isThrownBy(() -> node.stores.store(Faulty.class, Long.class))
			.withMessageContaining("@Tiered");
		assertThat(node.stores.all()).extracting(TieredStore::name).containsExactly("gadget", "bare");
	}

	@Test
	void writeBehindWithoutAJournalIsRefused() {
		try (StoreNode fresh = StoreNode.on(database).entities(Gadget.class).build()) {
			assertThatExceptionOfType(StoreDefinitionException.class)
				.isThrownBy(() -> fresh.stores.add(Gadget.class,
						TieredSettings.of(Gadget.class).withWriteMode(WriteMode.WRITE_BEHIND)))
				.withMessageContaining("journal");
		}
	}

	@Test
	void settingsAreThoseOfTheAnnotationAndElseTheDefaults() {
		TieredSettings settings = TieredSettings.of(Bare.class);

		assertThat(settings.name()).isEqualTo("bare");
		assertThat(settings.writeMode()).isEqualTo(WriteMode.L1_ASYNC);
		assertThat(settings.cache()).isEqualTo(CacheSettings.DEFAULT);
		assertThat(settings.cache().localTimeToLive()).isEqualTo(Duration.ofMinutes(5));
		assertThat(settings.cache().remoteTimeToLive()).isEqualTo(Duration.ofMinutes(30));
		assertThat(gadgets.settings().cache().absentTimeToLive()).isEqualTo(Duration.ofSeconds(5));
		assertThat(TieredSettings.snakeCase("PlayerScore")).isEqualTo("player_score");
		assertThat(TieredSettings.snakeCase("HTTPServer2Log")).isEqualTo("http_server2_log");
	}

	@Test
	void wrongDurationIsRefusedAndNeverIsNever() {
		@Tiered(localTimeToLive = "soon")
		class Soon {

		}
		@Tiered(localTimeToLive = "never", remoteTimeToLive = "0s")
		class Never {

		}

		assertThatIllegalArgumentException().isThrownBy(() -> TieredSettings.of(Soon.class))
			.withMessageContaining("localTimeToLive")
			.withMessageContaining("soon");
		assertThat(TieredSettings.of(Never.class).cache().localTimeToLive()).isEqualTo(TieredSettings.NEVER);
		assertThat(TieredSettings.of(Never.class).cache().remoteTimeToLive()).isEqualTo(Duration.ofMinutes(30));
	}

	// the smallest entity

	@Test
	void entityOfAnIdAloneIsWrittenTwice() {
		TieredStore<Bare, Integer> bare = node.stores.store(Bare.class, Integer.class);
		Bare one = new Bare();
		one.id = Integer.MIN_VALUE;

		bare.put(one);
		bare.put(one);

		assertThat(bare.get(Integer.MIN_VALUE).id).isEqualTo(Integer.MIN_VALUE);
		assertThat(bare.count(Search.all())).isEqualTo(1);
		bare.delete(Integer.MIN_VALUE);
	}

	@Test
	void entityThatWasDeletedAtOnceStaysAway() {
		TieredStore<Bare, Integer> bare = node.stores.store(Bare.class, Integer.class);
		for (int round = 0; round < 500; round++) {
			Bare one = new Bare();
			one.id = round;
			bare.put(one);
			bare.delete(round);
			assertThat(bare.exists(round)).isFalse();
		}
		assertThat(bare.getAll(List.of(0, 100, 499))).isEmpty();
	}

	// hooks

	@Test
	void hooksAreCalledOnceEachInTheirOrder() {
		heard();
		gadgets.putAll(List.of(new Gadget(this.id, "v1"), new Gadget(this.id + "x", "v1")));
		assertThat(heard()).containsExactly("beforePut " + this.id, "beforePut " + this.id + "x", "afterPut " + this.id,
				"afterPut " + this.id + "x");

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(heard()).containsExactly("beforeGet " + this.id, "afterGet " + this.id, "beforeGet " + this.id,
				"afterGet " + this.id);

		gadgets.delete(this.id);
		assertThat(heard()).containsExactly("beforeDelete " + this.id, "afterDelete " + this.id);
		assertThat(gadgets.find(this.id)).isEmpty();
		assertThat(heard()).containsExactly("beforeGet " + this.id);
		gadgets.transaction((work) -> work.put(new Gadget(this.id, "v2")).delete(this.id + "x"));
		assertThat(heard()).containsExactly("beforePut " + this.id, "beforeDelete " + this.id + "x",
				"afterPut " + this.id, "afterDelete " + this.id + "x");
	}

	@Test
	void hookThatRefusesOneRefusesAll() {
		gadgets.put(new Gadget(this.id, "v1"));
		node.sql();

		assertThatExceptionOfType(VetoedException.class)
			.isThrownBy(() -> gadgets.putAll(List.of(new Gadget(this.id, "v2"), new Gadget(this.id + "x", "veto"))))
			.withCauseInstanceOf(IllegalStateException.class);
		assertThatExceptionOfType(VetoedException.class).isThrownBy(() -> gadgets
			.transaction((work) -> work.put(new Gadget(this.id, "v2")).put(new Gadget(this.id + "x", "veto"))));
		assertThatExceptionOfType(VetoedException.class).isThrownBy(() -> gadgets.delete("keep"));

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(node.jdbc.sql("select name from gadget where id = ?").param(this.id).query(String.class).single())
			.isEqualTo("v1");
		assertThat(gadgets.exists(this.id + "x")).isFalse();
	}

	@Test
	void hookMayCompleteWhatIsWrittenAndFailAfterwards() {
		Gadget incomplete = new Gadget(this.id, "complete me");

		gadgets.put(incomplete);
		gadgets.put(new Gadget(this.id + "x", "fail later"));

		assertThat(gadgets.get(this.id).owner).isEqualTo("completed");
		assertThat(incomplete.owner).isNull();
		assertThat(gadgets.get(this.id + "x").name).isEqualTo("fail later");
	}

	@Test
	void refusedWriteIsNotToldAfterwards() {
		gadgets.put(new Gadget(this.id + "x", "v1").withSerial(this.id));
		heard();

		assertThatExceptionOfType(WriteRejectedException.class)
			.isThrownBy(() -> gadgets.put(new Gadget(this.id, "v1").withSerial(this.id)));

		assertThat(heard()).containsExactly("beforePut " + this.id);
	}

	// many at once

	@Test
	void hundredsOfThreadsReadOneRowWithOneStatement() throws Exception {
		node.jdbc.sql("insert into gadget (id, name, score) values (?, 'v1', 0)").param(this.id).update();
		node.sql();
		ExecutorService threads = Executors.newFixedThreadPool(100);
		CountDownLatch go = new CountDownLatch(1);
		List<Future<String>> read = new ArrayList<>();
		for (int thread = 0; thread < 100; thread++) {
			read.add(threads.submit(() -> {
				go.await();
				return gadgets.get(this.id).name;
			}));
		}
		go.countDown();

		for (Future<String> each : read) {
			assertThat(each.get()).isEqualTo("v1");
		}
		threads.shutdown();
		assertThat(node.sql()).hasSize(1);
	}

	@Test
	void moreTransactionsThanConnectionsAllSucceed() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(16);
		List<Future<?>> done = new ArrayList<>();
		for (int thread = 0; thread < 16; thread++) {
			String own = this.id + "-" + thread;
			done.add(threads.submit(() -> gadgets.transaction((work) -> work.put(new Gadget(own, "v1")).find(own))));
		}
		for (Future<?> each : done) {
			each.get(30, TimeUnit.SECONDS);
		}
		threads.shutdown();
		assertThat(gadgets.count(Search.matching("e.id like :id", Map.of("id", this.id + "-%")))).isEqualTo(16);
	}

	@Test
	void writeThatMeetsAnotherTransactionMayBeRetried() throws Exception {
		gadgets.put(new Gadget(this.id, "v1"));

		assertThatExceptionOfType(WriteRejectedException.class).isThrownBy(() -> gadgets.transaction((work) -> {
			node.jdbc.sql("do $$ begin raise exception 'as if' using errcode = '40001'; end $$").update();
			return null;
		})).satisfies((ex) -> assertThat(ex.retryable()).isTrue());

		assertThatCode(() -> gadgets.put(new Gadget(this.id, "v2"))).doesNotThrowAnyException();
	}

	// the end

	@Test
	void databaseThatIsAwayIsNoAbsence() {
		StoreNode away = StoreNode.on(database).entities(Gadget.class).build();
		away.stores.add(Gadget.class);
		TieredStore<Gadget, String> store = away.stores.store(Gadget.class, String.class);
		store.put(new Gadget(this.id, "v1"));
		away.dataSource.close();

		assertThat(store.get(this.id).name).isEqualTo("v1");
		assertThat(store.exists(this.id)).isTrue();
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.find(this.id + "x"))
			.havingRootCause()
			.isInstanceOf(SQLException.class);
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.find(this.id + "x"));
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> store.search(Search.all()));
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> store.put(new Gadget(this.id, "v2")));
		assertThat(store.get(this.id).name).isEqualTo("v1");
		away.close();
	}

	@Test
	void closedStoreRefusesEverythingButItsStatistics() {
		StoreNode ending = StoreNode.on(database).entities(Gadget.class).tier(new SharedMemory().newNode()).build();
		ending.stores.add(Gadget.class);
		TieredStore<Gadget, String> store = ending.stores.store(Gadget.class, String.class);
		store.put(new Gadget(this.id, "v1"));

		ending.close();
		ending.stores.close();

		List<Runnable> operations = List.of(() -> store.get(this.id), () -> store.find(this.id),
				() -> store.lookUp(this.id), () -> store.getAll(List.of(this.id)), () -> store.exists(this.id),
				() -> store.put(new Gadget(this.id, "v2")), () -> store.putAll(List.of()), () -> store.delete(this.id),
				() -> store.deleteAll(List.of()), () -> store.transaction((work) -> 1),
				() -> store.search(Search.all()), () -> store.searchCached(Search.all()),
				() -> store.count(Search.all()), () -> store.invalidate(this.id), store::invalidateAll,
				() -> store.invalidateTag("owner", "x"), () -> store.warm(0), store::flush);
		operations
			.forEach((operation) -> assertThatExceptionOfType(StoreClosedException.class).isThrownBy(operation::run)
				.withMessageContaining("gadget"));
		assertThat(store.statistics().puts()).isEqualTo(1);
	}

}
