package io.strates.sample.catalog;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.strates.build.Branches;
import io.strates.build.Build;
import io.strates.build.BuildWriter;
import io.strates.query.PinRequest;
import io.strates.sample.debian.DebianVersion;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.debian.PackageIndex;
import io.strates.sample.debian.PackageSelection;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Writes the next state of a suite into a build. Memory holds one small record for each
 * package name, and the chunks in flight.
 */
/*
 * The suite and what packages refer to come first and are committed before anything that
 * refers to them. The packages of an index then go out in two branches. Each reads the
 * index by itself and takes every other stanza: unpacking and parsing is a small part of
 * the work, and a queue between one reader and several writers would have to be emptied
 * when one of them fails.
 *
 * An overlay copies from the live state what the index does not surpass. Packages go
 * first, since dependencies and tags refer to them.
 */
@Component
public class CatalogWriter {

	private static final int SHARES = 2;

	private final LiveCatalog live;

	/** Is told how much a build will hold, before the first row is written. */
	@FunctionalInterface
	public interface Expectation {

		/**
		 * The index has been read and is without fault.
		 * @param packages how many packages there will be
		 * @param rows about how many rows there will be in all
		 */
		void rows(int packages, long rows);

	}

	CatalogWriter(LiveCatalog live) {
		this.live = live;
	}

	/**
	 * Writes the state that an index describes.
	 * @param build the build to write to
	 * @param index the index
	 * @param expected told how much there will be, before the first row is written
	 * @throws IOException if the index's source fails
	 * @throws io.strates.sample.debian.BrokenIndexException if the index has a fault;
	 * nothing is written then
	 */
	public void writeFull(Build build, PackageIndex index, Expectation expected) throws IOException {
		PackageSelection selection = PackageSelection.of(index);
		expected.rows(selection.size(), selection.size() + selection.entries());
		CatalogRows rows = new CatalogRows(new Suite(build.scopeId()), selection);
		writeVocabulary(build.writer(), rows);
		addSelected(build.branches(), selection, rows).run();
	}

	/**
	 * Writes a live state, with those packages of an index that are new or newer.
	 * @param build the build to write to
	 * @param base the live state
	 * @param index the index
	 * @param expected told how much there will be, before the first row is written
	 * @throws IOException if the index's source fails
	 * @throws io.strates.sample.debian.BrokenIndexException if the index has a fault;
	 * nothing is written then
	 */
	public void writeOverlay(Build build, PinRequest base, PackageIndex index, Expectation expected)
			throws IOException {
		Map<String, LiveCatalog.Summary> summaries = this.live.summaries(base);
		PackageSelection selection = PackageSelection.over((name) -> versionOf(summaries.get(name)), index);
		summaries.keySet().removeIf(selection::contains);
		int packages = summaries.size() + selection.size();
		expected.rows(packages, packages + selection.entries() + this.live.countEntries(base));
		Predicate<String> kept = summaries::containsKey;
		CatalogRows rows = rows(build, base, summaries, selection);
		writeVocabulary(build.writer(), rows);
		addSelected(build.branches(), selection, rows)
			.branch("live packages", (writer) -> this.live.copyPackages(base, kept, writer))
			.run();
		build.branches()
			.branch("live dependencies", (writer) -> this.live.copyDependencies(base, kept, writer))
			.branch("live tags", (writer) -> this.live.copyTags(base, kept, writer))
			.run();
	}

	private static @Nullable DebianVersion versionOf(LiveCatalog.@Nullable Summary summary) {
		return (summary != null) ? summary.version() : null;
	}

	/** What the selected packages refer to, and what those refer to that are kept. */
	private CatalogRows rows(Build build, PinRequest base, Map<String, LiveCatalog.Summary> kept,
			PackageSelection selection) {
		Set<String> sections = new TreeSet<>(selection.sections());
		Set<String> maintainers = new TreeSet<>(selection.maintainers());
		Set<String> tags = new TreeSet<>(selection.tags());
		for (LiveCatalog.Summary summary : kept.values()) {
			addUnlessNull(sections, summary.section());
			addUnlessNull(maintainers, summary.maintainer());
		}
		tags.addAll(this.live.tags(base, kept::containsKey));
		return new CatalogRows(new Suite(build.scopeId()), sections, maintainers, tags);
	}

	private static void addUnlessNull(Set<String> target, @Nullable String text) {
		if (text != null) {
			target.add(text);
		}
	}

	private static void writeVocabulary(BuildWriter writer, CatalogRows rows) {
		writer.write(rows.suite());
		writer.writeAll(rows.sections());
		writer.writeAll(rows.maintainers());
		writer.writeAll(rows.tags());
		writer.flush();
	}

	private static Branches addSelected(Branches branches, PackageSelection selection, CatalogRows rows) {
		for (int i = 0; i < SHARES; i++) {
			int share = i;
			branches.branch("packages of the index, share " + (share + 1), (writer) -> {
				try (Stream<PackageEntry> packages = selection.packages(share, SHARES)) {
					packages.map(rows::of).forEach((row) -> write(row, writer));
				}
			});
		}
		return branches;
	}

	private static void write(PackageRows rows, BuildWriter writer) {
		writer.write(rows.debianPackage());
		writer.writeAll(rows.dependencies());
		writer.writeAll(rows.tags());
	}

}
