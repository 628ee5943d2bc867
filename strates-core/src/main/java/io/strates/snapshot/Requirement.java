package io.strates.snapshot;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * How many resources of a group have to be there, each with a value that follows its
 * {@link AcceptanceRule}.
 *
 * @param keys the group, without repetitions
 * @param minimumCount how many at least
 * @param name names the requirement in messages, may be empty
 * @since 0.1.0
 */
public record Requirement(List<ResourceKey<?>> keys, int minimumCount, String name) {

	/**
	 * Creates a requirement.
	 * @throws IllegalArgumentException if there are no keys, or the count is less than
	 * one or more than there are keys
	 */
	public Requirement {
		keys = keys.stream().distinct().toList();
		name = name.strip();
		if (keys.isEmpty()) {
			throw new IllegalArgumentException("A requirement has no keys; name one at least");
		}
		if (minimumCount < 1 || minimumCount > keys.size()) {
			throw new IllegalArgumentException("minimumCount is " + minimumCount + " of " + keys.size()
					+ " keys; set a number from 1 to " + keys.size());
		}
	}

	/**
	 * Requires all of a group.
	 * @param keys the group
	 * @return the requirement
	 * @throws IllegalArgumentException if there are no keys
	 */
	public static Requirement allOf(ResourceKey<?>... keys) {
		return new Requirement(List.of(keys), (int) Arrays.stream(keys).distinct().count(), "");
	}

	/**
	 * Requires one of a group.
	 * @param keys the group
	 * @return the requirement
	 * @throws IllegalArgumentException if there are no keys
	 */
	public static Requirement anyOf(ResourceKey<?>... keys) {
		return new Requirement(List.of(keys), 1, "");
	}

	/**
	 * Requires some of a group.
	 * @param minimumCount how many at least
	 * @param keys the group
	 * @return the requirement
	 * @throws IllegalArgumentException if there are no keys, or the count is less than
	 * one or more than there are keys
	 */
	public static Requirement atLeast(int minimumCount, Collection<? extends ResourceKey<?>> keys) {
		return new Requirement(List.copyOf(keys), minimumCount, "");
	}

	/**
	 * Returns this requirement with a name.
	 * @param name names it in messages
	 * @return the requirement
	 */
	public Requirement named(String name) {
		return new Requirement(this.keys, this.minimumCount, name);
	}

}
