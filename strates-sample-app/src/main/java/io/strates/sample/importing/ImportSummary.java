package io.strates.sample.importing;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.strates.query.Difference;

/** What the start has imported, in a few lines. */
final class ImportSummary {

	private final StringBuilder text = new StringBuilder();

	ImportSummary(String address, List<ImportedRelease> imported) {
		append("The catalogue is served at %s%n%n", address);
		append("  %-14s %10s %10s %9s %10s%n", "release", "packages", "rows", "seconds", "rows/s");
		for (ImportedRelease each : imported) {
			double seconds = each.elapsed().toMillis() / 1000.0;
			append("  %-14s %,10d %,10d %,9.1f %,10d%n", each.release().scopeId() + "/" + each.release().number(),
					each.packages(), each.rows(), seconds, Math.round(each.rows() / Math.max(seconds, 0.001)));
		}
	}

	ImportSummary difference(long from, long to, Map<Difference.Kind, Integer> counts) {
		append("%n  difference of %d and %d: %,d added, %,d changed, %,d removed%n", from, to,
				counts.getOrDefault(Difference.Kind.ADDED, 0), counts.getOrDefault(Difference.Kind.CHANGED, 0),
				counts.getOrDefault(Difference.Kind.REMOVED, 0));
		return this;
	}

	private void append(String format, Object... arguments) {
		this.text.append(String.format(Locale.ROOT, format, arguments));
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
