package io.strates.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.strates.build.BuildStatus;
import io.strates.gc.Retention.Candidate;
import io.strates.gc.Retention.Verdict;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds of {@link Retention} for every history of builds, releases and rollbacks.
 * jqwik prints its seed and the sample that failed.
 */
class RetentionPropertyTests {

	private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

	@Property(shrinking = ShrinkingMode.OFF) // a smaller seed is no smaller history
	void exactlyWhatIsHeldIsKept(@ForAll int seed) {
		check(new History(seed));
	}

	private static void check(History history) {
		Map<UUID, Verdict> verdicts = new Retention(history.policy).judge(history.candidates, NOW);

		assertThat(verdicts.keySet()).containsExactlyElementsOf(history.ids());
		Set<UUID> newest = history.newestReleased();
		for (Candidate candidate : history.candidates) {
			Verdict verdict = verdicts.get(candidate.buildStrate());
			assertThat(verdict.kept()).as("%s: %s under %s", verdict.reason(), candidate, history.policy)
				.isEqualTo(history.isHeld(candidate, newest));
			assertThat(verdict.abandoned()).as("%s", candidate).isEqualTo(history.isAbandoned(candidate));
			if (candidate.live()) {
				assertThat(verdict).isEqualTo(Verdict.keep("live"));
			}
		}
	}

	/** Builds of one scope id that were opened, sealed, released, left and failed. */
	private static final class History {

		private final Random random;

		private final RetentionPolicy policy;

		private final List<Candidate> candidates = new ArrayList<>();

		History(int seed) {
			this.random = new Random(seed);
			this.policy = new RetentionPolicy(1 + this.random.nextInt(5), duration(), duration(), duration(),
					duration());
			int builds = this.random.nextInt(30);
			// Of a pointer, there is one or none; of its release numbers, the greatest.
			int live = this.random.nextInt(builds + 1);
			List<Long> numbers = new ArrayList<>();
			for (long number = 1; number <= builds; number++) {
				numbers.add(number);
			}
			Collections.shuffle(numbers, this.random);
			for (int build = 0; build < builds; build++) {
				this.candidates.add((build == live) ? candidate(BuildStatus.RELEASED, true, builds + 1L)
						: candidate(BuildStatus.values()[this.random.nextInt(BuildStatus.values().length)], false,
								numbers.get(build)));
			}
		}

		private Candidate candidate(BuildStatus status, boolean live, long number) {
			InventedBuild build = new InventedBuild(new UUID(this.random.nextLong(), this.random.nextLong()), status,
					NOW.minus(duration()));
			boolean released = status == BuildStatus.RELEASED || status == BuildStatus.REJECTED;
			boolean beaten = status == BuildStatus.BUILDING && this.random.nextBoolean();
			return new Candidate(build, live, released ? number : null, beaten ? NOW.minus(duration()) : null);
		}

		/** Few different ones, so that limits are met exactly too. */
		private Duration duration() {
			return Duration.ofHours(this.random.nextInt(6));
		}

		List<UUID> ids() {
			return this.candidates.stream().map(Candidate::buildStrate).toList();
		}

		/**
		 * The released builds with the greatest numbers; the live one has the greatest.
		 */
		Set<UUID> newestReleased() {
			return this.candidates.stream()
				.filter((candidate) -> candidate.build().status() == BuildStatus.RELEASED)
				.sorted(Comparator.comparing(Candidate::release, Comparator.reverseOrder()))
				.limit(this.policy.releases())
				.map(Candidate::buildStrate)
				.collect(Collectors.toSet());
		}

		boolean isHeld(Candidate candidate, Set<UUID> newest) {
			return candidate.live() || switch (candidate.build().status()) {
				case BUILDING -> !isAbandoned(candidate) || !this.policy.failed().isZero();
				case SEALED -> isYounger(candidate.build().sealedAt(), this.policy.unreleased());
				case RELEASED -> newest.contains(candidate.buildStrate());
				case REJECTED -> isYounger(candidate.build().endedAt(), this.policy.rejected());
				case FAILED -> isYounger(candidate.build().endedAt(), this.policy.failed());
				case COLLECTING -> false;
				case COLLECTED -> true;
			};
		}

		boolean isAbandoned(Candidate candidate) {
			Instant heard = (candidate.lastBeat() != null) ? candidate.lastBeat() : candidate.build().createdAt();
			return candidate.build().status() == BuildStatus.BUILDING && !isYounger(heard, this.policy.abandoned());
		}

		private static boolean isYounger(@Nullable Instant since, Duration limit) {
			return since != null && since.plus(limit).isAfter(NOW);
		}

	}

}
