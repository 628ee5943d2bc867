package io.strates.sample.debian;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads the bundled indexes to their ends; the figures were counted by other means.
 */
class Debian12IndexTests {

	@Test
	void mainIndexIsReadWhole() throws Exception {
		Count count = Count.of(Debian12.MAIN);

		assertThat(count).isEqualTo(new Count(63_440, 63_436, 307_976, 317_770, 112_140, 63_314));
	}

	@Test
	void updatesAreReadWhole() throws Exception {
		Count count = Count.of(Debian12.UPDATES);

		assertThat(count).isEqualTo(new Count(3_041, 2_981, 21_186, 22_129, 167, 3_041));
	}

	@Test
	void selectionOfTheMainIndexHasEachNameOnce() throws Exception {
		PackageSelection selection = PackageSelection.of(Debian12.MAIN);

		assertThat(selection.stanzas()).isEqualTo(63_440);
		assertThat(selection.size()).isEqualTo(63_436);
		assertThat(selection.sections()).hasSize(58);
		assertThat(selection.maintainers()).hasSize(2_248);
		assertThat(selection.tags()).hasSize(598);
		assertThat(versionsOf(selection)).hasSize(63_436)
			.containsEntry("linux-doc", new DebianVersion("6.1.176-1"))
			.containsEntry("linux-source-6.1", new DebianVersion("6.1.176-1"));
	}

	@Test
	void updatesOverTheMainIndexLeaveOutWhatIsNotNewer() throws Exception {
		Map<String, DebianVersion> live = versionsOf(PackageSelection.of(Debian12.MAIN));

		PackageSelection overlay = PackageSelection.over(live::get, Debian12.UPDATES);

		Map<String, DebianVersion> updated = versionsOf(overlay);
		long added = updated.keySet().stream().filter((name) -> !live.containsKey(name)).count();
		assertThat(overlay.size()).isEqualTo(1_246);
		assertThat(added).isEqualTo(230);
		assertThat(overlay.contains("libssl3")).isTrue();
	}

	private static Map<String, DebianVersion> versionsOf(PackageSelection selection) throws Exception {
		try (Stream<PackageEntry> packages = selection.packages()) {
			return packages.collect(Collectors.toMap(PackageEntry::name, PackageEntry::version));
		}
	}

	private record Count(long stanzas, long names, long clauses, long alternatives, long tags, long sizes) {

		static Count of(PackageIndex index) throws Exception {
			Set<String> names = new HashSet<>();
			long stanzas = 0;
			long clauses = 0;
			long alternatives = 0;
			long tags = 0;
			long sizes = 0;
			try (PackageReader reader = index.open()) {
				while (reader.hasNext()) {
					PackageEntry entry = reader.next();
					stanzas++;
					names.add(entry.name());
					clauses += entry.dependencies().size();
					alternatives += entry.dependencies()
						.stream()
						.mapToInt((clause) -> clause.alternatives().size())
						.sum();
					tags += entry.tags().size();
					sizes += (entry.installedSize() != null) ? 1 : 0;
				}
			}
			return new Count(stanzas, names.size(), clauses, alternatives, tags, sizes);
		}

	}

}
