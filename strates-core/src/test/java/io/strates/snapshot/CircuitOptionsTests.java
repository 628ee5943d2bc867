package io.strates.snapshot;

import java.time.Duration;

import io.strates.snapshot.CircuitOptions.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CircuitOptionsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void defaultsAreOneCircuitForASource() {
		assertThat(CircuitOptions.defaults())
			.isEqualTo(new CircuitOptions(Scope.SOURCE, 3, Duration.ofSeconds(10), true));
	}

	@Test
	void disabledIsNotEnabled() {
		assertThat(CircuitOptions.disabled().enabled()).isFalse();
	}

	@Test
	void ofIsEnabled() {
		assertThat(CircuitOptions.of(Scope.RESOURCE, 1, SECOND))
			.isEqualTo(new CircuitOptions(Scope.RESOURCE, 1, SECOND, true));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void thresholdBelowOneIsRefused(int threshold) {
		assertThatIllegalArgumentException().isThrownBy(() -> CircuitOptions.of(Scope.SOURCE, threshold, SECOND))
			.withMessage("failureThreshold is " + threshold + "; set one or more");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-0.000000001S" })
	void recoveryThatIsNotPositiveIsRefused(String recovery) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CircuitOptions.of(Scope.SOURCE, 1, Duration.parse(recovery)))
			.withMessage("recovery is " + recovery + "; set a positive duration");
	}

}
