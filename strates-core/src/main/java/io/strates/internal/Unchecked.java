package io.strates.internal;

/**
 * Lets checked exceptions pass through methods that do not declare them, for callers that
 * know what their own code throws.
 */
public final class Unchecked {

	private Unchecked() {
	}

	/**
	 * Throws an exception as it is.
	 * @param failure the exception, checked or not
	 * @return never; lets the compiler see that a caller who throws this ends there
	 */
	public static RuntimeException rethrow(Throwable failure) {
		throw Unchecked.<RuntimeException>cast(failure);
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <E extends Throwable> E cast(Throwable failure) throws E {
		throw (E) failure;
	}

}
