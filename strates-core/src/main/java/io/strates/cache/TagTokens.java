package io.strates.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.strates.cache.CoherentTier.LeaseRequest;
import org.jspecify.annotations.Nullable;

/**
 * The states of all tags that this node knows. They are held weakly: a tag that no entry
 * carries is not worth knowing, and one that an entry carries is always told of changes.
 */
/*
 * L2 forgets a token that nobody asks for, so that tags of the past go. An entry whose
 * token is forgotten is of no use, and so are, to all who know the old token, entries
 * with the next one. So tokens live more than twice as long as entries of their cache are
 * kept, and a node that has known one for half of that time asks for it once more, which
 * prolongs its life: when an entry is made, its tokens live on for longer than it.
 */
final class TagTokens {

	/** For how long a node that does not hear the others relies on what it knows. */
	static final Duration DOUBTFUL = Duration.ofSeconds(1);

	/** For how long L2 knows a token at least that nobody asks for. */
	private static final Duration SHORTEST_LIFE = Duration.ofDays(7);

	/** Longer than any entry is kept; nanoseconds cannot count twice as far. */
	private static final Duration LONGEST_LIFE = Duration.ofDays(73_000);

	/** What may pass between the look at a token and the making of an entry. */
	private static final Duration MARGIN = Duration.ofHours(1);

	private final Cache<String, TagState> states = Caffeine.newBuilder().weakValues().build();

	private final CoherentTier tier;

	private final LongSupplier nanos;

	private final BooleanSupplier unsure;

	private final Runnable away;

	/** By the name of the cache, as keys write it. */
	private final Map<String, Duration> lives = new ConcurrentHashMap<>();

	TagTokens(CoherentTier tier, BooleanSupplier unsure, Runnable away, LongSupplier nanos) {
		this.tier = tier;
		this.unsure = unsure;
		this.away = away;
		this.nanos = nanos;
	}

	/**
	 * Lets the tokens of a cache live long enough for entries that are kept for some
	 * time. Comes before any state of the cache.
	 */
	void outlive(String cache, Duration entries) {
		Duration needed = entries.plus(MARGIN).multipliedBy(2);
		if (needed.compareTo(SHORTEST_LIFE) > 0) {
			this.lives.put(CacheKeys.join(cache), (needed.compareTo(LONGEST_LIFE) < 0) ? needed : LONGEST_LIFE);
		}
	}

	TagState state(String key) {
		TagState state = this.states.get(key,
				(made) -> new TagState(made, this.lives.getOrDefault(CoherentNode.cacheName(made), SHORTEST_LIFE)));
		if (state == null) {
			throw new IllegalStateException("No state for tag " + key);
		}
		return state;
	}

	/** Returns the token that is known without asking, or {@code null}. */
	@Nullable String known(TagState state, long now) {
		TagState.Known known = state.known();
		if (known == null) {
			return null;
		}
		boolean heard = known.leased() && this.tier.trusted() && now - known.since() < state.renewal();
		return (heard || now - known.since() < DOUBTFUL.toNanos()) ? known.token() : null;
	}

	/**
	 * Returns the token of a tag, asking L2 if need be; {@code null} while the tag is
	 * being written.
	 */
	@Nullable String token(TagState state) {
		String known = known(state, this.nanos.getAsLong());
		return (known != null) ? known : ask(state);
	}

	/** Asks L2 for the token, whatever is known. */
	@Nullable String ask(TagState state) {
		long changes = state.changes();
		if (changes < 0) {
			return null;
		}
		long now = this.nanos.getAsLong();
		TagState.Known asked = leased(state, now);
		return (asked != null && state.learn(asked, changes)) ? asked.token() : null;
	}

	/**
	 * Returns the token that {@link #token} would return, without having one made or
	 * learning of it; {@code null} if that would be a new one.
	 * @throws TierUnavailableException if L2 does not answer
	 */
	@Nullable String look(TagState state) {
		String known = known(state, this.nanos.getAsLong());
		if (known != null || state.changes() < 0 || this.unsure.getAsBoolean()) {
			return known;
		}
		return this.tier.look(state.key()).token();
	}

	private TagState.@Nullable Known leased(TagState state, long now) {
		// With debts, of this node or another, L2 may give a token that is no longer
		// valid.
		if (this.unsure.getAsBoolean()) {
			return ownToken(now);
		}
		try {
			String token = this.tier.lease(List.of(new LeaseRequest(state.key(), true, false, state.life())))
				.get(0)
				.token();
			return (token != null) ? new TagState.Known(token, now, true) : null;
		}
		catch (TierUnavailableException ex) {
			this.away.run();
			return ownToken(now);
		}
	}

	/** Known to this node alone, and therefore good for moments only. */
	private static TagState.Known ownToken(long now) {
		return new TagState.Known(UUID.randomUUID().toString(), now, false);
	}

	void forget(String key) {
		TagState state = this.states.getIfPresent(key);
		if (state != null) {
			state.forget();
		}
	}

	void forgetAll() {
		this.states.asMap().values().forEach(TagState::forget);
	}

}
