package io.strates.cache;

import org.jspecify.annotations.Nullable;

/**
 * The right to keep one value that is computed outside of a loader.
 *
 * <p>
 * <b>Consistency:</b> the value is kept only if its key was not written since the right
 * was asked for, on any node. <b>Concurrency:</b> confined to one thread at a time.
 * <b>Lifecycle:</b> must be closed; a right that is closed without a value keeps nothing.
 *
 * @param <V> the type of the value
 * @since 0.1.0
 */
public interface CacheFill<V> extends AutoCloseable {

	/**
	 * Keeps a value, if nothing was written since.
	 * @param value the value, or {@code null} if there is none
	 * @return whether L1 may have it now; what L2 says is not awaited
	 * @throws IllegalStateException if the right has been used or closed
	 */
	boolean complete(@Nullable V value);

	@Override
	void close();

}
