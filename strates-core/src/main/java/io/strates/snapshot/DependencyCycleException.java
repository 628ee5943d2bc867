package io.strates.snapshot;

import java.util.List;
import java.util.stream.Collectors;

import io.strates.StratesException;

/**
 * Thrown for a derived resource that is computed from itself.
 *
 * @since 0.1.0
 */
public class DependencyCycleException extends StratesException {

	private static final long serialVersionUID = 1L;

	/** @serial the path, from the first key to the same again */
	private final List<String> path;

	/**
	 * Creates an exception.
	 * @param path the keys, from the first to the same again
	 */
	public DependencyCycleException(List<? extends ResourceKey<?>> path) {
		super("A resource is derived from itself: "
				+ path.stream().map(ResourceKey::toString).collect(Collectors.joining(" -> "))
				+ "; let one of these sources read something else");
		this.path = path.stream().map(ResourceKey::toString).toList();
	}

	/**
	 * Returns the way from the key to itself.
	 * @return the texts of the keys
	 */
	public List<String> path() {
		return this.path;
	}

}
