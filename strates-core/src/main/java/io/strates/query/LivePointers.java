package io.strates.query;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

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

	private final Map<String, Scope> scopes = new ConcurrentHashMap<>();

	/** The scope that was asked for last: most applications have one. */
	private @Nullable Scope last;

	private final Function<Release, PinnedReads> reads;

	private final BooleanSupplier inTouch;

	LivePointers(Function<Release, PinnedReads> reads, BooleanSupplier inTouch) {
		this.reads = reads;
		this.inTouch = inTouch;
	}

	/** Returns what is live, or {@code null} if this node cannot say. */
	@Nullable PinnedReads known(String scope, String scopeId) {
		Scope known = this.last;
		if (known == null || !known.name().equals(scope)) {
			known = this.scopes.get(scope);
			this.last = known;
		}
		Live live = (known != null) ? known.scopeIds().get(scopeId) : null;
		return (live != null && this.inTouch.getAsBoolean()) ? live.reads() : null;
	}

	@Override
	public void released(Release release) {
		this.scopes.computeIfAbsent(release.scope(), (scope) -> new Scope(scope, new ConcurrentHashMap<>()))
			.scopeIds()
			.merge(release.scopeId(), new Live(release.number(), this.reads.apply(release)),
					(before, after) -> (after.number() > before.number()) ? after : before);
	}

	/** The pointers of a scope. */
	private record Scope(String name, ConcurrentMap<String, Live> scopeIds) {
	}

	/** A pointer. */
	private record Live(long number, PinnedReads reads) {
	}

}
