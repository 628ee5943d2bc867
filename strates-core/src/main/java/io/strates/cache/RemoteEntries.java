package io.strates.cache;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one coherent cache in L2, which may be away, out of date by a tag, of
 * another layout or garbage: all of these are misses.
 */
final class RemoteEntries<V> {

	private static final Logger logger = LoggerFactory.getLogger(RemoteEntries.class);

	private final @Nullable ValueCodec<V> codec;

	private final CoherentNode node;

	private final CoherentCounters counters;

	private final String fingerprint;

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

	boolean keepsValues() {
		return this.codec != null && this.node.tier().keepsValues();
	}

	/** What bytes of L2 are good for. */
	CacheExplanation.Remote judged(String text, byte[] bytes) {
		Envelope envelope = Envelope.decoded(bytes);
		if (envelope == null || !envelope.fingerprint().equals(this.fingerprint)) {
			return CacheExplanation.Remote.UNREADABLE;
		}
		EntryTags tags = EntryTags.of(envelope.tags(), this.node.tags());
		if (!tags.areCurrent(this.node.tags(), this.node.now())) {
			return CacheExplanation.Remote.OUTDATED;
		}
		return (decoded(text, bytes) != null) ? CacheExplanation.Remote.PRESENT : CacheExplanation.Remote.UNREADABLE;
	}

	Map<String, Found> fetch(List<String> texts) {
		Map<String, Found> all = new LinkedHashMap<>();
		if (texts.isEmpty() || this.codec == null || !this.node.canFetch()) {
			return all;
		}
		try {
			List<byte @Nullable []> values = this.node.fetch(texts);
			for (int index = 0; index < values.size(); index++) {
				Found found = decoded(texts.get(index), values.get(index));
				(found != null ? this.counters.remoteHits : this.counters.remoteMisses).increment();
				if (found != null) {
					all.put(texts.get(index), found);
				}
			}
		}
		catch (TierUnavailableException ex) {
			this.node.away();
			this.counters.remoteMisses.add(texts.size());
			logger.debug("L2 is passed by: {}", ex.getMessage());
		}
		return all;
	}

	@Nullable Found decoded(String text, byte @Nullable [] bytes) {
		if (bytes == null || this.codec == null || !this.node.canFetch()) {
			return null;
		}
		Envelope envelope = Envelope.decoded(bytes);
		if (envelope == null || !envelope.fingerprint().equals(this.fingerprint)) {
			return null;
		}
		EntryTags tags = EntryTags.of(envelope.tags(), this.node.tags());
		if (!tags.areCurrent(this.node.tags(), this.node.now())) {
			return null;
		}
		byte[] body = envelope.body();
		try {
			return new Found((body != null) ? this.codec.decode(body) : LocalEntry.ABSENT, tags);
		}
		catch (RuntimeException ex) {
			if (this.counters.firstGarbage()) {
				logger.warn("L2 holds bytes of {} that cannot be decoded ({}); the value is loaded and stored anew, and"
						+ " so are others like it, without a warning each", text, ex.toString());
			}
			return null;
		}
	}

	/** Returns the bytes of a value, or {@code null} if L2 cannot hold it. */
	byte @Nullable [] encoded(String text, @Nullable V value, EntryTags tags) {
		if (this.codec == null) {
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
