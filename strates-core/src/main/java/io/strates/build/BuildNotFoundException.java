package io.strates.build;

import java.util.UUID;

import io.strates.StratesException;

/**
 * Thrown when a build is named that does not exist, or not in the scope id named with it.
 *
 * @since 0.1.0
 */
public class BuildNotFoundException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final UUID buildStrate;

	/**
	 * Creates an exception.
	 * @param buildStrate the build that was named
	 */
	public BuildNotFoundException(UUID buildStrate) {
		this(buildStrate, "Build " + buildStrate + " does not exist; list the builds of its scope id");
	}

	/**
	 * Creates an exception.
	 * @param buildStrate the build that was named
	 * @param message what was looked for, and where
	 */
	public BuildNotFoundException(UUID buildStrate, String message) {
		super(message);
		this.buildStrate = buildStrate;
	}

	/**
	 * Returns the build that was named.
	 * @return the id of the build
	 */
	public UUID getBuildStrate() {
		return this.buildStrate;
	}

}
