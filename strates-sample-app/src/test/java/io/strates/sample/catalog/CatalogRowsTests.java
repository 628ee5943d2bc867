package io.strates.sample.catalog;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.strates.sample.debian.PackageEntry;
import io.strates.sample.debian.PackageIndex;
import io.strates.sample.debian.PackageSelection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CatalogRowsTests {

	private static final Suite BOOKWORM = new Suite("bookworm");

	private static final String ZERO_AD = """
			Package: 0ad
			Version: 0.0.26-3
			Installed-Size: 28591
			Maintainer: Debian Games Team <games@example.org>
			Architecture: amd64
			Depends: 0ad-data (>= 0.0.26), default-mta | mail-transport-agent
			Pre-Depends: dpkg
			Recommends: fonts
			Description: Real-time strategy game
			Homepage: https://play0ad.com/
			Tag: game::strategy, role::program
			Section: games
			Priority: optional
			""";

	@Test
	void packageTakesOverWhatTheIndexSays() throws Exception {
		DebianPackage row = rowsOf(ZERO_AD).get(0).debianPackage();

		assertThat(row.getId()).isEqualTo("0ad");
		assertThat(row.getSuite()).isSameAs(BOOKWORM);
		assertThat(row.getSection()).extracting(Section::getId).isEqualTo("games");
		assertThat(row.getMaintainer()).extracting(Maintainer::getContact)
			.isEqualTo("Debian Games Team <games@example.org>");
		assertThat(row.getVersion()).isEqualTo("0.0.26-3");
		assertThat(row.getArchitecture()).isEqualTo("amd64");
		assertThat(row.getPriority()).isEqualTo("optional");
		assertThat(row.getInstalledSize()).isEqualTo(28591);
		assertThat(row.getDescription()).isEqualTo("Real-time strategy game");
		assertThat(row.getHomepage()).isEqualTo("https://play0ad.com/");
	}

	@Test
	void idsTellThePlaceOfEachAlternative() throws Exception {
		assertThat(rowsOf(ZERO_AD).get(0).dependencies()).extracting(CatalogRowsTests::describe)
			.containsExactly("0ad:d0.0 DEPENDS 0ad-data >= 0.0.26", "0ad:d1.0 DEPENDS default-mta null null",
					"0ad:d1.1 DEPENDS mail-transport-agent null null", "0ad:p0.0 PRE_DEPENDS dpkg null null",
					"0ad:r0.0 RECOMMENDS fonts null null");
	}

	@Test
	void idsOfPackageTagsJoinBothNames() throws Exception {
		assertThat(rowsOf(ZERO_AD).get(0).tags()).extracting(PackageTag::getId)
			.containsExactly("0ad game::strategy", "0ad role::program");
	}

	@Test
	void packagesShareTheRowsThatTheyReferTo() throws Exception {
		List<PackageRows> rows = rowsOf(ZERO_AD, ZERO_AD.replace("Package: 0ad", "Package: 1ad"));

		assertThat(rows.get(0).debianPackage().getSection()).isSameAs(rows.get(1).debianPackage().getSection());
		assertThat(rows.get(0).debianPackage().getMaintainer()).isSameAs(rows.get(1).debianPackage().getMaintainer());
		assertThat(rows.get(0).tags().get(0).getTag()).isSameAs(rows.get(1).tags().get(0).getTag());
	}

	@Test
	void whatTheIndexLeavesOutIsNull() throws Exception {
		DebianPackage row = rowsOf("Package: aa\nVersion: 1\nArchitecture: all\n").get(0).debianPackage();

		assertThat(row.getSection()).isNull();
		assertThat(row.getMaintainer()).isNull();
		assertThat(row.getInstalledSize()).isNull();
	}

	@Test
	void packageOfAnotherSelectionIsRefused() throws Exception {
		PackageSelection other = PackageSelection.of(index("Package: aa\nVersion: 1\nArchitecture: all\n"));
		PackageEntry entry = entries(PackageSelection.of(index(ZERO_AD))).get(0);

		assertThatIllegalArgumentException().isThrownBy(() -> new CatalogRows(BOOKWORM, other).of(entry))
			.withMessage("\"games\" is not in the selection that the rows are made from");
	}

	@Test
	void mainIndexOfDebian12MakesHalfAMillionRowsWithIdsOfTheirOwn() throws Exception {
		PackageSelection selection = PackageSelection.of(bundled("2026-07-11-main.packages.gz"));
		CatalogRows rows = new CatalogRows(BOOKWORM, selection);
		Map<String, Integer> counts = new TreeMap<>();
		counts.put("suite", 1);
		counts.put("section", rows.sections().size());
		counts.put("maintainer", rows.maintainers().stream().map(Maintainer::getId).collect(Collectors.toSet()).size());
		counts.put("tag", rows.tags().size());
		Set<String> ids = new HashSet<>();

		try (Stream<PackageEntry> packages = selection.packages()) {
			packages.map(rows::of).forEach((row) -> {
				counts.merge("debian_package", 1, Integer::sum);
				counts.merge("dependency", row.dependencies().size(), Integer::sum);
				counts.merge("package_tag", row.tags().size(), Integer::sum);
				row.dependencies().forEach((dependency) -> assertThat(ids.add(dependency.getId())).isTrue());
				row.tags().forEach((tag) -> assertThat(ids.add(tag.getId())).isTrue());
			});
		}

		assertThat(counts).containsExactlyInAnyOrderEntriesOf(Map.of("suite", 1, "section", 58, "maintainer", 2_248,
				"tag", 598, "debian_package", 63_436, "dependency", 317_756, "package_tag", 112_118));
		assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(496_215);
	}

	private static String describe(Dependency row) {
		return "%s %s %s %s %s".formatted(row.getId(), row.getType(), row.getTarget(), row.getRelation(),
				row.getVersion());
	}

	private static List<PackageRows> rowsOf(String... stanzas) throws IOException {
		PackageSelection selection = PackageSelection.of(index(stanzas));
		CatalogRows rows = new CatalogRows(BOOKWORM, selection);
		return entries(selection).stream().map(rows::of).toList();
	}

	private static List<PackageEntry> entries(PackageSelection selection) throws IOException {
		try (Stream<PackageEntry> packages = selection.packages()) {
			return packages.toList();
		}
	}

	private static PackageIndex index(String... stanzas) {
		byte[] bytes = String.join("\n", stanzas).getBytes(StandardCharsets.UTF_8);
		return PackageIndex.of(() -> new ByteArrayInputStream(bytes));
	}

	private static PackageIndex bundled(String name) {
		return PackageIndex.of(() -> open("/debian-12/" + name));
	}

	private static InputStream open(String path) {
		return Objects.requireNonNull(CatalogRowsTests.class.getResourceAsStream(path));
	}

}
