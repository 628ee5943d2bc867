package io.strates.query;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

import io.strates.release.Release;
import io.strates.release.ReleaseListener;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows to be live, so that a read of what is cached needs no statement.
 */
/*
 * A pointer is known from a look at the database or from news of a release, and only ever
 * moves to a higher release number: news that come late change nothing. What is known is
 * served while the node is in touch, that is while its last look at the pointers is not
 * older than the staleness that the application allows; else the database is asked.
 */
final class LivePointers implements ReleaseListener {

	private static final int FIRST = 256;

	private final ConcurrentMap<Key, Pointer> pointers = new ConcurrentHashMap<>();

	/**
	 * The first pointer of each remainder, to be found at half the cost of the map. A
	 * place that is taken stays so: nothing that all threads read is written again.
	 */
	private final @Nullable Pointer[] first = new @Nullable Pointer[FIRST];

	private final Function<Release, PinnedReads> reads;

	private final BooleanSupplier inTouch;

	LivePointers(Function<Release, PinnedReads> reads, BooleanSupplier inTouch) {
		this.reads = reads;
		this.inTouch = inTouch;
	}

	/** Returns what is live, or {@code null} if this node cannot say. */
	@Nullable PinnedReads known(String scope, String scopeId) {
		Pointer first = this.first[place(scope, scopeId)];
		Pointer pointer = (first != null && first.isOf(scope, scopeId)) ? first : find(scope, scopeId);
		return (pointer != null && this.inTouch.getAsBoolean()) ? pointer.reads : null;
	}

	private static int place(String scope, String scopeId) {
		return (scope.hashCode() + scopeId.hashCode()) & (FIRST - 1);
	}

	private @Nullable Pointer find(String scope, String scopeId) {
		return this.pointers.get(new Key(scope, scopeId));
	}

	@Override
	public void released(Release release) {
		Pointer pointer = this.pointers.computeIfAbsent(new Key(release.scope(), release.scopeId()),
				(key) -> new Pointer(key, release.number(), this.reads.apply(release)));
		pointer.moveTo(release.number(), () -> this.reads.apply(release));
		int place = place(release.scope(), release.scopeId());
		if (this.first[place] == null) {
			this.first[place] = pointer;
		}
	}

	private record Key(String scope, String scopeId) {
	}

	/** A pointer. */
	private static final class Pointer {

		private final String scope;

		private final String scopeId;

		private volatile PinnedReads reads;

		/** Guarded by the pointer. */
		private long number;

		Pointer(Key key, long number, PinnedReads reads) {
			this.scope = key.scope();
			this.scopeId = key.scopeId();
			this.number = number;
			this.reads = reads;
		}

		boolean isOf(String scope, String scopeId) {
			return this.scope.equals(scope) && this.scopeId.equals(scopeId);
		}

		synchronized void moveTo(long next, Supplier<PinnedReads> reads) {
			if (next > this.number) {
				this.number = next;
				this.reads = reads.get();
			}
		}

	}

}
