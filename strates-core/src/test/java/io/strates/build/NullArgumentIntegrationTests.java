package io.strates.build;

import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;

import io.strates.TestNode;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/** What is said of null, and that nothing is lost by it. */
@Timeout(60)
class NullArgumentIntegrationTests {

	private static TestNode node;

	@BeforeAll
	static void start() {
		node = TestNode.onPostgres();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@Test
	void theServiceNamesWhatIsNull() {
		assertThatNullPointerException().isThrownBy(() -> node.builds.open(nothing(), "north"))
			.withMessageStartingWith("The scope is null; name one");
		assertThatNullPointerException().isThrownBy(() -> node.builds.open("catalog", nothing()))
			.withMessage("The scope id is null; name the aggregate of scope 'catalog' that is meant");
		assertThatNullPointerException().isThrownBy(() -> node.builds.open("catalog", "north", nothing()))
			.withMessageContaining("BuildOptions.defaults()");
		assertThatNullPointerException().isThrownBy(() -> node.builds.list("catalog", nothing()))
			.withMessageStartingWith("The scope id is null");
		assertThatNullPointerException().isThrownBy(() -> node.builds.get(nothing()))
			.withMessageStartingWith("The id of the build is null");
		assertThatNullPointerException().isThrownBy(() -> node.builds.fail(nothing(), "reason"))
			.withMessageStartingWith("The id of the build is null");
		assertThatNullPointerException().isThrownBy(() -> node.builds.fail(new UUID(1, 2), nothing()))
			.withMessageStartingWith("The reason is null");
		assertThat(node.builds.list("catalog", "north")).isEmpty();
	}

	@Test
	void theOptionsNameWhatIsNull() {
		assertThatNullPointerException().isThrownBy(() -> BuildOptions.defaults().label(nothing()))
			.withMessageStartingWith("The label is null");
		assertThatNullPointerException().isThrownBy(() -> BuildOptions.defaults().metadata(nothing(), "content"))
			.withMessageStartingWith("The metadata name is null");
		assertThatNullPointerException().isThrownBy(() -> BuildOptions.defaults().metadata("feed", nothing()))
			.withMessageStartingWith("The metadata 'feed' is null");
		assertThatNullPointerException().isThrownBy(() -> BuildOptions.defaults().listener(nothing()))
			.withMessageStartingWith("The listener is null");
	}

	@Test
	void theWriterRefusesNullAndLosesNothing() {
		try (Build build = node.builds.open("catalog", "rows")) {
			build.writer().write(new Tag("one"));

			assertThatNullPointerException().isThrownBy(() -> build.writer().write(nothing()))
				.withMessageStartingWith("The entity to write is null")
				.withMessageContaining(build.buildStrate() + " of catalog/rows takes more");
			assertThatNullPointerException()
				.isThrownBy(() -> build.writer().writeAll(Arrays.asList(new Tag("two"), nothing(), new Tag("lost"))))
				.withMessageStartingWith("The entity to write is null");
			assertThatNullPointerException()
				.isThrownBy(() -> build.writer().writeAll(Stream.of(new Tag("three"), nothing())))
				.withMessageStartingWith("The entity to write is null");
			assertThatNullPointerException()
				.isThrownBy(() -> build.writer().writeAll(NullArgumentIntegrationTests.<Iterable<?>>nothing()))
				.withMessageContaining("empty collection");
			assertThatNullPointerException()
				.isThrownBy(() -> build.writer().writeAll(NullArgumentIntegrationTests.<Stream<?>>nothing()))
				.withMessageContaining("empty stream");

			build.writer().write(new Tag("four"));
			assertThat(build.seal().rowCounts()).containsEntry("Tag", 4L);
		}
	}

	@Test
	void theBuildNamesWhatIsNullAndStaysOpen() {
		try (Build build = node.builds.open("catalog", "build")) {
			build.writer().write(new Tag("one"));
			Branches branches = build.branches().branch("two", (writer) -> writer.write(new Tag("two")));

			assertThatNullPointerException().isThrownBy(() -> build.call(nothing()))
				.withMessageStartingWith("The work on the build is null");
			assertThatNullPointerException().isThrownBy(() -> build.run(nothing()))
				.withMessageStartingWith("The work on the build is null");
			assertThatNullPointerException().isThrownBy(() -> build.fail(nothing()))
				.withMessageStartingWith("The cause is null");
			assertThatNullPointerException().isThrownBy(() -> branches.branch(nothing(), (writer) -> {
			})).withMessageStartingWith("The name of the branch is null");
			assertThatNullPointerException().isThrownBy(() -> branches.branch("three", nothing()))
				.withMessageStartingWith("The work of branch 'three' is null");

			branches.run();
			assertThat(build.seal().rowCounts()).containsEntry("Tag", 2L);
		}
	}

	/** What a caller passes whose code is not checked for null. */
	@SuppressWarnings({ "NullAway", "TypeParameterUnusedInFormals" })
	private static <T> T nothing() {
		return null;
	}

}
