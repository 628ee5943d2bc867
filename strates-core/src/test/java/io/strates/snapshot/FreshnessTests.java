package io.strates.snapshot;

import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.strates.snapshot.Freshness.Refresh;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FreshnessTests {

	private static final Duration ZERO = Duration.ZERO;

	private static Duration seconds(long seconds) {
		return Duration.ofSeconds(seconds);
	}

	private static long nanos(double seconds) {
		return Math.round(seconds * 1e9);
	}

	private static Freshness of(long timeToLive, long maxStale) {
		return Freshness.of(seconds(timeToLive), seconds(maxStale));
	}

	// B1
	@Test
	void maxStaleShorterThanTimeToLiveIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> of(5, 0))
			.withMessage("maxStale is PT0S and shorter than the time to live, PT5S; set at least that");
	}

	// B3
	@Test
	void refreshAheadBeginsThatLongBeforeTheEnd() {
		Freshness policy = of(10, 20).refreshedAhead(seconds(3));

		assertThat(policy.wantsRefreshAhead(nanos(6.999))).isFalse();
		assertThat(policy.wantsRefreshAhead(nanos(7) - 1)).isFalse();
		assertThat(policy.wantsRefreshAhead(nanos(7))).isTrue();
	}

	@Test
	void refreshAheadOfTheWholeTimeToLiveBeginsAtOnce() {
		assertThat(of(10, 20).refreshedAhead(seconds(10)).wantsRefreshAhead(0)).isTrue();
	}

	@ParameterizedTest
	@EnumSource(value = Refresh.class, mode = EnumSource.Mode.EXCLUDE, names = "AHEAD")
	void otherModesDoNotRefreshAhead(Refresh mode) {
		Freshness policy = new Freshness(seconds(10), seconds(20), true, mode, ZERO);

		assertThat(policy.wantsRefreshAhead(nanos(10))).isFalse();
		assertThat(policy.wantsRefreshAhead(Long.MAX_VALUE)).isFalse();
	}

	@Test
	void unboundedValuesAreNeverRefreshedAhead() {
		Freshness policy = Freshness.unbounded().refreshedAhead(seconds(3));

		assertThat(policy.wantsRefreshAhead(Long.MAX_VALUE)).isFalse();
	}

	// B4
	@Test
	void valueOfTheAgeOfItsTimeToLiveIsFresh() {
		assertThat(of(5, 20).isFresh(nanos(5))).isTrue();
		assertThat(of(5, 20).isUsable(nanos(5))).isTrue();
		assertThat(of(5, 20).isFresh(nanos(5) + 1)).isFalse();
		assertThat(of(5, 20).isUsable(nanos(20))).isTrue();
		assertThat(of(5, 20).isUsable(nanos(20) + 1)).isFalse();
	}

	// B6: an observation that is ahead of the clock has no age
	@Test
	void valueWithoutAgeIsFresh() {
		assertThat(of(0, 0).isFresh(0)).isTrue();
		assertThat(of(0, 0).isUsable(0)).isTrue();
		assertThat(of(0, 0).isFresh(1)).isFalse();
	}

	// B7: 100 cases: 20 ages, 5 policies
	@ParameterizedTest
	@MethodSource("ages")
	void bothBoundsBelongToTheirTimes(double age, long timeToLive, long maxStale) {
		Freshness policy = of(timeToLive, maxStale);

		assertThat(policy.isFresh(nanos(age))).isEqualTo(age <= timeToLive);
		assertThat(policy.isUsable(nanos(age))).isEqualTo(age <= maxStale);
	}

	static Stream<Arguments> ages() {
		return IntStream.range(0, 20)
			.mapToObj((step) -> step * 0.75)
			.flatMap((age) -> Stream.of(Arguments.of(age, 0, 0), Arguments.of(age, 0, 5), Arguments.of(age, 1, 1),
					Arguments.of(age, 1, 10), Arguments.of(age, 5, 20)));
	}

	// B19
	@Test
	void unboundedValuesNeverGoStale() {
		assertThat(Freshness.unbounded().isFresh(nanos(1e9))).isTrue();
		assertThat(Freshness.unbounded().isFresh(Long.MAX_VALUE)).isTrue();
		assertThat(Freshness.unbounded().isUsable(Long.MAX_VALUE)).isTrue();
	}

	@Test
	void ofAnswersFailuresWithStaleValuesAndBlocks() {
		assertThat(of(1, 2)).isEqualTo(new Freshness(seconds(1), seconds(2), true, Refresh.BLOCKING, ZERO));
	}

	@Test
	void otherPoliciesKeepTheTimes() {
		assertThat(of(1, 2).withoutStaleOnError())
			.isEqualTo(new Freshness(seconds(1), seconds(2), false, Refresh.BLOCKING, ZERO));
		assertThat(of(1, 2).withoutStaleOnError().staleWhileRevalidate())
			.isEqualTo(new Freshness(seconds(1), seconds(2), false, Refresh.STALE_WHILE_REVALIDATE, ZERO));
		assertThat(of(1, 2).refreshedAhead(seconds(1)).staleWhileRevalidate().refreshAhead()).isZero();
		assertThat(of(1, 2).refreshedAhead(seconds(1)).withoutStaleOnError())
			.isEqualTo(new Freshness(seconds(1), seconds(2), false, Refresh.AHEAD, seconds(1)));
	}

	@Test
	void negativeTimesAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> of(-1, 5))
			.withMessage("The time to live is PT-1S; set zero or more");
		assertThatIllegalArgumentException().isThrownBy(() -> of(5, 5).refreshedAhead(seconds(-1)))
			.withMessage("refreshAhead is PT-1S; set zero or more, and at most the time to live, PT5S");
	}

	@Test
	void refreshAheadLongerThanTimeToLiveIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> of(5, 5).refreshedAhead(seconds(6)))
			.withMessage("refreshAhead is PT6S; set zero or more, and at most the time to live, PT5S");
	}

	@ParameterizedTest
	@EnumSource(value = Refresh.class, mode = EnumSource.Mode.EXCLUDE, names = "AHEAD")
	void refreshAheadInOtherModesIsRefused(Refresh mode) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Freshness(seconds(5), seconds(5), true, mode, seconds(1)))
			.withMessage("refreshAhead is PT1S, but the mode is " + mode + "; set the mode AHEAD");
	}

	@Test
	void nanosOfLongTimesAreSaturated() {
		assertThat(Freshness.nanos(Freshness.FOREVER)).isEqualTo(Long.MAX_VALUE);
		assertThat(Freshness.nanos(seconds(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
		assertThat(Freshness.nanos(seconds(9_223_372_035L))).isEqualTo(9_223_372_035_000_000_000L);
	}

}
