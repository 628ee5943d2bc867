package io.strates.snapshot;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How one snapshot, or one session, is built. Immutable; each method returns other
 * options.
 *
 * @since 0.1.0
 */
public final class SnapshotOptions {

	private static final SnapshotOptions DEFAULTS = new SnapshotOptions(null, Map.of(), null, true, false);

	private final @Nullable Duration deadline;

	private final Map<String, Object> metadata;

	private final @Nullable String id;

	private final boolean strict;

	private final boolean consistentCut;

	private SnapshotOptions(@Nullable Duration deadline, Map<String, Object> metadata, @Nullable String id,
			boolean strict, boolean consistentCut) {
		this.deadline = deadline;
		this.metadata = metadata;
		this.id = id;
		this.strict = strict;
		this.consistentCut = consistentCut;
	}

	/**
	 * Returns options without a deadline, where a resource that cannot be resolved is an
	 * exception.
	 * @return the options
	 */
	public static SnapshotOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets how long everything may take; of a session, all of its stages together.
	 * @param limit the time from now, or from the begin of the session
	 * @return the options
	 * @throws IllegalArgumentException if it is not positive
	 */
	public SnapshotOptions within(Duration limit) {
		if (limit.isNegative() || limit.isZero()) {
			throw new IllegalArgumentException("The deadline of a snapshot is " + limit + "; set a positive duration");
		}
		return new SnapshotOptions(limit, this.metadata, this.id, this.strict, this.consistentCut);
	}

	/**
	 * Sets what sources see of the caller.
	 * @param values names and values
	 * @return the options
	 */
	public SnapshotOptions metadata(Map<String, ?> values) {
		return new SnapshotOptions(this.deadline, Map.copyOf(values), this.id, this.strict, this.consistentCut);
	}

	/**
	 * Sets the name of the snapshot, instead of a random one.
	 * @param name the identifier
	 * @return the options
	 * @throws IllegalArgumentException if it is blank
	 */
	public SnapshotOptions id(String name) {
		if (name.isBlank()) {
			throw new IllegalArgumentException("The id of a snapshot is blank; name it, or leave it out");
		}
		return new SnapshotOptions(this.deadline, this.metadata, name, this.strict, this.consistentCut);
	}

	/**
	 * Lets resources that cannot be resolved be errors of the snapshot, instead of an
	 * exception.
	 * @return the options
	 */
	public SnapshotOptions lenient() {
		return new SnapshotOptions(this.deadline, this.metadata, this.id, false, this.consistentCut);
	}

	/**
	 * Has all values of a snapshot be those that the cache held at one moment, the end of
	 * it: what was replaced in the cache while others were read is taken once more, until
	 * nothing was replaced meanwhile or the deadline comes. Not for sessions, whose
	 * values stay as they are.
	 * @return the options
	 */
	public SnapshotOptions consistentCut() {
		return new SnapshotOptions(this.deadline, this.metadata, this.id, this.strict, true);
	}

	@Nullable Duration deadline() {
		return this.deadline;
	}

	Map<String, Object> metadata() {
		return this.metadata;
	}

	@Nullable String id() {
		return this.id;
	}

	boolean isStrict() {
		return this.strict;
	}

	boolean isConsistentCut() {
		return this.consistentCut;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof SnapshotOptions options && Objects.equals(this.deadline, options.deadline)
				&& this.metadata.equals(options.metadata) && Objects.equals(this.id, options.id)
				&& this.strict == options.strict && this.consistentCut == options.consistentCut;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.deadline, this.metadata, this.id, this.strict, this.consistentCut);
	}

}
