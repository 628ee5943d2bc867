package io.strates.cache;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The keys of one cache that this node is writing. Within {@link #leave} no other thread
 * can enter or leave the same key.
 */
final class LocalFences {

	private final ConcurrentMap<String, Fence> fences = new ConcurrentHashMap<>();

	/** The writers of one key. */
	private record Fence(int writers, boolean overlapped) {
	}

	boolean contains(String key) {
		return this.fences.containsKey(key);
	}

	/** Whether somebody else has written or read the key since the writer entered. */
	boolean isOverlapped(String key) {
		Fence fence = this.fences.get(key);
		return fence == null || fence.overlapped();
	}

	void enter(String key) {
		this.fences.merge(key, new Fence(1, false), (old, one) -> new Fence(old.writers() + 1, true));
	}

	/** Somebody on another node writes the key as well, or somebody reads it. */
	void overlap(String key) {
		this.fences.computeIfPresent(key, (ignored, old) -> new Fence(old.writers(), true));
	}

	void overlapAll() {
		this.fences.keySet().forEach(this::overlap);
	}

	/**
	 * A writer leaves.
	 * @param key the key
	 * @param alone run if nobody else wrote or read the key since the writer entered
	 * @return whether it was run
	 */
	boolean leave(String key, Runnable alone) {
		boolean[] undisturbed = new boolean[1];
		this.fences.computeIfPresent(key, (ignored, old) -> {
			undisturbed[0] = !old.overlapped();
			if (undisturbed[0]) {
				alone.run();
			}
			return (old.writers() > 1) ? new Fence(old.writers() - 1, true) : null;
		});
		return undisturbed[0];
	}

}
