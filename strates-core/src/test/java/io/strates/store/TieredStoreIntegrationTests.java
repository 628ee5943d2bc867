package io.strates.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Stores of two nodes, on one PostgreSQL and one second tier. Each test has ids of its
 * own.
 */
class TieredStoreIntegrationTests {

	private static final AtomicInteger TESTS = new AtomicInteger();

	private static StoreNode a;

	private static StoreNode b;

	private static TieredStore<Gadget, String> gadgets;

	private static TieredStore<Gadget, String> others;

	private final String id = "g" + TESTS.incrementAndGet();

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		SharedMemory memory = new SharedMemory();
		EncryptionKeys keys = EncryptionKeys.of("k1", Map.of("k1", new byte[32]));
		a = StoreNode.on(database).tier(memory.newNode()).keys(keys).build();
		b = StoreNode.on(database).tier(memory.newNode()).keys(keys).build();
		for (StoreNode node : List.of(a, b)) {
			node.stores.add(Gadget.class);
			node.stores.add(Everything.class);
			node.stores.add(Secret.class);
		}
		gadgets = a.stores.store(Gadget.class, String.class);
		others = b.stores.store(Gadget.class, String.class);
	}

	@AfterAll
	static void stop() {
		a.close();
		b.close();
	}

	@BeforeEach
	void forgetStatements() {
		a.sql();
		b.sql();
	}

	private void insertBySql(String id, String name) {
		a.jdbc.sql("insert into gadget (id, name, score) values (?, ?, 0)").params(id, name).update();
	}

	private String rowName(String id) {
		return a.jdbc.sql("select name from gadget where id = ?").param(id).query(String.class).single();
	}

	// reads

	@Test
	void ownWriteIsReadFromMemory() {
		gadgets.put(new Gadget(this.id, "v1"));
		assertThat(a.sql()).hasSize(1);

		assertThat(gadgets.lookUp(this.id).origin()).isEqualTo(Origin.L1);
		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(a.sql()).isEmpty();
		assertThat(rowName(this.id)).isEqualTo("v1");
	}

	@Test
	void rowThatIsOnlyInTheDatabaseIsLoadedOnceForAllNodes() {
		insertBySql(this.id, "v1");

		assertThat(gadgets.lookUp(this.id).origin()).isEqualTo(Origin.L3);
		assertThat(a.sql()).hasSize(1);
		assertThat(gadgets.lookUp(this.id).origin()).isEqualTo(Origin.L1);
		assertThat(others.lookUp(this.id).origin()).isEqualTo(Origin.L2);
		assertThat(others.lookUp(this.id).origin()).isEqualTo(Origin.L1);
		assertThat(a.sql()).isEmpty();
		assertThat(b.sql()).isEmpty();
	}

	@Test
	void unknownIdIsNotFoundAndAskedForOnce() {
		for (int read = 0; read < 100; read++) {
			assertThat(gadgets.find(this.id)).isEmpty();
		}

		assertThat(a.sql()).hasSize(1);
		assertThat(gadgets.exists(this.id)).isFalse();
		assertThatExceptionOfType(EntityNotFoundException.class).isThrownBy(() -> gadgets.get(this.id))
			.withMessageContaining("gadget")
			.withMessageContaining(this.id);
	}

	@Test
	void writeEndsThatAnIdIsKnownToBeAbsent() {
		assertThat(gadgets.find(this.id)).isEmpty();

		others.put(new Gadget(this.id, "v1"));

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
	}

	@Test
	void manyEntitiesAreReadWithOneStatementInTheOrderOfTheirIds() {
		List<String> ids = new ArrayList<>();
		for (int index = 0; index < 5; index++) {
			ids.add(0, this.id + "-" + index);
			insertBySql(this.id + "-" + index, "v" + index);
		}
		ids.add(this.id + "-unknown");

		Map<String, Gadget> found = gadgets.getAll(ids);

		assertThat(found.keySet()).containsExactlyElementsOf(ids.subList(0, 5));
		assertThat(a.sql()).hasSize(1);
		found.forEach((id, gadget) -> assertThat(gadget.id).isEqualTo(id));
	}

	@Test
	void callersCannotChangeWhatIsCached() {
		Gadget written = new Gadget(this.id, "v1");
		gadgets.put(written);
		written.name = "changed after the write";

		Gadget read = gadgets.get(this.id);
		assertThat(read.name).isEqualTo("v1");
		read.name = "changed after the read";

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(gadgets.get(this.id)).isNotSameAs(gadgets.get(this.id));
	}

	// writes

	@Test
	void writeOfOneNodeIsReadByTheOther() {
		gadgets.put(new Gadget(this.id, "v1"));
		assertThat(others.get(this.id).name).isEqualTo("v1");

		gadgets.put(new Gadget(this.id, "v2"));

		assertThat(others.get(this.id).name).isEqualTo("v2");
		assertThat(gadgets.lookUp(this.id).origin()).isEqualTo(Origin.L1);
	}

	@Test
	void writtenEntityIsDeletedOnAllNodes() {
		gadgets.put(new Gadget(this.id, "v1"));
		assertThat(others.exists(this.id)).isTrue();

		gadgets.delete(this.id);

		assertThat(gadgets.exists(this.id)).isFalse();
		assertThat(others.exists(this.id)).isFalse();
		assertThat(a.jdbc.sql("select count(*) from gadget where id = ?").param(this.id).query(Long.class).single())
			.isZero();
		gadgets.delete(this.id);
	}

	@Test
	void hundredEntitiesAreWrittenWithOneStatement() {
		List<Gadget> all = new ArrayList<>();
		for (int index = 0; index < 100; index++) {
			all.add(new Gadget(this.id + "-" + index, "v1"));
		}
		// The first such write asks for the types of the columns as well.
		gadgets.putAll(all.stream().map((each) -> new Gadget(each.id + "-before", "v1")).toList());
		a.sql();
		long before = gadgets.statistics().puts();

		gadgets.putAll(all);

		assertThat(a.sql()).hasSize(1);
		assertThat(gadgets.statistics().puts()).isEqualTo(before + 100);
		all.forEach((each) -> assertThat(gadgets.get(String.valueOf(each.id)).name).isEqualTo("v1"));
		assertThat(a.sql()).isEmpty();
	}

	@Test
	void entityWithoutIdIsRefusedBeforeAnyStatement() {
		assertThatIllegalArgumentException().isThrownBy(() -> gadgets.put(new Gadget())).withMessageContaining("no id");
		assertThatIllegalArgumentException().isThrownBy(() -> gadgets.put(new Gadget("", "v1")));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> gadgets.putAll(List.of(new Gadget(this.id, "v1"), new Gadget(this.id, "v2"))))
			.withMessageContaining("twice");

		assertThat(a.sql()).isEmpty();
	}

	@Test
	void writeThatTheDatabaseRefusesLeavesWhatIsCached() {
		gadgets.put(new Gadget(this.id, "v1"));
		gadgets.put(new Gadget(this.id + "-x", "x").withSerial(this.id));

		assertThatExceptionOfType(WriteRejectedException.class)
			.isThrownBy(() -> gadgets.put(new Gadget(this.id, "v2").withSerial(this.id)))
			.satisfies((ex) -> assertThat(ex.retryable()).isFalse())
			.havingRootCause()
			.isInstanceOf(java.sql.SQLException.class);

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(others.get(this.id).name).isEqualTo("v1");
	}

	@Test
	void attributeThatIsNotMappedIsNowhere() {
		Gadget gadget = new Gadget(this.id, "v1");
		gadget.scribble = "mine";

		gadgets.put(gadget);

		assertThat(gadgets.get(this.id).scribble).isNull();
	}

	@Test
	void changePastTheStoreIsSeenOnceItIsTold() {
		gadgets.put(new Gadget(this.id, "v1"));
		assertThat(others.get(this.id).name).isEqualTo("v1");
		a.jdbc.sql("update gadget set name = 'v2' where id = ?").param(this.id).update();

		gadgets.invalidate(this.id);

		assertThat(gadgets.get(this.id).name).isEqualTo("v2");
		assertThat(others.get(this.id).name).isEqualTo("v2");

		a.jdbc.sql("update gadget set name = 'v3' where id = ?").param(this.id).update();
		gadgets.invalidateAll();

		assertThat(gadgets.get(this.id).name).isEqualTo("v3");
		assertThat(others.get(this.id).name).isEqualTo("v3");
	}

	@Test
	void entitiesOfOneTagAreForgottenTogether() {
		gadgets.put(new Gadget(this.id + "-1", "v1", this.id, 1));
		gadgets.put(new Gadget(this.id + "-2", "v1", this.id, 2));
		gadgets.put(new Gadget(this.id + "-3", "v1", "somebody else", 3));
		Set<String> ids = Set.of(this.id + "-1", this.id + "-2", this.id + "-3");
		others.getAll(ids);
		a.jdbc.sql("update gadget set name = 'v2' where id like ?").param(this.id + "-%").update();

		gadgets.invalidateTag("owner", this.id);

		assertThat(others.get(this.id + "-1").name).isEqualTo("v2");
		assertThat(gadgets.get(this.id + "-2").name).isEqualTo("v2");
		assertThat(gadgets.get(this.id + "-3").name).isEqualTo("v1");
		assertThatIllegalArgumentException().isThrownBy(() -> gadgets.invalidateTag("name", "v1"));
	}

	// transactions

	@Test
	void transactionWritesEachOnceAndUpdatesTheCaches() {
		gadgets.put(new Gadget(this.id + "-3", "v1"));
		a.sql();

		gadgets.transaction((work) -> work.put(new Gadget(this.id + "-1", "v1"))
			.put(new Gadget(this.id + "-2", "v1"))
			.delete(this.id + "-3"));

		assertThat(a.sql()).hasSize(3);
		assertThat(gadgets.lookUp(this.id + "-1").origin()).isEqualTo(Origin.L1);
		assertThat(gadgets.exists(this.id + "-3")).isFalse();
		assertThat(others.get(this.id + "-2").name).isEqualTo("v1");
	}

	@Test
	void transactionThatFailsChangesNothing() {
		gadgets.put(new Gadget(this.id, "v1"));
		gadgets.put(new Gadget(this.id + "-x", "x").withSerial(this.id));

		assertThatExceptionOfType(WriteRejectedException.class)
			.isThrownBy(() -> gadgets.transaction((work) -> work.put(new Gadget(this.id, "v2"))
				.put(new Gadget(this.id + "-y", "y").withSerial(this.id))));

		assertThat(gadgets.get(this.id).name).isEqualTo("v1");
		assertThat(rowName(this.id)).isEqualTo("v1");
		assertThat(gadgets.exists(this.id + "-y")).isFalse();
	}

	@Test
	void transactionMayDeleteAndPutOneIdInAnyOrder() {
		gadgets.put(new Gadget(this.id, "v1"));

		gadgets.transaction((work) -> work.delete(this.id).put(new Gadget(this.id, "v2")));
		assertThat(gadgets.get(this.id).name).isEqualTo("v2");
		assertThat(rowName(this.id)).isEqualTo("v2");

		gadgets.transaction((work) -> work.put(new Gadget(this.id, "v3")).delete(this.id));
		assertThat(gadgets.exists(this.id)).isFalse();
	}

	@Test
	void transactionReadsWhatItHasWritten() {
		gadgets.put(new Gadget(this.id, "v1"));

		String seen = gadgets.transaction((work) -> {
			work.put(new Gadget(this.id, "v2"));
			assertThat(others.get(this.id).name).isEqualTo("v1");
			return work.find(this.id).orElseThrow().name;
		});

		assertThat(seen).isEqualTo("v2");
		assertThat(gadgets.<Integer>transaction((work) -> 1)).isEqualTo(1);
	}

	@Test
	void writeInTheCallersTransactionSharesItsFate() {
		gadgets.put(new Gadget(this.id, "v1"));

		a.transaction.executeWithoutResult((status) -> {
			gadgets.put(new Gadget(this.id, "v2"));
			assertThat(gadgets.get(this.id).name).isEqualTo("v2");
			assertThat(others.get(this.id).name).isEqualTo("v1");
			status.setRollbackOnly();
		});
		assertThat(gadgets.get(this.id).name).isEqualTo("v1");

		a.transaction.executeWithoutResult((status) -> gadgets.put(new Gadget(this.id, "v3")));
		assertThat(gadgets.get(this.id).name).isEqualTo("v3");
		assertThat(others.get(this.id).name).isEqualTo("v3");
	}

	// searches

	@Test
	void whatASearchFindsIsReadByIdWithoutAStatement() {
		insertBySql(this.id + "-1", this.id);
		insertBySql(this.id + "-2", this.id);

		List<Gadget> found = gadgets.search(Search.matching("e.name = :name", Map.of("name", this.id)));

		assertThat(found).hasSize(2);
		assertThat(a.sql()).hasSize(1);
		assertThat(gadgets.get(this.id + "-1").name).isEqualTo(this.id);
		assertThat(others.get(this.id + "-2").name).isEqualTo(this.id);
		assertThat(a.sql()).isEmpty();
		assertThat(b.sql()).isEmpty();
	}

	@Test
	void cachedSearchDiesWithAnyWrite() {
		gadgets.put(new Gadget(this.id + "-1", "v1", this.id, 1));
		Search<Gadget> search = Search.matching("e.owner = :owner", Map.of("owner", this.id));
		assertThat(gadgets.searchCached(search)).hasSize(1);
		a.sql();
		assertThat(gadgets.searchCached(search)).hasSize(1);
		assertThat(others.searchCached(search)).hasSize(1);
		assertThat(a.sql()).isEmpty();
		assertThat(b.sql()).isEmpty();

		others.put(new Gadget(this.id + "-2", "v1", this.id, 2));

		assertThat(gadgets.searchCached(search)).hasSize(2);
	}

}
