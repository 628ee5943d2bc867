package io.strates.build;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What a builder of a service refuses. */
class BuildServiceBuilderTests {

	@Test
	void aWrongValueFailsInItsSetter() {
		assertThatIllegalArgumentException().isThrownBy(() -> BuildService.builder().chunkSize(0))
			.withMessage("The chunk size of builds is 0; it must be positive");
		assertThatIllegalArgumentException().isThrownBy(() -> BuildService.builder().parallelism(-2))
			.withMessage("The parallelism of builds is -2; it must be positive");
		assertThatIllegalArgumentException().isThrownBy(() -> BuildService.builder().heartbeat(Duration.ofNanos(7)))
			.withMessageContaining("PT0.000000007S");
		assertThatIllegalArgumentException().isThrownBy(() -> BuildService.builder().owner(" "))
			.withMessage("The owner of builds is ' '; use 1 to 255 characters");
		assertThatIllegalArgumentException().isThrownBy(() -> BuildService.builder().owner("x".repeat(256)))
			.withMessageContaining("1 to 255");
	}

	@Test
	void aRefusedValueLeavesItsSettingFree() {
		BuildService.Builder builder = BuildService.builder();

		assertThatIllegalArgumentException().isThrownBy(() -> builder.chunkSize(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.owner(""));

		assertThat(builder.chunkSize(5).owner("one")).isSameAs(builder);
	}

	@Test
	void aSecondValueFailsInItsSetter() {
		assertThatIllegalStateException().isThrownBy(() -> BuildService.builder().chunkSize(10).chunkSize(20))
			.withMessage("chunkSize is set already to 10; set it once, not to 20 too");
		assertThatIllegalStateException().isThrownBy(() -> BuildService.builder().owner("one").owner("two"))
			.withMessageContaining("one")
			.withMessageContaining("two");
	}

	@Test
	void aMissingPartIsNamedWithItsSetter() {
		assertThatIllegalStateException().isThrownBy(() -> BuildService.builder().build())
			.withMessage("schema is missing; call schema(…) before build()");
	}

}
