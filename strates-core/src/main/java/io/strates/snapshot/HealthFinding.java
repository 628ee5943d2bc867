package io.strates.snapshot;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One reason why a builder is not healthy.
 *
 * @param reason what was found
 * @param severity how bad it is
 * @param metric what was measured
 * @param observed the number that was measured; one for what is so or not
 * @param threshold the number from which, or above which, it is that bad
 * @param component the part that it was found in, empty for the whole
 * @since 0.1.0
 */
public record HealthFinding(HealthReason reason, HealthSeverity severity, String metric, double observed,
		double threshold, String component) {

	/**
	 * Returns this finding as a document.
	 * @return texts and numbers by name, in a fixed order
	 */
	public Map<String, @Nullable Object> toMap() {
		return Documents.document()
			.with("reason", this.reason.code())
			.with("severity", this.severity.code())
			.with("metric", this.metric)
			.with("observed", Documents.number(this.observed))
			.with("threshold", Documents.number(this.threshold))
			.with("component", this.component)
			.toMap();
	}

}
