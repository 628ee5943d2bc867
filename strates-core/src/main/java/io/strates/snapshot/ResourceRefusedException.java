package io.strates.snapshot;

import java.util.List;
import java.util.stream.Collectors;

import io.strates.StratesException;

/**
 * Tells that the value of a resource, or its absence, violates an acceptance policy. It
 * is found among the errors of a {@link SnapshotRefusedException}.
 *
 * @since 0.1.0
 */
public class ResourceRefusedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient ResourceKey<?> key;

	private final transient List<AcceptanceViolation> violations;

	/**
	 * Creates an exception.
	 * @param key the resource
	 * @param violations what it has a part in
	 */
	public ResourceRefusedException(ResourceKey<?> key, List<AcceptanceViolation> violations) {
		super(key + " is not accepted: "
				+ violations.stream().map(AcceptanceViolation::message).collect(Collectors.joining("; ")));
		this.key = key;
		this.violations = List.copyOf(violations);
	}

	/**
	 * Returns the resource.
	 * @return the key
	 */
	public ResourceKey<?> key() {
		return this.key;
	}

	/**
	 * Returns the violations that name the resource.
	 * @return the violations
	 */
	public List<AcceptanceViolation> violations() {
		return this.violations;
	}

}
