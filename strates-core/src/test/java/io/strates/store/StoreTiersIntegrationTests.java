package io.strates.store;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which tier of which node holds what, and for how long. */
class StoreTiersIntegrationTests {

	@Entity
	@Tiered
	static class Badge {

		@Id
		@Nullable String id;

		@OmitFromL1
		@Nullable String pin;

		Badge() {
		}

		Badge(String id, String pin) {
			this.id = id;
			this.pin = pin;
		}

	}

	private final SharedMemory memory = new SharedMemory();

	private final SharedMemory.Node tier = this.memory.node();

	private final InMemoryJournal journal = new InMemoryJournal();

	private final DevDatabase database = DevPostgres.newDatabase();

	private StoreNode a;

	private StoreNode b;

	@BeforeEach
	void start() {
		this.a = node(this.memory.node(), "a:b");
		this.b = node(this.tier, "a");
	}

	/** Keeps badges, gadgets, queued tallies, and letters under a name of its own. */
	private StoreNode node(SharedMemory.Node tier, String name) {
		StoreNode node = StoreNode.on(this.database)
			.entities(Badge.class, Gadget.class, Tally.class, SlowLetter.class)
			.tier(tier)
			.journals((store) -> this.journal)
			.build();
		node.stores.add(Badge.class);
		node.stores.add(Gadget.class);
		node.stores.add(Tally.class, TieredSettings.of(Tally.class).withWriteMode(WriteMode.WRITE_BEHIND));
		node.stores.add(SlowLetter.class, TieredSettings.of(SlowLetter.class).withName(name));
		return node;
	}

	@AfterEach
	void stop() {
		this.a.close();
		this.b.close();
	}

	@Test
	void entityThatIsOmittedFromMemoryIsReadFromTheSecondTier() {
		TieredStore<Badge, String> badges = this.a.stores.store(Badge.class, String.class);
		Search<Badge> search = Search.matching("e.pin = :pin", Map.of("pin", "1234"));
		badges.put(new Badge("b1", "1234"));
		assertThat(badges.searchCached(search)).hasSize(1);
		this.a.sql();

		for (int read = 0; read < 2; read++) {
			assertThat(badges.lookUp("b1").origin()).isEqualTo(Origin.L2);
			assertThat(badges.get("b1").pin).isEqualTo("1234");
			assertThat(badges.searchCached(search)).extracting((badge) -> badge.pin).containsExactly("1234");
			assertThat(this.b.stores.store(Badge.class, String.class).lookUp("b1").origin()).isEqualTo(Origin.L2);
		}

		assertThat(this.a.sql()).isEmpty();
		assertThat(badges.statistics().entities().size()).isZero();
		assertThat(badges.statistics().cachedSearches().size()).isZero();
	}

	@Test
	void manyWritesOfOneNodeReplaceWhatTheOtherHasInMemory() {
		TieredStore<Gadget, String> gadgets = this.a.stores.store(Gadget.class, String.class);
		assertSeenByTheOther((name) -> gadgets.putAll(List.of(new Gadget("g1", name), new Gadget("g2", name))));
	}

	@Test
	void transactionOfOneNodeReplacesWhatTheOtherHasInMemory() {
		TieredStore<Gadget, String> gadgets = this.a.stores.store(Gadget.class, String.class);
		assertSeenByTheOther(
				(name) -> gadgets.transaction((work) -> work.put(new Gadget("g1", name)).put(new Gadget("g2", name))));
	}

	private void assertSeenByTheOther(Consumer<String> write) {
		TieredStore<Gadget, String> others = this.b.stores.store(Gadget.class, String.class);
		write.accept("v1");
		others.getAll(List.of("g1", "g2"));
		this.tier.hold();

		write.accept("v2");

		assertThat(others.lookUp("g1").origin()).isEqualTo(Origin.L1);
		this.tier.release();
		for (int read = 0; read < 2; read++) {
			assertThat(others.getAll(List.of("g1", "g2")).values()).extracting(Gadget::getName)
				.containsExactly("v2", "v2");
		}
		others.invalidateAll();
		assertThat(others.get("g1").name).isEqualTo("v2");
	}

	@Test
	void queuedWriteOfOneNodeReplacesWhatTheOtherHasInMemory() {
		TieredStore<Tally, String> tallies = this.a.stores.store(Tally.class, String.class);
		TieredStore<Tally, String> others = this.b.stores.store(Tally.class, String.class);
		tallies.put(tally(1));
		tallies.flush();
		assertThat(others.get("t").number).isEqualTo(1);
		this.tier.hold();

		tallies.put(tally(2));

		assertThat(others.lookUp("t").origin()).isEqualTo(Origin.L1);
		this.tier.release();
		assertThat(others.get("t").number).isEqualTo(2);
		others.invalidateAll();
		assertThat(others.get("t").number).isEqualTo(2);
		tallies.flush();
		assertThat(others.get("t").number).isEqualTo(2);
		others.invalidateAll();
		assertThat(others.get("t").number).isEqualTo(2);
	}

	private static Tally tally(long number) {
		Tally tally = new Tally("t");
		tally.number = number;
		return tally;
	}

	@Test
	void namesAndIdsThatReadTheSameTogetherAreNotConfused() {
		TieredStore<SlowLetter, String> letters = this.a.stores.store(SlowLetter.class, String.class);
		TieredStore<SlowLetter, String> others = this.b.stores.store(SlowLetter.class, String.class);
		letters.put(new SlowLetter("1", "of a:b", "anna"));

		assertThat(others.find("b:1")).isEmpty();
		others.put(new SlowLetter("b:1", "of a", "berta"));

		assertThat(letters.lookUp("1").origin()).isEqualTo(Origin.L1);
		assertThat(letters.get("1").text).isEqualTo("of a:b");
		assertThat(others.get("b:1").text).isEqualTo("of a");
	}

}
