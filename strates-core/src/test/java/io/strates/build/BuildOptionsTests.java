package io.strates.build;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BuildOptions}.
 */
class BuildOptionsTests {

	@Test
	void labelIsSetOnce() {
		BuildOptions options = BuildOptions.defaults().label("one");

		assertThatIllegalArgumentException().isThrownBy(() -> options.label("two"))
			.withMessageContaining("'one'")
			.withMessageContaining("'two'");
	}

	@Test
	void listenerIsSetOnce() {
		BuildListener first = new Named("first");
		BuildOptions options = BuildOptions.defaults().listener(first);

		assertThatIllegalArgumentException().isThrownBy(() -> options.listener(new Named("second")))
			.withMessageContaining("first")
			.withMessageContaining("second");
	}

	private record Named(String name) implements BuildListener {
	}

}
