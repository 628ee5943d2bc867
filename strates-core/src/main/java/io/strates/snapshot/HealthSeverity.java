package io.strates.snapshot;

import java.util.Locale;

/**
 * How bad a finding is, or the worst of all.
 *
 * @since 0.1.0
 */
public enum HealthSeverity {

	/** Nothing was found. */
	HEALTHY,

	/** Snapshots are still built, some of them slower or with less. */
	DEGRADED,

	/** Snapshots are not built, or only few. */
	CRITICAL;

	/**
	 * Returns the name of this severity in documents.
	 * @return the name, which never changes
	 */
	public String code() {
		return name().toLowerCase(Locale.ROOT);
	}

}
