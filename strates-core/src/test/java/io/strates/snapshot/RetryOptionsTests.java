package io.strates.snapshot;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RetryOptionsTests {

	private static final Duration ZERO = Duration.ZERO;

	private static final Duration SECOND = Duration.ofSeconds(1);

	// H2
	@Test
	void delaysDoubleUpToTheMaximum() {
		RetryOptions options = new RetryOptions(6, Duration.ofMillis(100), Duration.ofMillis(500), 0);

		assertThat(IntStream.rangeClosed(1, 5).mapToObj(options::delayAfter).map(Duration::toMillis))
			.containsExactly(100L, 200L, 400L, 500L, 500L);
	}

	// 80 cases: 4 base delays, 4 maxima, 5 attempts
	@ParameterizedTest
	@MethodSource("delays")
	void delayIsTheBaseDoubledAndCapped(Duration base, Duration longest, int attempt) {
		BigInteger doubled = BigInteger.valueOf(base.toNanos()).shiftLeft(attempt - 1);
		BigInteger expected = doubled.min(BigInteger.valueOf(longest.toNanos()));

		RetryOptions options = new RetryOptions(3, base, longest, 0);

		assertThat(options.delayAfter(attempt).toNanos()).isEqualTo(expected.longValueExact());
	}

	static Stream<Arguments> delays() {
		List<Duration> bases = List.of(ZERO, Duration.ofNanos(1), Duration.ofMillis(100), Duration.ofMillis(750));
		List<Duration> maxima = List.of(SECOND, Duration.ofSeconds(7), Duration.ofDays(1),
				Duration.ofNanos(Long.MAX_VALUE));
		return bases.stream()
			.flatMap((base) -> maxima.stream()
				.flatMap((longest) -> Stream.of(1, 2, 5, 40, 63)
					.map((attempt) -> Arguments.of(base, longest, attempt))));
	}

	@ParameterizedTest
	@ValueSource(ints = { 62, 63, 64, 65, 1000, Integer.MAX_VALUE })
	void lateAttemptsDoNotOverflow(int attempt) {
		RetryOptions capped = new RetryOptions(Integer.MAX_VALUE, Duration.ofMillis(50), SECOND, 0);
		RetryOptions open = RetryOptions.of(Integer.MAX_VALUE, Duration.ofMillis(50));
		RetryOptions none = RetryOptions.of(Integer.MAX_VALUE, ZERO);

		assertThat(capped.delayAfter(attempt)).isEqualTo(SECOND);
		assertThat(open.delayAfter(attempt)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
		assertThat(none.delayAfter(attempt)).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, Integer.MIN_VALUE })
	void attemptBeforeTheFirstIsRefused(int attempt) {
		assertThatIllegalArgumentException().isThrownBy(() -> RetryOptions.defaults().delayAfter(attempt))
			.withMessage("The attempt that failed is " + attempt + "; count from one");
	}

	@Test
	void defaultsAreTwoAttempts() {
		assertThat(RetryOptions.defaults())
			.isEqualTo(new RetryOptions(2, Duration.ofMillis(50), Duration.ofSeconds(1), 0.1));
	}

	@Test
	void neverIsOneAttempt() {
		assertThat(RetryOptions.never()).isEqualTo(new RetryOptions(1, ZERO, ZERO, 0));
	}

	@Test
	void valuesOutOfRangeAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> RetryOptions.of(0, SECOND))
			.withMessage("maxAttempts is 0; set one or more");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryOptions.of(1, SECOND.negated()))
			.withMessageStartingWith("The delays are PT-1S to ")
			.withMessageEndingWith("; set zero or more, and a maximum that is not shorter");
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryOptions(1, SECOND, SECOND.minusNanos(1), 0))
			.withMessage("The delays are PT1S to PT0.999999999S; set zero or more, and a maximum that is not shorter");
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY })
	void jitterOutOfRangeIsRefused(double jitter) {
		assertThatIllegalArgumentException().isThrownBy(() -> new RetryOptions(1, ZERO, ZERO, jitter))
			.withMessage("jitter is " + jitter + "; set a number from 0 to 1");
	}

}
