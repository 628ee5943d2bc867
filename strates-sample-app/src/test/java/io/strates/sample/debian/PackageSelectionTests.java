package io.strates.sample.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PackageSelectionTests {

	@Test
	void highestVersionOfANameWinsWhereverItStands() throws Exception {
		PackageSelection selection = PackageSelection
			.of(index(stanza("aa", "1.9"), stanza("bb", "1"), stanza("aa", "1.10"), stanza("aa", "1.2")));

		assertThat(describe(selection)).containsExactly("bb 1", "aa 1.10");
		assertThat(selection.stanzas()).isEqualTo(4);
		assertThat(selection.size()).isEqualTo(2);
	}

	@Test
	void firstOfEqualVersionsWins() throws Exception {
		PackageSelection selection = PackageSelection.of(index(stanza("aa", "1.0"), stanza("aa", "0:1.0-0")));

		assertThat(describe(selection)).containsExactly("aa 1.0");
	}

	@Test
	void selectionCanBeReadAgain() throws Exception {
		PackageSelection selection = PackageSelection.of(index(stanza("aa", "1"), stanza("aa", "2")));

		assertThat(describe(selection)).isEqualTo(describe(selection)).containsExactly("aa 2");
	}

	@Test
	void onlyWhatSurpassesTheLiveStateIsSelectedOverIt() throws Exception {
		Map<String, DebianVersion> live = Map.of("older", new DebianVersion("2"), "equal", new DebianVersion("1"),
				"newer", new DebianVersion("1~rc1"), "untouched", new DebianVersion("1"));

		PackageSelection selection = PackageSelection.over(live::get, index(stanza("older", "1"), stanza("equal", "1"),
				stanza("newer", "1"), stanza("added", "1"), stanza("newer", "0.9"), stanza("added", "1.1")));

		assertThat(describe(selection)).containsExactly("newer 1", "added 1.1");
		assertThat(Stream.of("newer", "added")).allMatch(selection::contains);
		assertThat(Stream.of("older", "equal", "untouched")).noneMatch(selection::contains);
	}

	@Test
	void vocabularyIsThatOfTheSelectedPackagesOnly() throws Exception {
		PackageSelection selection = PackageSelection
			.of(index(stanza("aa", "1") + "Section: old\nMaintainer: Old <o@example.org>\nTag: a::old\n",
					stanza("aa", "2") + "Section: libs\nMaintainer: New <n@example.org>\nTag: a::new, a::both\n",
					stanza("bb", "1") + "Section: libs\nTag: a::both\n", stanza("cc", "1")));

		assertThat(selection.sections()).containsExactly("libs");
		assertThat(selection.maintainers()).containsExactly("New <n@example.org>");
		assertThat(selection.tags()).containsExactly("a::both", "a::new");
	}

	@Test
	void faultAnywhereShowsBeforeAnyPackageIsHandedOut() {
		PackageIndex index = index(stanza("aa", "1"), stanza("bb", "1_0"));

		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(() -> PackageSelection.of(index))
			.withMessageStartingWith("line 6: ");
	}

	private static PackageIndex index(String... stanzas) {
		byte[] bytes = String.join("\n", stanzas).getBytes(StandardCharsets.UTF_8);
		return PackageIndex.of(() -> new ByteArrayInputStream(bytes));
	}

	private static String stanza(String name, String version) {
		return "Package: %s\nVersion: %s\nArchitecture: all\n".formatted(name, version);
	}

	private static List<String> describe(PackageSelection selection) throws IOException {
		try (Stream<PackageEntry> packages = selection.packages()) {
			return packages.map((entry) -> entry.name() + " " + entry.version()).toList();
		}
	}

}
