package io.strates.sample.debian;

import java.io.IOException;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * One package for each name of an index: the highest version, or of equal ones the first.
 *
 * <p>
 * A selection {@linkplain #over over a live state} leaves out what does not surpass it:
 * the live package comes first, so the index must offer a higher version. Immutable and
 * thread-safe, except that its index must stay open.
 */
/*
 * Two passes. The first reads the whole index, so that every fault shows before anything
 * is written, and keeps for each name the best stanza so far: its ordinal, its version,
 * and references to pooled texts for the vocabulary. The second reads the index again and
 * lets through the chosen ordinals, which by then are a bit set. The packages themselves
 * are never in memory together.
 */
public final class PackageSelection {

	private final PackageIndex index;

	private final int stanzas;

	private final Set<String> names;

	private final long entries;

	private final BitSet chosen;

	private final Vocabulary vocabulary;

	private PackageSelection(PackageIndex index, int stanzas, Map<String, Candidate> candidates) {
		this.index = index;
		this.stanzas = stanzas;
		this.names = Set.copyOf(candidates.keySet());
		this.entries = candidates.values().stream().mapToLong(Candidate::entries).sum();
		this.chosen = new BitSet(stanzas);
		candidates.values().forEach((candidate) -> this.chosen.set(candidate.ordinal()));
		this.vocabulary = Vocabulary.of(candidates.values());
	}

	/**
	 * Reads an index and selects from all of it.
	 * @param index the index, which must stay open as long as the selection is in use
	 * @return the selection
	 * @throws IOException if the index's source fails
	 * @throws BrokenIndexException if the index has a fault
	 */
	public static PackageSelection of(PackageIndex index) throws IOException {
		return over((name) -> null, index);
	}

	/**
	 * Reads an index and selects what surpasses a live state.
	 * @param live the live version of a name, or {@code null} if the name is not live
	 * @param index the index, which must stay open as long as the selection is in use
	 * @return the selection, which may be empty
	 * @throws IOException if the index's source fails
	 * @throws BrokenIndexException if the index has a fault
	 */
	public static PackageSelection over(Function<String, @Nullable DebianVersion> live, PackageIndex index)
			throws IOException {
		Map<String, Candidate> candidates = new HashMap<>();
		Map<String, String> pool = new HashMap<>();
		int ordinal = 0;
		try (PackageReader reader = index.open()) {
			for (; reader.hasNext(); ordinal++) {
				PackageEntry entry = reader.next();
				Candidate best = candidates.get(entry.name());
				DebianVersion bar = (best != null) ? best.version() : live.apply(entry.name());
				if (bar == null || entry.version().compareTo(bar) > 0) {
					candidates.put(entry.name(), Candidate.of(entry, ordinal, pool));
				}
			}
		}
		return new PackageSelection(index, ordinal, candidates);
	}

	/**
	 * Returns how many stanzas the index has.
	 */
	public int stanzas() {
		return this.stanzas;
	}

	/**
	 * Returns how many packages are selected, each with another name.
	 */
	public int size() {
		return this.names.size();
	}

	/**
	 * Returns how many alternatives and tags the selected packages have.
	 */
	public long entries() {
		return this.entries;
	}

	/**
	 * Returns whether a package of that name is selected; over a live state, whether the
	 * live one gives way.
	 * @param name the name
	 * @return whether it is selected
	 */
	public boolean contains(String name) {
		return this.names.contains(name);
	}

	/**
	 * Returns the sections that the selected packages name, sorted.
	 */
	public Set<String> sections() {
		return this.vocabulary.sections();
	}

	/**
	 * Returns the maintainers that the selected packages name, sorted.
	 */
	public Set<String> maintainers() {
		return this.vocabulary.maintainers();
	}

	/**
	 * Returns the tags that the selected packages name, sorted.
	 */
	public Set<String> tags() {
		return this.vocabulary.tags();
	}

	/**
	 * Reads the index again and returns the selected packages, in its order, as they are
	 * asked for.
	 * @return a sequential stream, for the caller to close
	 * @throws IOException if the index's source fails
	 */
	public Stream<PackageEntry> packages() throws IOException {
		return packages(0, 1);
	}

	/**
	 * Reads the index again and returns one share of the selected packages, so that
	 * several readers can each take another.
	 * @param share which share, from 0
	 * @param shares how many there are
	 * @return a sequential stream, for the caller to close
	 * @throws IOException if the index's source fails
	 */
	public Stream<PackageEntry> packages(int share, int shares) throws IOException {
		return this.index.open().stream().filter(new ChosenInOrder(share, shares));
	}

	/** Counts the stanzas that pass by, which is why the stream must be sequential. */
	private final class ChosenInOrder implements Predicate<PackageEntry> {

		private final int share;

		private final int shares;

		private int ordinal;

		ChosenInOrder(int share, int shares) {
			this.share = share;
			this.shares = shares;
		}

		@Override
		public boolean test(PackageEntry entry) {
			int stanza = this.ordinal++;
			return stanza % this.shares == this.share && PackageSelection.this.chosen.get(stanza);
		}

	}

	/** The best stanza of a name so far. */
	private record Candidate(int ordinal, DebianVersion version, @Nullable String section, @Nullable String maintainer,
			List<String> tags, int alternatives) {

		static Candidate of(PackageEntry entry, int ordinal, Map<String, String> pool) {
			return new Candidate(ordinal, entry.version(), pooledOrNull(entry.section(), pool),
					pooledOrNull(entry.maintainer(), pool),
					entry.tags().stream().map((tag) -> pooled(tag, pool)).toList(),
					entry.dependencies().stream().mapToInt((clause) -> clause.alternatives().size()).sum());
		}

		int entries() {
			return this.tags.size() + this.alternatives;
		}

		private static @Nullable String pooledOrNull(@Nullable String text, Map<String, String> pool) {
			return (text != null) ? pooled(text, pool) : null;
		}

		private static String pooled(String text, Map<String, String> pool) {
			return pool.computeIfAbsent(text, Function.identity());
		}

	}

	/** What the selected packages refer to. */
	private record Vocabulary(Set<String> sections, Set<String> maintainers, Set<String> tags) {

		static Vocabulary of(Iterable<Candidate> candidates) {
			Set<String> sections = new TreeSet<>();
			Set<String> maintainers = new TreeSet<>();
			Set<String> tags = new TreeSet<>();
			for (Candidate candidate : candidates) {
				addUnlessNull(sections, candidate.section());
				addUnlessNull(maintainers, candidate.maintainer());
				tags.addAll(candidate.tags());
			}
			return new Vocabulary(Collections.unmodifiableSet(sections), Collections.unmodifiableSet(maintainers),
					Collections.unmodifiableSet(tags));
		}

		private static void addUnlessNull(Set<String> target, @Nullable String value) {
			if (value != null) {
				target.add(value);
			}
		}

	}

}
