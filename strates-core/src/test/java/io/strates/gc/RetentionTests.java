package io.strates.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import io.strates.build.BuildStatus;
import io.strates.gc.Retention.Candidate;
import io.strates.gc.Retention.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Retention}.
 */
class RetentionTests {

	private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

	private final RetentionPolicy policy = new RetentionPolicy(3, Duration.ofHours(24), Duration.ofDays(7),
			Duration.ofDays(30), Duration.ofMinutes(10));

	private final List<Candidate> builds = new ArrayList<>();

	@Test
	void lastThreeOfSixReleasesAreKept() {
		List<UUID> released = new ArrayList<>();
		for (long number = 1; number <= 6; number++) {
			released.add(released(number, number == 6));
		}

		assertThat(verdict(released.get(5))).isEqualTo(Verdict.keep("live"));
		assertThat(verdict(released.get(4))).isEqualTo(Verdict.keep("release 5 is among the last 3"));
		assertThat(verdict(released.get(3))).isEqualTo(Verdict.keep("release 4 is among the last 3"));
		assertThat(verdict(released.get(2))).isEqualTo(Verdict.remove("release 3 is not among the last 3"));
		assertThat(verdict(released.get(1)).kept()).isFalse();
		assertThat(verdict(released.get(0)).kept()).isFalse();
	}

	@Test
	void orderOfTheBuildsAndOfTheirIdsDoesNotMatter() {
		long seed = NOW.toEpochMilli();
		List<UUID> released = new ArrayList<>();
		for (long number = 1; number <= 6; number++) {
			released.add(released(number, number == 6));
		}

		Collections.shuffle(this.builds, new Random(seed));

		assertThat(released).extracting((build) -> verdict(build).kept())
			.as("shuffled by %s", seed)
			.containsExactly(false, false, false, true, true, true);
	}

	@Test
	void rejectedBuildTakesNoneOfTheReleasesPlaces() {
		UUID first = released(1, false);
		UUID second = released(2, false);
		UUID third = released(3, false);
		UUID restored = released(7, true);
		UUID bad = add(BuildStatus.REJECTED, Duration.ofHours(2), false, 6L, null);

		assertThat(verdict(restored).reason()).isEqualTo("live");
		assertThat(verdict(third).kept()).isTrue();
		assertThat(verdict(second).kept()).isTrue();
		assertThat(verdict(first).kept()).isFalse();
		assertThat(verdict(bad)).isEqualTo(Verdict.keep("rejected 2 h ago, kept 7 d"));
	}

	@Test
	void rejectedBuildGoesAfterItsTimeAlthoughItIsNewerThanTheLiveOne() {
		released(5, true);
		UUID bad = add(BuildStatus.REJECTED, Duration.ofDays(7), false, 6L, null);

		assertThat(verdict(bad)).isEqualTo(Verdict.remove("rejected 7 d ago, kept 7 d"));
	}

	@Test
	void failedBuildIsKeptForItsTime() {
		UUID fresh = add(BuildStatus.FAILED, Duration.ofHours(2), false, null, null);
		UUID old = add(BuildStatus.FAILED, Duration.ofHours(25), false, null, null);

		assertThat(verdict(fresh)).isEqualTo(Verdict.keep("failed 2 h ago, kept 24 h"));
		assertThat(verdict(old)).isEqualTo(Verdict.remove("failed 25 h ago, kept 24 h"));
	}

	@Test
	void sealedBuildThatWasNeverReleasedIsKeptForItsTime() {
		UUID fresh = add(BuildStatus.SEALED, Duration.ofDays(29), false, null, null);
		UUID old = add(BuildStatus.SEALED, Duration.ofDays(30), false, null, null);

		assertThat(verdict(fresh)).isEqualTo(Verdict.keep("sealed 29 d ago, kept 30 d"));
		assertThat(verdict(old).kept()).isFalse();
	}

	@Test
	void buildWithALiveWriterIsKeptHoweverOld() {
		UUID build = add(BuildStatus.BUILDING, Duration.ofDays(400), false, null, Duration.ofSeconds(40));

		assertThat(verdict(build)).isEqualTo(Verdict.keep("its writer lives, heard of 40 s ago"));
	}

	@Test
	void buildWithASilentWriterIsFailedFirst() {
		UUID build = add(BuildStatus.BUILDING, Duration.ofDays(1), false, null, Duration.ofMinutes(10));

		assertThat(verdict(build)).isEqualTo(new Verdict(true, true,
				"abandoned by its writer on node-7, last heard of 10 min ago; failed now, kept 24 h"));
	}

	@Test
	void buildWhoseWriterNeverGaveASignIsJudgedByItsAge() {
		UUID fresh = add(BuildStatus.BUILDING, Duration.ofMinutes(9), false, null, null);
		UUID old = add(BuildStatus.BUILDING, Duration.ofMinutes(11), false, null, null);

		assertThat(verdict(fresh).abandoned()).isFalse();
		assertThat(verdict(old).abandoned()).isTrue();
	}

	@Test
	void interruptedCollectionGoesOn() {
		UUID build = add(BuildStatus.COLLECTING, Duration.ofMinutes(1), false, null, null);

		assertThat(verdict(build)).isEqualTo(Verdict.remove("an earlier collection was interrupted"));
	}

	@ParameterizedTest
	@EnumSource(BuildStatus.class)
	void liveBuildIsKeptWhateverItsStatus(BuildStatus status) {
		UUID build = add(status, Duration.ofDays(900), true, 1L, Duration.ofDays(900));

		assertThat(verdict(build)).isEqualTo(Verdict.keep("live"));
	}

	@Test
	void timesInTheFutureCountAsNow() {
		UUID build = add(BuildStatus.FAILED, Duration.ofHours(-3), false, null, null);

		assertThat(verdict(build)).isEqualTo(Verdict.keep("failed 0 s ago, kept 24 h"));
	}

	@Test
	void settingsThatCannotWorkAreRefused() {
		Duration second = Duration.ofSeconds(1);

		assertThatIllegalArgumentException().isThrownBy(() -> new CollectionSettings(0, Duration.ZERO, second, "node"))
			.withMessageContaining("batch size of garbage collection is 0");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CollectionSettings(1, Duration.ofMillis(500), second, "node"))
			.withMessageContaining("shorter than half the lease of PT1S");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new CollectionSettings(1, Duration.ZERO, Duration.ZERO, "node"))
			.withMessageContaining("lease of garbage collection is PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> new CollectionSettings(1, Duration.ZERO, second, " "))
			.withMessageContaining("owner");
	}

	private UUID released(long number, boolean live) {
		return add(BuildStatus.RELEASED, Duration.ofDays(100), live, number, null);
	}

	private UUID add(BuildStatus status, Duration age, boolean live, @Nullable Long release,
			@Nullable Duration silence) {
		InventedBuild build = new InventedBuild(UUID.randomUUID(), status, NOW.minus(age));
		this.builds.add(new Candidate(build, live, release, (silence != null) ? NOW.minus(silence) : null));
		return build.buildStrate();
	}

	private Verdict verdict(UUID build) {
		return new Retention(this.policy).judge(this.builds, NOW).get(build);
	}

}
