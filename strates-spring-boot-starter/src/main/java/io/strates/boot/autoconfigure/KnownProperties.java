package io.strates.boot.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.springframework.core.ResolvableType;

/**
 * The names of all properties, to find the one that was meant by a name that there is
 * not. Names that the application chooses, such as that of a cache, are not known.
 */
final class KnownProperties {

	private static final String CHOSEN = "<name>";

	/** So many letters that differ are a slip. */
	private static final int SLIP = 2;

	private final List<String> names = new ArrayList<>();

	KnownProperties() {
		collect("strates", StratesProperties.class);
	}

	private void collect(String prefix, Class<?> type) {
		for (RecordComponent component : type.getRecordComponents()) {
			String name = prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			ResolvableType map = ResolvableType.forType(component.getGenericType()).asMap();
			Class<?> value = map.getGeneric(1).resolve(component.getType());
			if (map.hasGenerics()) {
				name += "." + CHOSEN;
			}
			if (value.isRecord() && value.isMemberClass()) {
				collect(name, value);
			}
			else {
				this.names.add(name);
			}
		}
	}

	/**
	 * Returns what may have been meant.
	 * @param unknown the name of a property that there is not
	 * @return the nearest names, the nearest first; none if nothing is like it
	 */
	List<String> nearest(String unknown) {
		List<String> likely = this.names.stream()
			.filter((name) -> distance(last(name), last(unknown)) <= SLIP
					&& distance(begin(name), begin(unknown)) < SLIP)
			.map((name) -> chosen(name, unknown))
			.sorted(Comparator.<String>comparingInt((name) -> distance(last(name), last(unknown)))
				.thenComparingInt((name) -> distance(name, unknown)))
			.toList();
		if (likely.isEmpty()) {
			return this.names.stream().filter((name) -> distance(name, unknown) <= SLIP).limit(1).toList();
		}
		int slips = distance(last(likely.get(0)), last(unknown));
		boolean sure = distance(likely.get(0), unknown) <= SLIP;
		return likely.stream()
			.filter((name) -> distance(last(name), last(unknown)) == slips)
			.limit(sure ? 1 : SLIP)
			.toList();
	}

	/**
	 * Returns what there is where a property was looked for.
	 * @param unknown the name of a property that there is not
	 * @return the names below the nearest group that there is
	 */
	Set<String> siblings(String unknown) {
		for (String group = parent(unknown); !group.isEmpty(); group = parent(group)) {
			String prefix = group + ".";
			Set<String> found = new TreeSet<>();
			for (String name : this.names) {
				String full = chosen(name, unknown);
				if (full.startsWith(prefix)) {
					found.add(prefix + full.substring(prefix.length()).replaceAll("\\..*", ".…"));
				}
			}
			if (!found.isEmpty()) {
				return found;
			}
		}
		return Set.of();
	}

	/** Puts what the application has chosen into a name, or may have. */
	private static String chosen(String name, String unknown) {
		List<String> parts = List.of(unknown.split("\\.", -1));
		Stream<String> guesses = (parts.size() > 3)
				? parts.subList(2, parts.size() - 1).stream().map((part) -> name.replace(CHOSEN, part))
				: Stream.of(name);
		return guesses.min(Comparator.comparingInt((guess) -> distance(guess, unknown))).orElse(name);
	}

	private static String parent(String name) {
		int end = name.lastIndexOf('.');
		return (end < 0) ? "" : name.substring(0, end);
	}

	private static String last(String name) {
		return name.substring(name.lastIndexOf('.') + 1);
	}

	/** The capability that a property belongs to. */
	private static String begin(String name) {
		String[] parts = name.split("\\.", -1);
		return (parts.length > 2) ? parts[1] : "";
	}

	/** Returns how many letters have to be changed, added or removed. */
	private static int distance(String one, String other) {
		int[] before = IntStream.rangeClosed(0, other.length()).toArray();
		for (int i = 1; i <= one.length(); i++) {
			int[] row = new int[other.length() + 1];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int change = before[j - 1] + ((one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1);
				row[j] = Math.min(change, 1 + Math.min(before[j], row[j - 1]));
			}
			before = row;
		}
		return before[other.length()];
	}

}
