package io.strates.snapshot;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import io.strates.snapshot.CapabilityMissingException.Mismatch;
import org.jspecify.annotations.Nullable;

/**
 * What the library that is there can do with snapshots, and which versions of documents
 * it writes. An application that needs something asks for it when it starts.
 *
 * @since 0.1.0
 */
public final class SnapshotCapabilities {

	/** The name of the shape of {@link #toMap()}. */
	public static final String SCHEMA = "strates.capabilities";

	/** The version of that shape. */
	public static final int SCHEMA_VERSION = 1;

	private static final String API_STABILITY = "0.1";

	private static final SortedSet<String> FEATURES = Collections
		.unmodifiableSortedSet(new TreeSet<>(List.of("batched_refreshes", "builder_health_assessment",
				"builder_health_serialization", "consistent_cut", "derived_resources", "hedged_calls",
				"publication_backlog", "released_states", "request_outcomes", "snapshot_acceptance",
				"snapshot_consistency", "snapshot_requests", "source_authority", "transactional_revalidation",
				"transport_timeouts", "value_isolation", "versioned_error_diagnostics")));

	private static final SortedMap<String, Integer> SCHEMAS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of( //
			"builder_health", BuilderHealth.SCHEMA_VERSION, //
			"builder_health_assessment", HealthAssessment.SCHEMA_VERSION, //
			"capabilities", SCHEMA_VERSION, //
			"error_diagnostics", ErrorDiagnostics.SCHEMA_VERSION)));

	private static final SortedMap<String, Object> DEFAULTS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of( //
			"consistent_cut", false, //
			"hedged_calls", false, //
			"mutable_values", "refused")));

	private final String version;

	SnapshotCapabilities(String version) {
		this.version = version;
	}

	/**
	 * Returns what the library that is there can do.
	 * @return the capabilities
	 */
	public static SnapshotCapabilities current() {
		String version = SnapshotCapabilities.class.getPackage().getImplementationVersion();
		return new SnapshotCapabilities((version != null) ? version : "development");
	}

	/**
	 * Returns the version of the library.
	 * @return the version, {@code development} if it does not come from an archive
	 */
	public String version() {
		return this.version;
	}

	/**
	 * Returns what it can do.
	 * @return the names of features
	 */
	public SortedSet<String> features() {
		return FEATURES;
	}

	/**
	 * Returns which documents it writes.
	 * @return the versions of their shapes by name
	 */
	public SortedMap<String, Integer> schemas() {
		return SCHEMAS;
	}

	/**
	 * Returns what it does if nothing else is said.
	 * @return texts and truth values by name
	 */
	public SortedMap<String, Object> defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns whether it can do something.
	 * @param feature the name of the feature
	 * @return whether it can
	 */
	public boolean supports(String feature) {
		return FEATURES.contains(feature);
	}

	/**
	 * Fails if something is missing that is needed.
	 * @param features the names of the features that are needed
	 * @param schemas the least versions of shapes that are needed, by name
	 * @return this
	 * @throws CapabilityMissingException if a feature is missing, or a shape is missing
	 * or too old
	 */
	public SnapshotCapabilities require(Collection<String> features, Map<String, Integer> schemas) {
		SortedSet<String> missing = new TreeSet<>(features);
		missing.removeAll(FEATURES);
		SortedMap<String, Mismatch> mismatches = new TreeMap<>();
		schemas.forEach((name, minimum) -> {
			Integer installed = SCHEMAS.get(name);
			if (installed == null || installed < minimum) {
				mismatches.put(name, new Mismatch(minimum, installed));
			}
		});
		if (!missing.isEmpty() || !mismatches.isEmpty()) {
			throw new CapabilityMissingException(missing, mismatches);
		}
		return this;
	}

	/**
	 * Returns the capabilities as a document of the shape {@value #SCHEMA}.
	 * @return texts, lists and maps by name, in a fixed order
	 */
	public Map<String, @Nullable Object> toMap() {
		return Documents.document(SCHEMA, SCHEMA_VERSION)
			.with("package_version", this.version)
			.with("api_stability", API_STABILITY)
			.with("java_requires", ">=17")
			.with("stability", "beta")
			.with("features", List.copyOf(FEATURES))
			.with("schemas", SCHEMAS)
			.with("defaults", DEFAULTS)
			.toMap();
	}

}
