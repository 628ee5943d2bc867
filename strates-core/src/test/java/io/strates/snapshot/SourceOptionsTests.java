package io.strates.snapshot;

import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SourceOptionsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final SourceOptions NONE = SourceOptions.defaults();

	@Test
	void defaultsLeaveAllToTheBuilder() {
		assertThat(NONE.timeout()).isNull();
		assertThat(NONE.queueTimeout()).isNull();
		assertThat(NONE.maxConcurrency()).isNull();
		assertThat(NONE.maxBatchSize()).isNull();
		assertThat(NONE.isBlocking()).isTrue();
		assertThat(NONE.transportTimeout()).isNull();
		assertThat(NONE.retry()).isNull();
		assertThat(NONE.circuit()).isNull();
		assertThat(NONE.hedged()).isNull();
	}

	@Test
	void optionsHoldWhatIsSet() {
		SourceOptions options = NONE.timeout(SECOND)
			.queueTimeout(SECOND.multipliedBy(2))
			.maxConcurrency(3)
			.maxBatchSize(4)
			.transportTimeout(SECOND.dividedBy(2))
			.retry(RetryOptions.never())
			.circuit(CircuitOptions.disabled())
			.hedged(true);

		assertThat(options.timeout()).isEqualTo(SECOND);
		assertThat(options.queueTimeout()).isEqualTo(Duration.ofSeconds(2));
		assertThat(options.maxConcurrency()).isEqualTo(3);
		assertThat(options.maxBatchSize()).isEqualTo(4);
		assertThat(options.transportTimeout()).isEqualTo(Duration.ofMillis(500));
		assertThat(options.retry()).isEqualTo(RetryOptions.never());
		assertThat(options.circuit()).isEqualTo(CircuitOptions.disabled());
		assertThat(options.hedged()).isTrue();
		assertThat(NONE.nonBlocking().isBlocking()).isFalse();
	}

	@Test
	void queueTimeoutIsTheTimeoutUnlessSet() {
		assertThat(NONE.timeout(SECOND).queueTimeout()).isEqualTo(SECOND);
		assertThat(NONE.queueTimeout(SECOND).timeout()).isNull();
	}

	static Stream<Arguments> changes() {
		Map<String, UnaryOperator<SourceOptions>> changes = Map.of( //
				"timeout", (options) -> options.timeout(SECOND), //
				"queueTimeout", (options) -> options.queueTimeout(SECOND), //
				"maxConcurrency", (options) -> options.maxConcurrency(1), //
				"maxBatchSize", (options) -> options.maxBatchSize(1), //
				"nonBlocking", SourceOptions::nonBlocking, //
				"transportTimeout", (options) -> options.transportTimeout(SECOND), //
				"retry", (options) -> options.retry(RetryOptions.never()), //
				"circuit", (options) -> options.circuit(CircuitOptions.disabled()), //
				"hedged", (options) -> options.hedged(true));
		return changes.entrySet().stream().map((each) -> Arguments.of(each.getKey(), each.getValue()));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("changes")
	void changeLeavesOtherOptionsAsTheyWere(String name, UnaryOperator<SourceOptions> change) {
		SourceOptions before = NONE.maxConcurrency(7);

		SourceOptions after = change.apply(before);

		assertThat(after).isNotSameAs(before);
		assertThat(before).usingRecursiveComparison().isEqualTo(NONE.maxConcurrency(7));
		if (!name.equals("maxConcurrency")) {
			assertThat(after.maxConcurrency()).isEqualTo(7);
		}
		assertThat(after).usingRecursiveComparison().isNotEqualTo(before);
	}

	static Stream<Arguments> durations() {
		Map<String, BiFunction<SourceOptions, Duration, SourceOptions>> setters = Map.of( //
				"timeout", SourceOptions::timeout, //
				"queueTimeout", SourceOptions::queueTimeout, //
				"transportTimeout", SourceOptions::transportTimeout);
		return setters.entrySet()
			.stream()
			.flatMap((each) -> Stream.of(Duration.ZERO, Duration.ofNanos(-1))
				.map((value) -> Arguments.of(each.getKey(), each.getValue(), value)));
	}

	@ParameterizedTest(name = "{0} {2}")
	@MethodSource("durations")
	void durationThatIsNotPositiveIsRefused(String name, BiFunction<SourceOptions, Duration, SourceOptions> setter,
			Duration value) {
		assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(NONE, value))
			.withMessage("The " + name + " of a source is " + value + "; set a positive duration");
	}

	static Stream<Arguments> numbers() {
		Map<String, BiFunction<SourceOptions, Integer, SourceOptions>> setters = Map.of( //
				"maxConcurrency", SourceOptions::maxConcurrency, //
				"maxBatchSize", SourceOptions::maxBatchSize);
		return setters.entrySet()
			.stream()
			.flatMap((each) -> Stream.of(0, -1).map((value) -> Arguments.of(each.getKey(), each.getValue(), value)));
	}

	@ParameterizedTest(name = "{0} {2}")
	@MethodSource("numbers")
	void numberBelowOneIsRefused(String name, BiFunction<SourceOptions, Integer, SourceOptions> setter, int value) {
		assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(NONE, value))
			.withMessage("The " + name + " of a source is " + value + "; set one or more");
	}

	@Test
	void sourceThatDoesNotBlockHasNoTransportTimeout() {
		assertThatIllegalStateException().isThrownBy(() -> NONE.nonBlocking().transportTimeout(SECOND))
			.withMessage("A source that does not block has no transport timeout; "
					+ "set either transportTimeout or nonBlocking");
		assertThatIllegalStateException().isThrownBy(() -> NONE.transportTimeout(SECOND).nonBlocking())
			.withMessage("A source with a transport timeout blocks; set either transportTimeout or nonBlocking");
	}

}
