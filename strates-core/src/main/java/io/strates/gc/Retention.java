package io.strates.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import org.jspecify.annotations.Nullable;

/**
 * Decides which builds of one scope id go: a function of the policy, the metadata and the
 * time.
 */
/*
 * What is live comes from the release pointer alone, and order from release numbers
 * alone: neither the ids of builds nor their times say what is newer, and a build that is
 * newer than the live one is judged like any other. The last N count builds, not rows of
 * the log, so that rolling back and forth does not push anything out; a build that a
 * rollback has left takes none of the N places.
 */
final class Retention {

	private final RetentionPolicy policy;

	/**
	 * Creates the rules.
	 * @param policy what to keep
	 */
	Retention(RetentionPolicy policy) {
		this.policy = policy;
	}

	/**
	 * A build and what the decision needs to know of it.
	 *
	 * @param build the build
	 * @param live whether the release pointer names it
	 * @param release its newest release number, or {@code null} if it was never released
	 * @param lastBeat when its writer was last heard of, or {@code null} if it never was
	 */
	record Candidate(BuildInfo build, boolean live, @Nullable Long release, @Nullable Instant lastBeat) {

		UUID buildStrate() {
			return this.build.buildStrate();
		}

	}

	/**
	 * What becomes of a build.
	 *
	 * @param kept whether its rows stay
	 * @param abandoned whether it is being written by nobody and has to be failed
	 * @param reason why
	 */
	record Verdict(boolean kept, boolean abandoned, String reason) {

		static Verdict keep(String reason) {
			return new Verdict(true, false, reason);
		}

		static Verdict remove(String reason) {
			return new Verdict(false, false, reason);
		}

	}

	/**
	 * Decides.
	 * @param candidates all builds of one scope id that still have rows
	 * @param now the time by the clock that the times of builds come from
	 * @return a verdict for each build, in the order of the candidates
	 */
	Map<UUID, Verdict> judge(Collection<Candidate> candidates, Instant now) {
		Set<UUID> last = lastReleased(candidates);
		Map<UUID, Verdict> verdicts = new LinkedHashMap<>();
		for (Candidate candidate : candidates) {
			verdicts.put(candidate.buildStrate(), judge(candidate, last.contains(candidate.buildStrate()), now));
		}
		return verdicts;
	}

	private Set<UUID> lastReleased(Collection<Candidate> candidates) {
		Set<UUID> last = new HashSet<>();
		candidates.stream()
			.filter((candidate) -> candidate.live() || candidate.build().status() == BuildStatus.RELEASED)
			.sorted(Comparator.comparing(Candidate::live).thenComparingLong(Retention::number).reversed())
			.limit(this.policy.releases())
			.forEach((candidate) -> last.add(candidate.buildStrate()));
		return last;
	}

	private static long number(Candidate candidate) {
		return (candidate.release() != null) ? candidate.release() : 0;
	}

	private Verdict judge(Candidate candidate, boolean amongLast, Instant now) {
		if (candidate.live()) {
			return Verdict.keep("live");
		}
		BuildInfo build = candidate.build();
		return switch (build.status()) {
			case BUILDING -> judgeWriter(candidate, now);
			case SEALED -> byAge("sealed", build.sealedAt(), build, this.policy.unreleased(), now);
			case RELEASED -> judgeReleased(candidate, amongLast);
			case REJECTED -> byAge("rejected", build.endedAt(), build, this.policy.rejected(), now);
			case FAILED -> byAge("failed", build.endedAt(), build, this.policy.failed(), now);
			case COLLECTING -> Verdict.remove("an earlier collection was interrupted");
			case COLLECTED -> Verdict.keep("collected already");
		};
	}

	private Verdict judgeWriter(Candidate candidate, Instant now) {
		Instant heard = (candidate.lastBeat() != null) ? candidate.lastBeat() : candidate.build().createdAt();
		Duration silence = age(heard, now);
		if (silence.compareTo(this.policy.abandoned()) < 0) {
			return Verdict.keep("its writer lives, heard of " + text(silence) + " ago");
		}
		boolean kept = !this.policy.failed().isZero();
		return new Verdict(kept, true, "abandoned by its writer on " + candidate.build().owner() + ", last heard of "
				+ text(silence) + " ago; failed now, kept " + text(this.policy.failed()));
	}

	private Verdict judgeReleased(Candidate candidate, boolean amongLast) {
		String release = (candidate.release() != null) ? "release " + candidate.release() : "its release";
		if (amongLast) {
			return Verdict.keep(release + " is among the last " + this.policy.releases());
		}
		return Verdict.remove(release + " is not among the last " + this.policy.releases());
	}

	private static Verdict byAge(String what, @Nullable Instant since, BuildInfo build, Duration kept, Instant now) {
		Duration age = age((since != null) ? since : build.createdAt(), now);
		String reason = what + " " + text(age) + " ago, kept " + text(kept);
		return (age.compareTo(kept) >= 0) ? Verdict.remove(reason) : Verdict.keep(reason);
	}

	/** Never negative: clocks of databases are set back, too. */
	private static Duration age(Instant since, Instant now) {
		Duration age = Duration.between(since, now);
		return age.isNegative() ? Duration.ZERO : age;
	}

	private static String text(Duration duration) {
		if (duration.toDays() >= 3) {
			return duration.toDays() + " d";
		}
		if (duration.toHours() >= 1) {
			return duration.toHours() + " h";
		}
		return (duration.toMinutes() >= 1) ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
	}

}
