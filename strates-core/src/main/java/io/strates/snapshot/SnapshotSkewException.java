package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the values of a request were observed too far apart in time. There is no
 * error of a single resource.
 *
 * @since 0.1.0
 */
public class SnapshotSkewException extends SnapshotIncompleteException {

	private static final long serialVersionUID = 1L;

	private final transient List<ResourceKey<?>> keys;

	private final transient ResourceKey<?> oldestKey;

	private final Instant oldestObservedAt;

	private final transient ResourceKey<?> newestKey;

	private final Instant newestObservedAt;

	private final Duration maxSkew;

	/**
	 * Creates an exception.
	 * @param keys the resources that were compared
	 * @param oldest the value that was observed first
	 * @param newest the value that was observed last
	 * @param maxSkew how far they may lie apart
	 * @param snapshot what was resolved, or {@code null} if nothing is there to tell
	 */
	public SnapshotSkewException(List<ResourceKey<?>> keys, SnapshotValue<?> oldest, SnapshotValue<?> newest,
			Duration maxSkew, @Nullable Snapshot snapshot) {
		super("The values of the snapshot lie " + Duration.between(oldest.observedAt(), newest.observedAt())
				+ " apart, which is more than " + maxSkew + ": " + oldest.key() + " was observed at "
				+ oldest.observedAt() + ", " + newest.key() + " at " + newest.observedAt()
				+ "; read the older one anew, or allow more", Map.of(), snapshot);
		this.keys = List.copyOf(keys);
		this.oldestKey = oldest.key();
		this.oldestObservedAt = oldest.observedAt();
		this.newestKey = newest.key();
		this.newestObservedAt = newest.observedAt();
		this.maxSkew = maxSkew;
	}

	/**
	 * Returns the resources that were compared.
	 * @return their keys, in the order of the request
	 */
	public List<ResourceKey<?>> keys() {
		return this.keys;
	}

	/**
	 * Returns the resource whose value was observed first.
	 * @return the key, the first of the request if there are several
	 */
	public ResourceKey<?> oldestKey() {
		return this.oldestKey;
	}

	/**
	 * Returns when the oldest value was observed.
	 * @return the time
	 */
	public Instant oldestObservedAt() {
		return this.oldestObservedAt;
	}

	/**
	 * Returns the resource whose value was observed last.
	 * @return the key, the first of the request if there are several
	 */
	public ResourceKey<?> newestKey() {
		return this.newestKey;
	}

	/**
	 * Returns when the newest value was observed.
	 * @return the time
	 */
	public Instant newestObservedAt() {
		return this.newestObservedAt;
	}

	/**
	 * Returns how far the values lie apart.
	 * @return the time from the oldest to the newest
	 */
	public Duration skew() {
		return Duration.between(this.oldestObservedAt, this.newestObservedAt);
	}

	/**
	 * Returns how far they may lie apart.
	 * @return the limit
	 */
	public Duration maxSkew() {
		return this.maxSkew;
	}

}
