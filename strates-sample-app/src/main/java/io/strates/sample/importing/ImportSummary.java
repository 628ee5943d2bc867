package io.strates.sample.importing;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.strates.query.Difference;

/** What the start has imported, in a few lines. */
final class ImportSummary {

	private final StringBuilder text = new StringBuilder();

	ImportSummary(String address, List<ImportedRelease> imported) {
		this.text.append("The catalogue is served at %s%n%n".formatted(address));
		this.text.append("  %-14s %10s %10s %9s %10s%n".formatted("release", "packages", "rows", "seconds", "rows/s"));
		for (ImportedRelease each : imported) {
			double seconds = each.elapsed().toMillis() / 1000.0;
			this.text.append(String.format(Locale.ROOT, "  %-14s %,10d %,10d %,9.1f %,10d%n",
					each.release().scopeId() + "/" + each.release().number(), each.packages(), each.rows(), seconds,
					Math.round(each.rows() / Math.max(seconds, 0.001))));
		}
	}

	ImportSummary difference(long from, long to, Map<Difference.Kind, Integer> counts) {
		this.text
			.append(String.format(Locale.ROOT, "%n  difference of %d and %d: %,d added, %,d changed, %,d removed%n",
					from, to, counts.getOrDefault(Difference.Kind.ADDED, 0),
					counts.getOrDefault(Difference.Kind.CHANGED, 0), counts.getOrDefault(Difference.Kind.REMOVED, 0)));
		return this;
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
