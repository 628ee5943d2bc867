package io.strates.snapshot;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is to be thought of the health of a builder.
 *
 * @since 0.1.0
 */
public final class HealthAssessment {

	/** The name of the shape of {@link #toMap()}. */
	public static final String SCHEMA = "strates.builder-health-assessment";

	/** The version of that shape. */
	public static final int SCHEMA_VERSION = 1;

	private final List<HealthFinding> findings;

	private final boolean baselineUsed;

	HealthAssessment(List<HealthFinding> findings, boolean baselineUsed) {
		this.findings = List.copyOf(findings);
		this.baselineUsed = baselineUsed;
	}

	/**
	 * Returns how bad it is.
	 * @return the worst of the findings
	 */
	public HealthSeverity severity() {
		return this.findings.stream()
			.map(HealthFinding::severity)
			.max(HealthSeverity::compareTo)
			.orElse(HealthSeverity.HEALTHY);
	}

	/**
	 * Returns what was found.
	 * @return the findings, in the order of the reasons
	 */
	public List<HealthFinding> findings() {
		return this.findings;
	}

	/**
	 * Returns why the builder is not healthy.
	 * @return the reasons of the findings, each once
	 */
	public List<HealthReason> reasons() {
		return this.findings.stream().map(HealthFinding::reason).distinct().toList();
	}

	/**
	 * Returns whether there was an earlier state to compare the counts with.
	 * @return {@code false} if the counts did not matter
	 */
	public boolean isBaselineUsed() {
		return this.baselineUsed;
	}

	/**
	 * Returns this assessment as a document of the shape {@value #SCHEMA}.
	 * @return texts, numbers, truth values and lists by name, in a fixed order
	 */
	public Map<String, @Nullable Object> toMap() {
		return Documents.document(SCHEMA, SCHEMA_VERSION)
			.with("severity", severity().code())
			.with("baseline_used", this.baselineUsed)
			.with("reasons", reasons().stream().map(HealthReason::code).toList())
			.with("findings", this.findings.stream().map(HealthFinding::toMap).toList())
			.toMap();
	}

	@Override
	public String toString() {
		return "HealthAssessment[" + severity() + ", " + reasons() + "]";
	}

}
