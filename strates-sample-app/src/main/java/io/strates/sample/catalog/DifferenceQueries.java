package io.strates.sample.catalog;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.strates.query.Difference;
import io.strates.query.PinRequest;
import io.strates.query.QueryService;
import io.strates.sample.suite.StateReader;
import io.strates.sample.suite.Suites;

import org.springframework.stereotype.Component;

/**
 * Compares releases of a suite.
 */
@Component
public class DifferenceQueries {

	/** How many names one statement asks for. */
	private static final int NAMES = 1_000;

	private final QueryService queries;

	private final StateReader states;

	private final PackageRepository packages;

	DifferenceQueries(QueryService queries, StateReader states, PackageRepository packages) {
		this.queries = queries;
		this.states = states;
		this.packages = packages;
	}

	/**
	 * Counts what became of the packages between two releases.
	 * @param suite the suite
	 * @param from the number of the earlier release
	 * @param to the number of the later release
	 * @return the number of packages for each thing that can happen to one
	 */
	public Map<Difference.Kind, Integer> count(String suite, long from, long to) {
		Map<Difference.Kind, Integer> counts = new EnumMap<>(Difference.Kind.class);
		namesByKind(suite, from, to).forEach((kind, names) -> counts.put(kind, names.size()));
		return counts;
	}

	DifferenceView between(String suite, long from, long to) {
		Map<Difference.Kind, SortedSet<String>> names = namesByKind(suite, from, to);
		List<String> changed = sorted(names, Difference.Kind.CHANGED);
		Map<String, String> before = versions(suite, from, changed);
		Map<String, String> after = versions(suite, to, changed);
		return new DifferenceView(sorted(names, Difference.Kind.ADDED), sorted(names, Difference.Kind.REMOVED), changed
			.stream()
			.map((name) -> new DifferenceView.Change(name, before.getOrDefault(name, ""), after.getOrDefault(name, "")))
			.toList());
	}

	private static List<String> sorted(Map<Difference.Kind, SortedSet<String>> names, Difference.Kind kind) {
		return List.copyOf(names.getOrDefault(kind, Collections.emptySortedSet()));
	}

	private Map<Difference.Kind, SortedSet<String>> namesByKind(String suite, long from, long to) {
		Map<Difference.Kind, SortedSet<String>> names = new EnumMap<>(Difference.Kind.class);
		try (Stream<Difference> differences = this.queries.difference(DebianPackage.class,
				PinRequest.release(Suites.SCOPE, suite, from), PinRequest.release(Suites.SCOPE, suite, to))) {
			differences.forEach((difference) -> names.computeIfAbsent(difference.kind(), (kind) -> new TreeSet<>())
				.add((String) difference.id()));
		}
		return names;
	}

	private Map<String, String> versions(String suite, long release, List<String> names) {
		Map<String, String> versions = new HashMap<>();
		this.states.read(suite, release, () -> {
			for (int i = 0; i < names.size(); i += NAMES) {
				this.packages.findVersions(names.subList(i, Math.min(i + NAMES, names.size())))
					.forEach((row) -> versions.put(row.getName(), row.getVersion()));
			}
			return versions;
		});
		return versions;
	}

}
