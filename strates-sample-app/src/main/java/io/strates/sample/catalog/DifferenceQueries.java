package io.strates.sample.catalog;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
		Map<Difference.Kind, TreeSet<String>> names = namesByKind(suite, from, to);
		List<String> changed = List.copyOf(names.get(Difference.Kind.CHANGED));
		Map<String, String> before = versions(suite, from, changed);
		Map<String, String> after = versions(suite, to, changed);
		return new DifferenceView(List.copyOf(names.get(Difference.Kind.ADDED)),
				List.copyOf(names.get(Difference.Kind.REMOVED)),
				changed.stream()
					.map((name) -> new DifferenceView.Change(name, before.getOrDefault(name, ""),
							after.getOrDefault(name, "")))
					.toList());
	}

	private Map<Difference.Kind, TreeSet<String>> namesByKind(String suite, long from, long to) {
		Map<Difference.Kind, TreeSet<String>> names = new EnumMap<>(Difference.Kind.class);
		for (Difference.Kind kind : Difference.Kind.values()) {
			names.put(kind, new TreeSet<>());
		}
		try (Stream<Difference> differences = this.queries.difference(DebianPackage.class,
				PinRequest.release(Suites.SCOPE, suite, from), PinRequest.release(Suites.SCOPE, suite, to))) {
			differences.forEach((difference) -> names.get(difference.kind()).add((String) difference.id()));
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
