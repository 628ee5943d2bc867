package io.strates.release;

import io.strates.StratesException;
import io.strates.build.BuildInfo;

/**
 * Thrown when the status of a build does not allow its release.
 *
 * @since 0.1.0
 */
public class ReleaseRefusedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient BuildInfo build;

	/**
	 * Creates an exception.
	 * @param build the build as it was found
	 * @param remedy what would be allowed
	 */
	public ReleaseRefusedException(BuildInfo build, String remedy) {
		super(build.describe() + " is " + build.status()
				+ ((build.failure() != null) ? " (" + build.failure() + ")" : "") + " and cannot be released; "
				+ remedy);
		this.build = build;
	}

	/**
	 * Returns the build as it was found.
	 * @return the build
	 */
	public BuildInfo getBuild() {
		return this.build;
	}

}
