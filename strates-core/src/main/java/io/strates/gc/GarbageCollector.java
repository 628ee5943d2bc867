package io.strates.gc;

import java.util.Optional;

/**
 * Removes the rows of builds that the retention policy no longer keeps.
 *
 * {@snippet class = io.strates.SnippetsTests region = collect}
 *
 * <p>
 * <b>Consistency:</b> never touches a build that is live, kept by the policy, or has a
 * live writer. <b>Atomicity:</b> each batch of rows is a transaction of its own; a build
 * is marked {@code COLLECTING} before its first row goes, so that nobody pins or releases
 * it, and a run that was killed is taken up by the next. <b>Concurrency:</b> one run at a
 * time on all nodes together; it holds a task lease that expires by the database's clock.
 *
 * @since 0.1.0
 */
public interface GarbageCollector {

	/**
	 * Collects.
	 * @return what was kept and removed, and why; nothing if another node is collecting
	 */
	Optional<CollectionReport> collect();

	/**
	 * Tells what a collection would do now, and changes nothing.
	 * @return what would be kept and removed, and why
	 */
	CollectionReport dryRun();

}
