package io.strates.release;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ReleaseOptions}.
 */
class ReleaseOptionsTests {

	@Test
	void reasonIsSetOnce() {
		ReleaseOptions options = ReleaseOptions.defaults().reason("one");

		assertThatIllegalArgumentException().isThrownBy(() -> options.reason("two"))
			.withMessageContaining("'one'")
			.withMessageContaining("'two'");
		assertThatIllegalArgumentException().isThrownBy(() -> options.evenIfRejected("two"))
			.withMessageContaining("'one'");
	}

}
