package io.strates.build;

import io.strates.StratesException;

/**
 * Thrown by {@link Build#call} when the work ended with a checked exception.
 *
 * @since 0.1.0
 */
public class BuildWorkException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param build the build that was worked on
	 * @param cause what the work threw
	 */
	public BuildWorkException(BuildInfo build, Exception cause) {
		super("Work on " + build.describe() + " ended with " + cause + "; the build is still open", cause);
	}

}
