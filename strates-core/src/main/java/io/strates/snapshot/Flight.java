package io.strates.snapshot;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * What one source is being asked for one key, by one plan or by several.
 */
final class Flight {

	private final Id id;

	private final CompletableFuture<Landing> landing = new CompletableFuture<>();

	private @Nullable SourceCall call;

	private int waiting;

	private long deadline = Long.MIN_VALUE;

	private boolean closed;

	Flight(Id id) {
		this.id = id;
	}

	/**
	 * What makes two calls the same.
	 *
	 * @param source the source
	 * @param key the key
	 * @param inputs the revisions of what a derived source computes from
	 */
	record Id(SourceHandle source, ResourceKey<?> key, List<String> inputs) {
	}

	Id id() {
		return this.id;
	}

	ResourceKey<?> key() {
		return this.id.key();
	}

	CompletableFuture<Landing> landing() {
		return this.landing;
	}

	synchronized void flownBy(SourceCall carrier) {
		this.call = carrier;
	}

	/**
	 * Counts in somebody who waits.
	 * @param until until when, on the monotonic clock
	 * @return {@code false} if the flight was given up
	 */
	synchronized boolean join(long until) {
		if (this.closed) {
			return false;
		}
		this.waiting++;
		this.deadline = Math.max(this.deadline, until);
		return true;
	}

	/** Somebody waits no more. A call that has not begun is of no use without anybody. */
	void leave() {
		SourceCall carrier;
		synchronized (this) {
			this.waiting--;
			carrier = (this.waiting == 0) ? this.call : null;
		}
		if (carrier != null) {
			carrier.abandonIfIdle();
		}
	}

	synchronized boolean isAwaited() {
		return this.waiting > 0;
	}

	synchronized long deadline() {
		return this.deadline;
	}

	/** Nobody may join any more, unless somebody waits already. */
	synchronized boolean closeIfUnawaited() {
		if (this.waiting > 0) {
			return false;
		}
		this.closed = true;
		return true;
	}

	void land(Landing landed) {
		this.landing.complete(landed);
	}

}
