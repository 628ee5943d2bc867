package io.strates.snapshot;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The time of one builder, in nanoseconds since the epoch. It is read from the wall once,
 * and goes on as the monotonic clock does: a wall clock that is set makes nothing fresh
 * or stale.
 */
final class SnapshotTime {

	private static final long NANOS = 1_000_000_000L;

	private static final Instant FIRST = instant(Long.MIN_VALUE);

	private static final Instant LAST = instant(Long.MAX_VALUE);

	private final LongSupplier nanos;

	private final long offset;

	SnapshotTime(InstantSource wall, LongSupplier nanos) {
		this.nanos = nanos;
		this.offset = nanos(wall.instant()) - nanos.getAsLong();
	}

	long now() {
		return this.offset + this.nanos.getAsLong();
	}

	LongSupplier monotonic() {
		return this.nanos;
	}

	/** Instants that are too far away are taken for the farthest there is. */
	static long nanos(Instant instant) {
		if (instant.isBefore(FIRST)) {
			return Long.MIN_VALUE;
		}
		return instant.isAfter(LAST) ? Long.MAX_VALUE
				: Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
	}

	static Instant instant(long nanos) {
		return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
	}

}
