package io.strates.sample.debian;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The two bundled indexes.
 */
final class Debian12 {

	static final PackageIndex MAIN = bundled("2026-07-11-main.packages.gz");

	static final PackageIndex UPDATES = bundled("2026-11-19-updates.packages.gz");

	private Debian12() {
	}

	/** Returns every text of a version that occurs, in order of appearance. */
	static List<DebianVersion> distinctVersions() throws IOException {
		try (PackageReader main = MAIN.open(); PackageReader updates = UPDATES.open()) {
			return Stream.concat(main.stream(), updates.stream()).map(PackageEntry::version).distinct().toList();
		}
	}

	private static PackageIndex bundled(String name) {
		return PackageIndex.of(() -> Objects.requireNonNull(Debian12.class.getResourceAsStream("/debian-12/" + name)));
	}

}
