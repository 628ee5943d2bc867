package io.strates.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.strates.StratesException;

/**
 * Thrown for a derived resource of which an input could not be resolved.
 *
 * @since 0.1.0
 */
public class DependencyFailedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient ResourceKey<?> key;

	private final String source;

	private final transient Map<ResourceKey<?>, Throwable> errors;

	/**
	 * Creates an exception.
	 * @param key the derived resource
	 * @param source the derived source
	 * @param errors why inputs could not be resolved
	 */
	public DependencyFailedException(ResourceKey<?> key, String source, Map<ResourceKey<?>, Throwable> errors) {
		super(key + " cannot be derived by source '" + source + "', since inputs are missing: "
				+ errors.entrySet()
					.stream()
					.map((each) -> each.getKey() + ": " + each.getValue().getClass().getSimpleName() + "("
							+ each.getValue().getMessage() + ")")
					.collect(Collectors.joining("; ")));
		this.key = key;
		this.source = source;
		this.errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
	}

	/**
	 * Returns the derived resource.
	 * @return the key
	 */
	public ResourceKey<?> key() {
		return this.key;
	}

	/**
	 * Returns the derived source.
	 * @return its name
	 */
	public String source() {
		return this.source;
	}

	/**
	 * Returns why inputs could not be resolved.
	 * @return the failure of each input
	 */
	public Map<ResourceKey<?>, Throwable> errors() {
		return this.errors;
	}

}
