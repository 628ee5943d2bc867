package io.strates.build;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The builds that this node writes. They are held by their writers alone, so that one
 * which the program has lost, neither sealed nor closed, is noticed.
 */
final class OpenBuilds {

	private final Map<UUID, Entry> entries = new ConcurrentHashMap<>();

	/**
	 * A build that was opened and has not ended.
	 *
	 * @param opened the build as it was opened
	 * @param reference its writer, which the open build holds and whoever writes to it
	 */
	record Entry(BuildInfo opened, WeakReference<ChunkWriter> reference) {

		@Nullable ChunkWriter writer() {
			return this.reference.get();
		}

	}

	void add(BuildInfo opened, ChunkWriter writer) {
		this.entries.put(opened.buildStrate(), new Entry(opened, new WeakReference<>(writer)));
	}

	boolean contains(UUID buildStrate) {
		return this.entries.containsKey(buildStrate);
	}

	@Nullable ChunkWriter find(UUID buildStrate) {
		Entry found = this.entries.get(buildStrate);
		return (found != null) ? found.writer() : null;
	}

	/** Returns whether it was there. */
	boolean remove(UUID buildStrate) {
		return this.entries.remove(buildStrate) != null;
	}

	Collection<Entry> entries() {
		return this.entries.values();
	}

}
