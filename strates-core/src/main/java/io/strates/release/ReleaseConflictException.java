package io.strates.release;

import java.util.UUID;

import io.strates.StratesException;
import io.strates.build.BuildInfo;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when somebody else has released since a build was opened: releasing it would
 * silently undo that.
 *
 * @since 0.1.0
 */
public class ReleaseConflictException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final UUID buildStrate;

	private final @Nullable UUID liveStrate;

	private final long liveRelease;

	/**
	 * Creates an exception.
	 * @param build the build that was to be released
	 * @param liveStrate the build that is live, or {@code null} if that is not known
	 * @param liveRelease the release that is live, 0 if that is not known
	 * @param liveOwner who wrote the live build
	 */
	public ReleaseConflictException(BuildInfo build, @Nullable UUID liveStrate, long liveRelease, String liveOwner) {
		super(build.describe() + " (by " + build.owner() + ") is based on release " + build.baseRelease() + ", but "
				+ ((liveStrate != null)
						? "release " + liveRelease + " with build " + liveStrate + " (by " + liveOwner
								+ ") is live; build again from that"
						: "something else was released at the same time; build again from what is live then")
				+ ", or release with ReleaseOptions.defaults().overwrite()");
		this.buildStrate = build.buildStrate();
		this.liveStrate = liveStrate;
		this.liveRelease = liveRelease;
	}

	/**
	 * Returns the build that was to be released.
	 * @return the id of the build
	 */
	public UUID getBuildStrate() {
		return this.buildStrate;
	}

	/**
	 * Returns the build that is live.
	 * @return the id of the build, or {@code null} if that is not known
	 */
	public @Nullable UUID getLiveStrate() {
		return this.liveStrate;
	}

	/**
	 * Returns the release that is live.
	 * @return the release number, or 0 if that is not known
	 */
	public long getLiveRelease() {
		return this.liveRelease;
	}

}
