package io.strates.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** More entities than memory may hold, and values that no tier can. */
class StoreLimitsIntegrationTests {

	private static final int ROWS = 12_000;

	private static final int MAXIMUM = 1_000;

	/** Tells its text only if it is told. */
	record Riddle(String text, boolean told) {

		@Override
		public String text() {
			if (!this.told) {
				throw new IllegalStateException("guess");
			}
			return this.text;
		}

	}

	@Entity
	@Tiered
	static class Puzzle {

		@Id
		@Nullable String id;

		@JdbcTypeCode(SqlTypes.JSON)
		@Nullable Riddle riddle;

		Puzzle() {
		}

		Puzzle(String id, Riddle riddle) {
			this.id = id;
			this.riddle = riddle;
		}

	}

	/** Notes what memory gives up. */
	static final class Evictions implements StoreHooks<Gadget> {

		private final Queue<Object> ids = new ConcurrentLinkedQueue<>();

		@Override
		public Class<Gadget> type() {
			return Gadget.class;
		}

		@Override
		public void onEvict(Object id) {
			this.ids.add(id);
		}

	}

	private final SharedMemory memory = new SharedMemory();

	private final Evictions evictions = new Evictions();

	private final List<StoreNode> nodes = new ArrayList<>();

	private final DevDatabase database = DevPostgres.newDatabase();

	private StoreNode node;

	private TieredStore<Gadget, String> gadgets;

	@BeforeEach
	void start() {
		this.node = node();
		this.gadgets = this.node.stores.store(Gadget.class, String.class);
	}

	private StoreNode node() {
		StoreNode node = StoreNode.on(this.database)
			.entities(Gadget.class, Tally.class, Puzzle.class)
			.tier(this.memory.newNode())
			.hook(this.evictions)
			.build();
		this.nodes.add(node);
		TieredSettings settings = TieredSettings.of(Gadget.class);
		node.stores.add(Gadget.class, settings.withCache(settings.cache().withLocalMaximum(MAXIMUM)));
		node.stores.add(Tally.class);
		node.stores.add(Puzzle.class);
		return node;
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(StoreNode::close);
	}

	private void insertBySql() {
		this.node.jdbc
			.sql("insert into gadget (id, name, score) select 'w' || lpad(n::text, 5, '0'), 'w', n"
					+ " from generate_series(0, ?) n")
			.param(ROWS - 1)
			.update();
	}

	private static String id(int number) {
		return "w%05d".formatted(number);
	}

	@Test
	void hooksAreToldOfEachEntityThatMemoryGivesUpForWantOfRoom() {
		int surplus = 200;
		for (int number = 0; number < MAXIMUM + surplus; number++) {
			this.gadgets.put(new Gadget(id(number), "w"));
		}
		long evicted = this.gadgets.statistics().entities().evictions();

		assertThat(evicted).isEqualTo(surplus);
		await().until(() -> this.evictions.ids.size() == evicted);
		assertThat(this.evictions.ids).doesNotHaveDuplicates();
		// What is invalidated is not given up for want of room.
		this.gadgets.invalidateAll();
		assertThat(this.gadgets.get(id(0)).name).isEqualTo("w");
		assertThat(this.evictions.ids).hasSize(surplus);
	}

	@Test
	void warmingFillsTheSecondTierAndMemoryUpToItsLimit() {
		insertBySql();
		this.node.sql();

		assertThat(this.gadgets.warm(0)).isEqualTo(ROWS);

		assertThat(this.node.sql()).hasSizeGreaterThan(1);
		assertThat(this.gadgets.statistics().entities().size()).isBetween(1L, (long) MAXIMUM);
		TieredStore<Gadget, String> other = node().stores.store(Gadget.class, String.class);
		this.nodes.get(1).sql();
		IntStream.range(0, ROWS)
			.forEach((number) -> assertThat(other.lookUp(id(number)).origin()).as(id(number)).isEqualTo(Origin.L2));
		assertThat(this.nodes.get(1).sql()).isEmpty();
		assertThat(other.statistics().entities().size()).isBetween(1L, (long) MAXIMUM);
	}

	@Test
	void warmingWithALimitReadsNoMore() {
		insertBySql();

		assertThat(this.gadgets.warm(500)).isEqualTo(500);

		assertThat(this.memory.texts()).hasSize(500);
		assertThat(this.gadgets.statistics().entities().size()).isEqualTo(500);
	}

	@Test
	void memoryOfOneStoreIsNotThatOfAnother() {
		TieredStore<Tally, String> tallies = this.node.stores.store(Tally.class, String.class);
		List<Tally> others = IntStream.range(0, MAXIMUM).mapToObj((number) -> new Tally("t" + number)).toList();
		tallies.putAll(others);

		for (int chunk = 0; chunk < 20; chunk++) {
			int first = chunk * MAXIMUM;
			this.gadgets.putAll(IntStream.range(first, first + MAXIMUM)
				.mapToObj((number) -> new Gadget("g" + number, "v1"))
				.toList());
		}

		assertThat(this.gadgets.statistics().entities().size()).isLessThanOrEqualTo(MAXIMUM);
		assertThat(this.gadgets.statistics().entities().evictions()).isGreaterThanOrEqualTo(19L * MAXIMUM);
		others.forEach((tally) -> assertThat(tallies.lookUp(String.valueOf(tally.id)).origin()).isEqualTo(Origin.L1));
	}

	@Test
	void entityThatCannotBeEncodedIsRefusedBeforeAnyTierIsTouched() {
		TieredStore<Puzzle, String> puzzles = this.node.stores.store(Puzzle.class, String.class);
		puzzles.put(new Puzzle("p", new Riddle("what", true)));
		List<String> before = this.memory.texts();
		this.node.sql();

		assertThatExceptionOfType(EncodeFailedException.class)
			.isThrownBy(() -> puzzles.put(new Puzzle("p", new Riddle("what else", false))))
			.withMessageContaining("'puzzle'")
			.withMessageContaining("nothing was written");

		assertThat(this.node.sql()).isEmpty();
		assertThat(this.memory.texts()).isEqualTo(before);
		assertThat(puzzles.lookUp("p").origin()).isEqualTo(Origin.L1);
		assertThat(puzzles.get("p").riddle).isEqualTo(new Riddle("what", true));
	}

}
