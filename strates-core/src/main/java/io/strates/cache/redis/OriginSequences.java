package io.strates.cache.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Notices that messages of an origin are missing. Confined to one thread.
 *
 * <p>
 * Where messages take several ways, as in a Cluster, they may overtake each other: what
 * is missing then counts only once two probes of the origin have come after it.
 */
final class OriginSequences {

	private static final int MAX_MISSING = 1_000;

	private static final int MAX_ORIGINS = 10_000;

	private final boolean ordered;

	private final Map<String, Origin> origins = new HashMap<>();

	OriginSequences(boolean ordered) {
		this.ordered = ordered;
	}

	/** Takes note of a message, and returns whether others are lost. */
	boolean lost(ChannelMessage message) {
		if (message.sequence() <= 0) {
			return false;
		}
		Origin origin = this.origins.get(message.origin());
		if (origin == null) {
			// Nodes that come and go leave theirs behind.
			boolean full = this.origins.size() >= MAX_ORIGINS;
			if (full) {
				this.origins.clear();
			}
			this.origins.put(message.origin(), new Origin(message.sequence()));
			return full;
		}
		boolean lost = origin.lost(message, this.ordered);
		if (lost) {
			origin.missing.clear();
			origin.settled = 0;
		}
		return lost;
	}

	void forget() {
		this.origins.clear();
	}

	private static final class Origin {

		private final TreeSet<Long> missing = new TreeSet<>();

		private long last;

		/** Up to where messages had to be there when the last probe came. */
		private long settled;

		Origin(long last) {
			this.last = last;
		}

		boolean lost(ChannelMessage message, boolean ordered) {
			long sequence = message.sequence();
			if (sequence <= this.last) {
				this.missing.remove(sequence);
			}
			else {
				if (sequence - this.last - 1 > (ordered ? 0 : MAX_MISSING - this.missing.size())) {
					this.last = sequence;
					return true;
				}
				for (long between = this.last + 1; between < sequence; between++) {
					this.missing.add(between);
				}
				this.last = sequence;
			}
			if (message.kind() == ChannelMessage.Kind.PROBE) {
				boolean lost = !this.missing.isEmpty() && this.missing.first() < this.settled;
				this.settled = sequence;
				return lost;
			}
			return false;
		}

	}

}
