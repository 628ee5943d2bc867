package io.strates.internal;

import org.jspecify.annotations.Nullable;

/**
 * Checks what callers pass, and names it where it is wrong.
 */
public final class Arguments {

	private Arguments() {
	}

	/**
	 * Requires that an argument was passed.
	 * @param value the argument
	 * @param name its name
	 * @param <T> its type
	 * @return the argument
	 * @throws NullPointerException if it is {@code null}
	 */
	public static <T> T notNull(@Nullable T value, String name) {
		if (value == null) {
			throw new NullPointerException(name + " is null; pass a value");
		}
		return value;
	}

	/**
	 * Requires that a part of a builder is passed, for the first time.
	 * @param before the part as it is, or {@code null} if it was not given yet
	 * @param value the part
	 * @param name its name
	 * @param <T> its type
	 * @return the part
	 * @throws IllegalStateException if it was given already
	 * @throws NullPointerException if it is {@code null}
	 */
	public static <T> T once(@Nullable T before, @Nullable T value, String name) {
		if (before != null) {
			throw new IllegalStateException(
					name + " is set already to " + before + "; set it once, not to " + value + " too");
		}
		return notNull(value, name);
	}

	/**
	 * Requires that a part of a builder was given.
	 * @param value the part, or {@code null} if it was not given
	 * @param name its name
	 * @param <T> its type
	 * @return the part
	 * @throws IllegalStateException if it is missing
	 */
	public static <T> T given(@Nullable T value, String name) {
		if (value == null) {
			throw new IllegalStateException(name + " is missing; call " + name + "(…) before build()");
		}
		return value;
	}

}
