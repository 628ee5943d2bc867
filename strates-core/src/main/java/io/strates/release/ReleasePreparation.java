package io.strates.release;

import io.strates.build.BuildInfo;

/**
 * Prepares a node for a build that is about to become live.
 *
 * @implSpec Called by the thread that releases, outside any transaction, before the
 * pointer moves; not called for the first release of a scope id, and not where a
 * transaction of the caller is open, whose fate its failure could seal. The release waits
 * for it. What it throws is logged, and the build is released all the same. The release
 * may still be refused.
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReleasePreparation {

	/**
	 * A build is about to be released.
	 * @param build the sealed build
	 * @param live the release that it replaces
	 */
	void prepare(BuildInfo build, Release live);

}
