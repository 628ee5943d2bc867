package io.strates.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one coherent cache in L2, which may be away, out of date by a tag, of
 * another layout, of another key or garbage: all of these are misses.
 */
final class RemoteEntries<V> {

	private static final Logger logger = LoggerFactory.getLogger(RemoteEntries.class);

	private static final int SURE = 64;

	private static final int UNLIKELY = 16;

	private final @Nullable ValueCodec<V> codec;

	private final CoherentNode node;

	private final CoherentCounters counters;

	private final String fingerprint;

	/** How likely L2 has a key: from 0, if it had none of late, to {@link #SURE}. */
	private volatile int luck = SURE;

	/** Nearly all entries of a cache begin with the same bytes. */
	private volatile @Nullable Head lastHead;

	RemoteEntries(@Nullable ValueCodec<V> codec, CoherentNode node, CoherentCounters counters) {
		this.codec = codec;
		this.node = node;
		this.counters = counters;
		this.fingerprint = (codec != null) ? codec.fingerprint() : "";
	}

	/**
	 * What L2 holds.
	 *
	 * @param value the value, or {@link LocalEntry#ABSENT}
	 * @param tags its tags
	 */
	record Found(Object value, EntryTags tags) {
	}

	/**
	 * What an entry begins with: all but its value.
	 *
	 * @param bytes how it is written
	 * @param tags what it says, or {@code null} for another layout
	 */
	// Nobody compares these.
	@SuppressWarnings("ArrayRecordComponent")
	private record Head(byte[] bytes, @Nullable EntryTags tags) {

		boolean begins(byte[] entry) {
			int length = this.bytes.length;
			return length <= entry.length && Arrays.equals(this.bytes, 0, length, entry, 0, length);
		}

	}

	boolean keepsValues() {
		return this.codec != null && this.node.tier().keepsValues();
	}

	/** What bytes of L2 are good for; changes nothing. */
	CacheExplanation.Remote judged(String text, byte[] bytes) {
		Envelope envelope = Envelope.decoded(bytes);
		if (envelope == null || !envelope.fingerprint().equals(this.fingerprint)) {
			return CacheExplanation.Remote.UNREADABLE;
		}
		EntryTags tags = EntryTags.of(envelope.tags(), this.node.tags());
		if (!tags.lookCurrent(this.node.tags())) {
			return CacheExplanation.Remote.OUTDATED;
		}
		try {
			value(text, bytes, bytes.length - envelope.bodyLength());
			return CacheExplanation.Remote.PRESENT;
		}
		catch (RuntimeException ex) {
			return CacheExplanation.Remote.UNREADABLE;
		}
	}

	/** Returns what L2 holds of each key, {@code null} where that is nothing of use. */
	List<@Nullable Found> fetch(List<String> texts) {
		if (texts.isEmpty() || this.codec == null || !this.node.canFetch()) {
			return Collections.nCopies(texts.size(), null);
		}
		try {
			List<byte @Nullable []> values = this.node.fetch(texts);
			Answer answer = this.node.canFetch() ? new Answer() : null;
			List<@Nullable Found> all = new ArrayList<>(texts.size());
			int hits = 0;
			for (int index = 0; index < values.size(); index++) {
				byte[] bytes = values.get(index);
				Found found = (answer != null && bytes != null) ? answer.decoded(texts.get(index), bytes) : null;
				hits += (found != null) ? 1 : 0;
				all.add(found);
			}
			count(hits, all.size() - hits);
			return all;
		}
		catch (TierUnavailableException ex) {
			this.node.away();
			this.counters.remoteMisses.add(texts.size());
			logger.debug("L2 is passed by: {}", ex.getMessage());
			return Collections.nCopies(texts.size(), null);
		}
	}

	/**
	 * Whether a key that L1 does not have is hardly in L2 either, so that a lease, which
	 * answers with the value if there is one, is asked for at once.
	 */
	boolean isUnlikely() {
		return this.luck < UNLIKELY;
	}

	void count(int hits, int misses) {
		this.counters.remoteHits.add(hits);
		this.counters.remoteMisses.add(misses);
		int last = this.luck;
		int next = Math.max(0, Math.min(SURE, last + hits - misses));
		// A guess may get lost.
		if (next != last) {
			this.luck = next;
		}
	}

	/** Returns what L2 has just answered, {@code null} if it is of no use. */
	@Nullable Found decoded(String text, byte[] bytes) {
		return this.node.canFetch() ? new Answer().decoded(text, bytes) : null;
	}

	private @Nullable Head head(byte[] bytes) {
		Head last = this.lastHead;
		if (last != null && last.begins(bytes)) {
			return last;
		}
		Envelope envelope = Envelope.decoded(bytes);
		if (envelope == null) {
			return null;
		}
		boolean readable = envelope.fingerprint().equals(this.fingerprint);
		EntryTags tags = readable ? EntryTags.of(envelope.tags(), this.node.tags()) : null;
		Head head = new Head(Arrays.copyOf(bytes, bytes.length - envelope.bodyLength()), tags);
		this.lastHead = head;
		return head;
	}

	/**
	 * What L2 answered at one time. The tags of all of its entries are looked at after it
	 * came; those that many entries share, once.
	 */
	private final class Answer {

		private final long now = RemoteEntries.this.node.now();

		private @Nullable Head current;

		@Nullable Found decoded(String text, byte[] bytes) {
			Head head = head(bytes);
			EntryTags tags = (head != null) ? head.tags() : null;
			if (head == null || tags == null || !isCurrent(head, tags)) {
				return null;
			}
			try {
				return new Found(value(text, bytes, head.bytes().length), tags);
			}
			catch (RuntimeException ex) {
				if (RemoteEntries.this.counters.firstGarbage()) {
					logger.warn("L2 holds bytes of {} that are not its value ({}); the value is loaded and stored anew,"
							+ " and so are others like it, without a warning each", text, ex.toString());
				}
				return null;
			}
		}

		@SuppressWarnings("ReferenceEquality") // another object is looked at again
		private boolean isCurrent(Head head, EntryTags tags) {
			if (head != this.current) {
				if (!tags.areCurrent(RemoteEntries.this.node.tags(), this.now)) {
					return false;
				}
				this.current = head;
			}
			return true;
		}

	}

	private Object value(String text, byte[] bytes, int start) {
		if (this.codec == null || !Envelope.isFull(bytes, start)) {
			return LocalEntry.ABSENT;
		}
		return this.codec.decode(CacheKeys.last(text), bytes, start, bytes.length - start);
	}

	/** Returns the bytes of a value, or {@code null} if L2 cannot hold it. */
	byte @Nullable [] encoded(String text, @Nullable V value, EntryTags tags) {
		if (this.codec == null || !keepsValues()) {
			return null;
		}
		try {
			byte[] body = (value != null) ? this.codec.encode(value) : null;
			return new Envelope(this.fingerprint, tags.byKey(), body).encoded();
		}
		catch (IllegalArgumentException ex) {
			if (this.counters.firstUnencodable()) {
				logger.warn("{} stays out of L2, and so do others like it, without a warning each: {}", text,
						ex.getMessage());
			}
			return null;
		}
	}

}
