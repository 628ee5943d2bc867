package io.strates.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A store whose writes are queued, on two nodes with one journal. */
class QueuedWritesIntegrationTests {

	/** Writes down which writes were given up. */
	static final class Undertaker implements StoreHooks<Gadget> {

		final List<Object> refused = Collections.synchronizedList(new ArrayList<>());

		@Override
		public Class<Gadget> type() {
			return Gadget.class;
		}

		@Override
		public void onWriteError(Object id, Throwable cause) {
			this.refused.add(id);
		}

	}

	private static final AtomicInteger TESTS = new AtomicInteger();

	private static final Undertaker undertaker = new Undertaker();

	private static StoreNode a;

	private static StoreNode b;

	private static TieredStore<Gadget, String> gadgets;

	private static TieredStore<Gadget, String> others;

	private static TieredStore<Everything, Long> everything;

	private final int test = TESTS.incrementAndGet();

	private final String id = "g" + this.test;

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		SharedMemory memory = new SharedMemory();
		InMemoryJournal journal = new InMemoryJournal();
		InMemoryJournal another = new InMemoryJournal();
		a = node(database, memory, journal, another);
		b = node(database, memory, journal, another);
		gadgets = a.stores.store(Gadget.class, String.class);
		others = b.stores.store(Gadget.class, String.class);
		everything = a.stores.store(Everything.class, Long.class);
	}

	private static StoreNode node(DevDatabase database, SharedMemory memory, WriteJournal gadgets,
			WriteJournal everything) {
		StoreNode node = StoreNode.on(database)
			.entities(Gadget.class, Everything.class)
			.tier(memory.newNode())
			.journals((store) -> store.equals("gadget") ? gadgets : everything)
			.hook(undertaker)
			.build();
		node.stores.add(Gadget.class, TieredSettings.of(Gadget.class).withWriteMode(WriteMode.WRITE_BEHIND));
		node.stores.add(Everything.class, TieredSettings.of(Everything.class).withWriteMode(WriteMode.WRITE_BEHIND));
		return node;
	}

	@AfterAll
	static void stop() {
		a.close();
		b.close();
	}

	@BeforeEach
	void forgetStatements() {
		gadgets.flush();
		a.sql();
	}

	private List<String> names(String id) {
		return a.jdbc.sql("select name from gadget where id = ?").param(id).query(String.class).list();
	}

	@Test
	void queuedWriteIsReadOnAllNodesAndReachesTheDatabase() {
		gadgets.put(new Gadget(this.id, "v1"));

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(others.get(this.id).name).isEqualTo("v1");
		gadgets.invalidateAll();
		assertThat(others.get(this.id).name).isEqualTo("v1");
		assertThat(gadgets.exists(this.id)).isTrue();

		gadgets.flush();

		assertThat(names(this.id)).containsExactly("v1");
		assertThat(gadgets.statistics().queuedWrites()).isZero();
		gadgets.delete(this.id);
		assertThat(others.find(this.id)).isEmpty();
		gadgets.flush();
		assertThat(names(this.id)).isEmpty();
	}

	@Test
	void writesAreQueuedWithoutReadingTheDatabase() {
		gadgets.putAll(List.of(new Gadget(this.id, "v1"), new Gadget(this.id + "-2", "v1")));

		assertThat(a.sql().stream().filter((sql) -> sql.startsWith("select") && sql.contains("gadget"))).isEmpty();
	}

	@Test
	void manyWritesAreFlushedWithFewStatements() {
		List<Gadget> all = new ArrayList<>();
		for (int index = 0; index < 1_000; index++) {
			all.add(new Gadget(this.id + "-" + index, "v1"));
		}

		gadgets.putAll(all);
		gadgets.flush();

		assertThat(a.jdbc.sql("select count(*) from gadget where id like ?")
			.param(this.id + "-%")
			.query(Long.class)
			.single()).isEqualTo(1_000);
		assertThat(a.sql().stream().filter((sql) -> sql.contains("into gadget"))).hasSizeLessThanOrEqualTo(10);
	}

	@Test
	void refusedWriteIsADeadLetterAndNoOtherIsHeldUp() {
		gadgets.put(new Gadget(this.id + "-x", "x").withSerial(this.id));
		gadgets.flush();
		gadgets.put(new Gadget(this.id, "refused").withSerial(this.id));
		gadgets.put(new Gadget(this.id + "-y", "fine"));

		for (int attempt = 0; attempt < 10 && gadgets.statistics().deadWrites() == 0; attempt++) {
			try {
				gadgets.flush();
			}
			catch (FlushFailedException ex) {
				assertThat(names(this.id + "-y")).containsExactly("fine");
			}
		}

		// The background may have buried it, and tells of it a little later.
		await().atMost(Duration.ofSeconds(30)).until(() -> !undertaker.refused.isEmpty());
		assertThat(undertaker.refused).containsExactly(this.id);
		assertThat(gadgets.find(this.id)).isEmpty();
		QueuedWrites writes = gadgets.queuedWrites().orElseThrow();
		assertThat(writes.dead(10)).hasSize(1);

		a.jdbc.sql("update gadget set serial = null where id = ?").param(this.id + "-x").update();
		assertThat(writes.retry(this.id)).isTrue();
		assertThat(gadgets.get(this.id).name).isEqualTo("refused");
		gadgets.flush();
		assertThat(names(this.id)).containsExactly("refused");
	}

	@Test
	void transactionComesAfterWhatWasQueuedBefore() {
		gadgets.put(new Gadget(this.id, "queued"));

		gadgets.transaction((work) -> work.put(new Gadget(this.id, "in a transaction")));
		gadgets.flush();

		assertThat(names(this.id)).containsExactly("in a transaction");
		assertThat(gadgets.get(this.id).name).isEqualTo("in a transaction");
		a.transaction.executeWithoutResult((status) -> {
			gadgets.put(new Gadget(this.id, "rolled back"));
			status.setRollbackOnly();
		});
		assertThat(gadgets.get(this.id).name).isEqualTo("in a transaction");
	}

	@Test
	void cachedSearchSeesWhatWasFlushed() {
		Search<Gadget> search = Search.matching("e.owner = :owner", Map.of("owner", this.id));
		gadgets.put(new Gadget(this.id, "v1", this.id, 1));
		gadgets.searchCached(search);

		gadgets.flush();

		assertThat(gadgets.searchCached(search)).hasSize(1);
		assertThat(others.searchCached(search)).hasSize(1);
	}

	@Test
	void warmingKeepsWhatIsQueued() {
		gadgets.put(new Gadget(this.id, "old"));
		gadgets.flush();
		gadgets.put(new Gadget(this.id, "new"));
		gadgets.invalidateAll();

		gadgets.warm(0);

		assertThat(gadgets.get(this.id).name).isEqualTo("new");
	}

	@Test
	void creationTimeStaysAndWhatTheDatabaseMakesOfAValueIsRead() {
		everything.put(new Everything(this.test));
		everything.flush();
		Everything first = everything.get((long) this.test);

		Everything second = new Everything(this.test);
		second.text = "second";
		everything.put(second);

		assertThat(everything.get((long) this.test).createdAt).isEqualTo(first.createdAt);
		everything.flush();
		Everything flushed = everything.get((long) this.test);
		assertThat(flushed.createdAt).isEqualTo(first.createdAt);
		assertThat(flushed.role).isEqualTo("viewer");
		everything.invalidateAll();
		assertThat(everything.get((long) this.test).updatedAt).isEqualTo(flushed.updatedAt);
	}

	@Test
	void closedStoreHasFlushed() {
		DevDatabase database = DevPostgres.newDatabase();
		StoreNode ending = node(database, new SharedMemory(), new InMemoryJournal(), new InMemoryJournal());
		for (int index = 0; index < 200; index++) {
			ending.stores.store(Gadget.class, String.class).put(new Gadget("g" + index, "v1"));
		}
		ending.stores.close();

		assertThat(ending.jdbc.sql("select count(*) from gadget").query(Long.class).single()).isEqualTo(200);
		assertThatExceptionOfType(StoreClosedException.class)
			.isThrownBy(() -> ending.stores.store(Gadget.class, String.class).put(new Gadget("x", "v1")));
		ending.close();
	}

}
