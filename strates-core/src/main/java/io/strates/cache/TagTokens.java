package io.strates.cache;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
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
final class TagTokens {

	/** For how long a node that does not hear the others relies on what it knows. */
	static final Duration DOUBTFUL = Duration.ofSeconds(1);

	/** For how long L2 knows a token that nobody asks for. */
	private static final Duration LIFE = Duration.ofDays(7);

	private final Cache<String, TagState> states = Caffeine.newBuilder().weakValues().build();

	private final CoherentTier tier;

	private final LongSupplier nanos;

	private final BooleanSupplier unsure;

	private final Runnable away;

	TagTokens(CoherentTier tier, BooleanSupplier unsure, Runnable away, LongSupplier nanos) {
		this.tier = tier;
		this.unsure = unsure;
		this.away = away;
		this.nanos = nanos;
	}

	TagState state(String key) {
		TagState state = this.states.get(key, TagState::new);
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
		boolean heard = known.leased() && this.tier.trusted();
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
			String token = this.tier.lease(List.of(new LeaseRequest(state.key(), true, false, LIFE))).get(0).token();
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
