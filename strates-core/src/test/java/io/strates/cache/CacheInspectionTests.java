package io.strates.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.cache.CacheExplanation.Memory;
import io.strates.cache.CacheExplanation.Remote;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CacheInspectionTests {

	private static final CacheSettings SETTINGS = CacheSettings.DEFAULT.withJitter(0)
		.withLocalTimeToLive(Duration.ofMinutes(5));

	private final SharedMemory memory = new SharedMemory();

	private final AtomicLong clock = new AtomicLong();

	private final List<Tiers> tiers = new ArrayList<>();

	private final SharedMemory.Node a = this.memory.node();

	private final SharedMemory.Node b = this.memory.node();

	private final CoherentCache<Integer, String> here = cache(this.a, "v1");

	@AfterEach
	void close() {
		this.tiers.forEach(Tiers::close);
	}

	private CoherentCache<Integer, String> cache(@Nullable CoherentTier tier, String layout) {
		Tiers.Builder builder = Tiers.builder("test").ticker(this.clock::get);
		Tiers made = ((tier != null) ? builder.coherent(tier) : builder).build();
		this.tiers.add(made);
		return made.coherent(
				new CoherentCacheSpec<>("words", String::valueOf, new Words(layout), (word) -> Set.of(word), SETTINGS));
	}

	private CacheExplanation explained() {
		return this.here.inspection().explain("1");
	}

	private static String read(CoherentCache<Integer, String> cache) {
		return String.valueOf(cache.get(1, (keys) -> Map.of(1, "one")));
	}

	private @Nullable String flaw() {
		Memory held = explained().memory();
		return (held != null) ? held.flaw() : "nothing is held";
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	@Test
	void unknownKeyIsLoadedByTheNextRead() {
		assertThat(explained()).isEqualTo(new CacheExplanation("c:words:1", null, Remote.MISSING, false, false, true, 0,
				"The loader answers, and its answer is kept"));
		assertThat(this.here.statistics().localMisses()).isZero();
	}

	@Test
	void valueInMemoryIsToldWithItsAge() {
		read(this.here);
		pass(Duration.ofMinutes(1));

		assertThat(explained().memory())
			.isEqualTo(new Memory(Duration.ofMinutes(1), Duration.ofMinutes(4), false, null));
		assertThat(explained().remote()).isEqualTo(Remote.PRESENT);
		assertThat(explained().answer()).isEqualTo("L1 answers");
	}

	@Test
	void valueThatOnlyTheSecondTierHasIsReadFromThere() {
		read(cache(this.b, "v1"));

		assertThat(explained().memory()).isNull();
		assertThat(explained().remote()).isEqualTo(Remote.PRESENT);
		assertThat(explained().answer()).isEqualTo("L2 answers");
	}

	@Test
	void valueWhoseTimeIsOverIsSaidToBe() {
		read(this.here);
		pass(SETTINGS.localTimeToLive());

		assertThat(flaw()).isIn("its time is over", "nothing is held");
		assertThat(explained().answer()).isEqualTo("L2 answers");
	}

	@Test
	void valueWhoseTagWasInvalidatedElsewhereIsOfNoUseInAnyTier() {
		read(this.here);
		cache(this.b, "v1").invalidateTag("one");

		assertThat(flaw()).isEqualTo("a tag of it was invalidated or written since, or cannot be asked for");
		assertThat(explained().remote()).isEqualTo(Remote.OUTDATED);
	}

	@Test
	void nodeThatDoesNotHearTheOthersSaysSo() {
		read(this.here);
		pass(Duration.ofSeconds(2));
		this.a.trust(false);

		assertThat(explained().trusted()).isFalse();
		assertThat(flaw()).isEqualTo("this node does not hear other nodes, so that it was good for a second");
	}

	@Test
	void keyThatIsBeingWrittenIsKeptNowhere() {
		CacheWrite<Integer, String> write = this.here.write(Set.of(1), Set.of());
		write.awaitFences();

		assertThat(explained().beingWritten()).isTrue();
		assertThat(explained().remote()).isEqualTo(Remote.FENCED);
		assertThat(explained().answer())
			.isEqualTo("The key is being written: the loader answers, and its answer is not kept");
		write.close();
	}

	@Test
	void valueOfAnotherLayoutIsUnreadable() {
		read(cache(this.b, "v2"));

		assertThat(explained().remote()).isEqualTo(Remote.UNREADABLE);
	}

	@Test
	void explainingChangesNothingInTheSecondTier() {
		read(cache(this.b, "v1"));
		this.here.invalidateTag("one");
		List<Object> before = this.memory.state();

		explained();
		this.here.inspection().explain("unknown");

		assertThat(this.memory.state()).isEqualTo(before);
	}

	@Test
	void explainingDoesNotKeepAWriterFromStoringItsValue() {
		CoherentCache<Integer, String> there = cache(this.b, "v1");
		try (CacheWrite<Integer, String> write = there.write(Set.of(1), Set.of())) {
			write.awaitFences();

			assertThat(explained().remote()).isEqualTo(Remote.FENCED);
			write.committed(Map.of(1, "written"));
		}

		assertThat(explained().remote()).isEqualTo(Remote.PRESENT);
	}

	@Test
	void secondTierThatIsAwayShowsAndSoDoDebts() {
		this.memory.goAway();
		try (CacheWrite<Integer, String> write = this.here.write(Set.of(1), Set.of())) {
			write.awaitFences();
			write.committed(Map.of());
		}

		assertThat(explained().remote()).isEqualTo(Remote.AWAY);
		assertThat(explained().debts()).isPositive();
		assertThat(explained().answer()).isEqualTo("The loader answers, and its answer is kept in L1 for a second");
	}

	@Test
	void applicationWithoutASecondTierHasNone() {
		CacheInspection alone = cache(null, "v1").inspection();

		assertThat(alone.explain("1").remote()).isEqualTo(Remote.NONE);
		assertThat(alone.settings()).isEqualTo(SETTINGS);
	}

	@Test
	void invalidationByTextReachesEveryNode() {
		CoherentCache<Integer, String> there = cache(this.b, "v1");
		read(this.here);
		read(there);

		this.here.inspection().invalidate("1");

		assertThat(there.lookUpIfCached(1)).isNull();
		assertThat(this.here.lookUpIfCached(1)).isNull();
	}

	@Test
	void observerIsToldOfCachesThatAreAndOfThoseThatCome() {
		List<String> told = new ArrayList<>();
		Tiers made = this.tiers.get(0);

		made.observe(told::add);
		made.coherent(CoherentCacheSpec.<Integer, String>of("later", String::valueOf, null, SETTINGS));

		assertThat(told).containsExactly("words", "later");
	}

	/** Texts, in a layout that has a name. */
	private record Words(String fingerprint) implements ValueCodec<String> {

		@Override
		public byte[] encode(String value) {
			return value.getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public String decode(byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}

	}

}
