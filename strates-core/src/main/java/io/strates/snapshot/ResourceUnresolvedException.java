package io.strates.snapshot;

import java.util.List;

import io.strates.StratesException;

/**
 * Thrown for a resource for which no source had an acceptable value.
 *
 * @since 0.1.0
 */
public class ResourceUnresolvedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private static final int SHOWN = 3;

	private final transient ResourceKey<?> key;

	private final transient List<SourceFailure> failures;

	/**
	 * Creates an exception.
	 * @param key the resource
	 * @param failures what each source answered, in the order in which they were asked
	 */
	public ResourceUnresolvedException(ResourceKey<?> key, List<SourceFailure> failures) {
		super(text(key, failures));
		this.key = key;
		this.failures = List.copyOf(failures);
	}

	private static String text(ResourceKey<?> key, List<SourceFailure> failures) {
		if (failures.isEmpty()) {
			return key + " cannot be resolved: no source of its type supports it; add one";
		}
		return key + " cannot be resolved: " + SourceFailure.text(failures, SHOWN);
	}

	/**
	 * Returns the resource.
	 * @return the key
	 */
	public ResourceKey<?> key() {
		return this.key;
	}

	/**
	 * Returns what each source answered.
	 * @return the failures, in the order in which the sources were asked
	 */
	public List<SourceFailure> failures() {
		return this.failures;
	}

}
