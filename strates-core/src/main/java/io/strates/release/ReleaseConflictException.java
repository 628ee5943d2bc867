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

	private ReleaseConflictException(BuildInfo build, @Nullable UUID liveStrate, long liveRelease, String found) {
		super(build.describe() + " (by " + build.owner() + ") is based on release " + build.baseRelease() + ", but "
				+ found);
		this.buildStrate = build.buildStrate();
		this.liveStrate = liveStrate;
		this.liveRelease = liveRelease;
	}

	/** Another transaction has released, and what it has released can be seen. */
	static ReleaseConflictException withOther(BuildInfo build, Release live, String owner) {
		return new ReleaseConflictException(build, live.buildStrate(), live.number(), describe(live) + " (by " + owner
				+ ") is live; build again from that, or release with ReleaseOptions.defaults().overwrite()");
	}

	/** The transaction itself has released before and is still open. */
	static ReleaseConflictException withOwn(BuildInfo build, Release live) {
		return new ReleaseConflictException(build, live.buildStrate(), live.number(),
				describe(live) + " was made by this transaction and is not committed; commit it first, then open and"
						+ " release the next build, or release with ReleaseOptions.defaults().overwrite()");
	}

	/** Another transaction has released, but this one cannot see what. */
	static ReleaseConflictException withUnknown(BuildInfo build) {
		return new ReleaseConflictException(build, null, 0,
				"something else was released at the same time; build again from what is live then, or release with"
						+ " ReleaseOptions.defaults().overwrite()");
	}

	private static String describe(Release live) {
		return "release " + live.number() + " with build " + live.buildStrate();
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
