package io.strates.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

import io.strates.dev.DevDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Chance decides how long a node waits after a failed flush. */
class RetryDelayTests {

	/** A time that stands still, and a chance that is given. */
	private record Fixed(double chance) implements Pace {

		@Override
		public Instant now() {
			return Instant.EPOCH;
		}

		@Override
		public void pause(Duration time) {
		}

	}

	private final ThingTable table = new ThingTable(
			new DevDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", ""));

	@BeforeEach
	void create() {
		this.table.create();
	}

	@AfterEach
	void close() {
		this.table.close();
	}

	private Duration delayAfterAFailure(double chance) {
		WriteBehindSettings settings = WriteBehindSettings.DEFAULTS.flushedAt(1).endingWithin(Duration.ZERO);
		WriteBehind node = new WriteBehind("thing", new InMemoryJournal(), this.table, this.table.flushes, settings,
				(store, letter, cause) -> {
				}, new Fixed(chance));
		try (node) {
			node.enqueue(List.of(ThingTable.put("a", "1")));
			this.table.down(true);
			Duration delay = node.tick();
			this.table.down(false);
			return delay;
		}
	}

	@Test
	void nodesWithDifferentChancesDoNotTryAgainTogether() {
		assertThat(Stream.of(0.0, 0.5, 1.0).map(this::delayAfterAFailure)).extracting(Duration::toMillis)
			.containsExactly(188L, 250L, 313L);
	}

	@Test
	void paceTakesEachChanceFromItsGenerator() {
		Pace pace = Pace.of(InstantSource.system(), new Random(1));
		Random same = new Random(1);

		assertThat(Stream.generate(pace::chance).limit(10)).doesNotHaveDuplicates()
			.containsExactlyElementsOf(Stream.generate(same::nextDouble).limit(10).toList());
	}

}
