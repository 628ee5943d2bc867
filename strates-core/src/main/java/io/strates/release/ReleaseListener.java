package io.strates.release;

/**
 * Is told of releases, on every node.
 *
 * @implSpec Called after the commit, by the thread that released or by the watcher's
 * thread, outside any transaction, once per release and node, in order of the release
 * numbers of a scope id. One release is told at a time on a node, so it must not block.
 * What it throws is logged and changes nothing.
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReleaseListener {

	/**
	 * The pointer of a scope id has moved.
	 * @param release the move
	 */
	void released(Release release);

}
