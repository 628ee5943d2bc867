package io.strates.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.strates.internal.BoundBuilds.Binding;
import io.strates.internal.BoundBuilds.Bound;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BoundBuilds}.
 */
class BoundBuildsTests {

	private static final Bound ONE = new Bound("one", new UUID(0, 1), false);

	private static final Bound TWO = new Bound("two", new UUID(0, 2), false);

	private final BoundBuilds builds = new BoundBuilds();

	@Test
	void findWhereNothingIsBoundFindsNothing() {
		assertThat(this.builds.find("a")).isNull();
	}

	@Test
	void bindAddsToWhatIsBound() {
		try (Binding outer = this.builds.bind(Map.of("a", ONE)); Binding inner = this.builds.bind(Map.of("b", TWO))) {
			assertThat(this.builds.find("a")).isEqualTo(ONE);
			assertThat(this.builds.find("b")).isEqualTo(TWO);
		}
		assertThat(this.builds.find("a")).isNull();
	}

	@Test
	void bindOnlyReplacesWhatIsBound() {
		try (Binding outer = this.builds.bind(Map.of("a", ONE))) {
			try (Binding inner = this.builds.bindOnly(Map.of("b", TWO))) {
				assertThat(this.builds.find("a")).isNull();
			}
			assertThat(this.builds.find("a")).isEqualTo(ONE);
		}
	}

	@Test
	void closeTwiceIsHarmless() {
		Binding outer = this.builds.bind(Map.of("a", ONE));
		Binding inner = this.builds.bind(Map.of("a", TWO));
		inner.close();

		inner.close();

		assertThat(this.builds.find("a")).isEqualTo(ONE);
		Binding next = this.builds.bind(Map.of("a", TWO));
		inner.close();
		assertThat(this.builds.find("a")).isEqualTo(TWO);
		next.close();
		outer.close();
		assertThat(this.builds.find("a")).isNull();
	}

	@Test
	void closeOutOfOrderKeepsTheInnerBindingAndThenLeavesNothing() {
		Binding outer = this.builds.bind(Map.of("a", ONE));
		Binding inner = this.builds.bind(Map.of("a", TWO));

		outer.close();

		assertThat(this.builds.find("a")).isEqualTo(TWO);
		inner.close();
		assertThat(this.builds.find("a")).isNull();
	}

	@Test
	void closeTwiceDoesNotEndALaterBinding() {
		Binding first = this.builds.bind(Map.of("a", ONE));
		first.close();
		try (Binding second = this.builds.bind(Map.of("a", TWO))) {
			first.close();

			assertThat(this.builds.find("a")).isEqualTo(TWO);
		}
	}

	@Test
	void closeInAnotherThreadEndsTheBindingOfTheFirst() {
		Binding binding = this.builds.bind(Map.of("a", ONE));

		CompletableFuture.runAsync(binding::close).join();

		assertThat(this.builds.find("a")).isNull();
	}

	@Test
	void bindingIsNotInherited() {
		try (Binding binding = this.builds.bind(Map.of("a", ONE))) {
			assertThat(CompletableFuture.supplyAsync(() -> this.builds.find("a") == null).join()).isTrue();
		}
	}

	@Test
	void findToReadTellsTheListenerWhatIsRead() {
		List<Bound> read = new ArrayList<>();
		this.builds.onRead((scope, build) -> read.add(build));
		try (Binding binding = this.builds.bind(Map.of("a", ONE))) {
			this.builds.find("a");
			this.builds.findToRead("a");
			this.builds.findToRead("b");
		}

		assertThat(read).containsExactly(ONE);
	}

}
