package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values of one cache in the second tier, which may be away or hold garbage: both are
 * misses.
 */
final class RemoteValues<V> {

	private static final Logger logger = LoggerFactory.getLogger(RemoteValues.class);

	/** That there is no value; a codec's bytes are never empty. */
	private static final byte[] ABSENT = new byte[0];

	private final String prefix;

	private final RemoteTier tier;

	private final FetchCoalescer single;

	private final ValueCodec<V> codec;

	private final Duration timeToLive;

	private final AtomicBoolean warned = new AtomicBoolean();

	private final AtomicBoolean warnedOfEncoding = new AtomicBoolean();

	RemoteValues(String prefix, RemoteTier tier, FetchCoalescer single, ValueCodec<V> codec, Duration timeToLive) {
		this.prefix = prefix;
		this.tier = tier;
		this.single = single;
		this.codec = codec;
		this.timeToLive = timeToLive;
	}

	/** What the tier knows of a key: a value or that there is none. */
	record Answer<V>(@Nullable V value) {
	}

	List<@Nullable Answer<V>> fetch(List<String> keys) {
		if (keys.isEmpty()) {
			return List.of();
		}
		try {
			List<byte @Nullable []> found = (keys.size() == 1)
					? Collections.singletonList(this.single.fetch(this.prefix + keys.get(0)))
					: this.tier.fetch(keys.stream().map(this.prefix::concat).toList());
			List<@Nullable Answer<V>> answers = new ArrayList<>(found.size());
			for (int index = 0; index < found.size(); index++) {
				answers.add(decoded(keys.get(index), found.get(index)));
			}
			return answers;
		}
		catch (TierUnavailableException ex) {
			logger.debug("L2 is passed by: {}", ex.getMessage());
			return Collections.nCopies(keys.size(), null);
		}
	}

	private @Nullable Answer<V> decoded(String key, byte @Nullable [] bytes) {
		if (bytes == null) {
			return null;
		}
		if (bytes.length == 0) {
			return new Answer<>(null);
		}
		try {
			return new Answer<>(this.codec.decode(bytes));
		}
		catch (RuntimeException ex) {
			if (this.warned.compareAndSet(false, true)) {
				logger.warn(
						"L2 holds bytes under {} that cannot be decoded ({}); the value is loaded and stored anew,"
								+ " and so are others like it, without a warning each",
						this.prefix + key, ex.toString());
			}
			return null;
		}
	}

	long removeAll(Set<String> groups) {
		return this.tier.removeAll(groups.stream().map((group) -> this.prefix + CacheKeys.join(group) + ":").toList());
	}

	/** What cannot be encoded is in memory only. */
	void store(Map<String, @Nullable V> values) {
		Map<String, byte[]> encoded = new LinkedHashMap<>();
		values.forEach((key, value) -> {
			try {
				encoded.put(this.prefix + key, (value != null) ? this.codec.encode(value) : ABSENT);
			}
			catch (IllegalArgumentException ex) {
				if (this.warnedOfEncoding.compareAndSet(false, true)) {
					logger.warn("{} stays out of L2, and so do others like it, without a warning each: {}",
							this.prefix + key, ex.getMessage());
				}
			}
		});
		if (!encoded.isEmpty()) {
			this.tier.store(encoded, this.timeToLive);
		}
	}

}
