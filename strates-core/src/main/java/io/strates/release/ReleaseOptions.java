package io.strates.release;

import io.strates.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * What a release may do beyond the safe default. Immutable; each method returns a copy.
 *
 * @since 0.1.0
 */
public final class ReleaseOptions {

	private static final ReleaseOptions DEFAULTS = new ReleaseOptions(false, false, null);

	private static final int MAX_REASON = 4000;

	private final boolean overwrite;

	private final boolean rejected;

	private final @Nullable String reason;

	private ReleaseOptions(boolean overwrite, boolean rejected, @Nullable String reason) {
		this.overwrite = overwrite;
		this.rejected = rejected;
		this.reason = reason;
	}

	/**
	 * Returns options that move the pointer only from the release the build was based on.
	 * @return the default options
	 */
	public static ReleaseOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Replaces whatever is live, also a release that the build was not based on. For
	 * builds that are complete by themselves; the log records what was overwritten.
	 * @return a copy that overwrites
	 */
	public ReleaseOptions overwrite() {
		return new ReleaseOptions(true, this.rejected, this.reason);
	}

	/**
	 * Allows a build that a rollback had rejected.
	 * @param reason why it may be live again
	 * @return a copy that allows it
	 * @throws IllegalArgumentException if the reason is blank or too long, or there is
	 * one already
	 */
	public ReleaseOptions evenIfRejected(String reason) {
		return new ReleaseOptions(this.overwrite, true, newReason(reason));
	}

	/**
	 * Gives a reason for the log.
	 * @param reason why the build is released
	 * @return a copy with the reason
	 * @throws IllegalArgumentException if it is blank or too long, or there is one
	 * already
	 */
	public ReleaseOptions reason(String reason) {
		return new ReleaseOptions(this.overwrite, this.rejected, newReason(reason));
	}

	private String newReason(String reason) {
		if (this.reason != null) {
			throw new IllegalArgumentException(
					"The reason is set already to '" + this.reason + "', and cannot be '" + reason + "' too");
		}
		return requireReason(reason);
	}

	boolean isOverwrite() {
		return this.overwrite;
	}

	boolean isRejectedAllowed() {
		return this.rejected;
	}

	@Nullable String reason() {
		return this.reason;
	}

	static String requireReason(String reason) {
		Arguments.notNull(reason, "reason");
		if (reason.isBlank() || reason.length() > MAX_REASON) {
			throw new IllegalArgumentException(
					"The reason is " + (reason.isBlank() ? "blank" : reason.length() + " characters long")
							+ "; give 1 to " + MAX_REASON + " characters, for those who read the release log");
		}
		return reason;
	}

}
