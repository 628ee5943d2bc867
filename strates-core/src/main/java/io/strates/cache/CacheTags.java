package io.strates.cache;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * The tags of one cache. All of its entries carry one that stands for the whole cache.
 */
/*
 * The tags of a value are known only once it is loaded, and so a tag could be invalidated
 * after the value was read and before its token is asked for. The guard is a tag that
 * changes with every other one: its token is asked for before the load, and again after
 * it wherever a token was not known before, though another reader may have asked for it
 * meanwhile.
 */
final class CacheTags {

	/** At most how many tags of a cache are known by name. */
	static final int NAMED = 1_000;

	private final String cache;

	private final CoherentNode node;

	private final TagState all;

	private final TagState guard;

	/**
	 * Tags that were asked for by name of late: their states are to be known without
	 * asking L2 again.
	 */
	private final Cache<String, TagState> named = Caffeine.newBuilder()
		.maximumSize(NAMED)
		.executor(Runnable::run)
		.build();

	CacheTags(String cache, CoherentNode node) {
		this.cache = cache;
		this.node = node;
		this.all = node.tags().state(CoherentNode.allKey(cache));
		this.guard = node.tags().state(CoherentNode.guardKey(cache));
	}

	/**
	 * The tokens of a moment, before values are read.
	 *
	 * @param all the token of the whole cache
	 * @param guard the token that changes with every tag
	 * @param since when they were asked for
	 */
	record Moment(String all, String guard, long since) {

		/**
		 * Whether a token was known then, so that it has gone if its tag changed since.
		 */
		boolean knew(TagState.@Nullable Known known) {
			return known != null && known.since() - this.since < 0;
		}

	}

	/** Returns the tokens of now, or {@code null} if something is just changing. */
	@Nullable Moment moment() {
		long now = this.node.now();
		String allToken = this.node.tags().token(this.all);
		String guardToken = this.node.tags().token(this.guard);
		return (allToken != null && guardToken != null) ? new Moment(allToken, guardToken, now) : null;
	}

	TagState all() {
		return this.all;
	}

	TagState guard() {
		return this.guard;
	}

	TagState state(String tag) {
		return this.node.tags().state(CoherentNode.tagKey(this.cache, tag));
	}

	TagState named(String tag) {
		TagState state = this.named.get(tag, (name) -> this.node.tags().state(CoherentNode.namedKey(this.cache, name)));
		if (state == null) {
			throw new IllegalStateException("No state for tag " + tag);
		}
		return state;
	}

	/**
	 * Returns the tags of a value that was read after a moment, or {@code null} if one of
	 * them may have been invalidated since.
	 */
	@Nullable EntryTags tagged(Set<String> tags, Moment moment) {
		Map<String, String> tokens = new LinkedHashMap<>();
		tokens.put(this.all.key(), moment.all());
		boolean asked = false;
		// Held until the end, since the states are known weakly.
		List<TagState> states = tags.stream().map(this::state).toList();
		for (TagState state : states) {
			String token = this.node.tags().token(state);
			if (token == null) {
				return null;
			}
			TagState.Known known = state.known();
			asked |= known == null || !known.token().equals(token) || !moment.knew(known);
			tokens.put(state.key(), token);
		}
		if (asked && !moment.guard().equals(this.node.tags().ask(this.guard))) {
			return null;
		}
		return EntryTags.of(tokens, this.node.tags());
	}

	/** Returns the token of a tag in this cache as far as it is known. */
	@Nullable String token(String tag) {
		String token = this.node.tags().token(named(tag));
		String allToken = (token != null) ? this.node.tags().token(this.all) : null;
		return (allToken != null) ? token + allToken : null;
	}

	/** Returns the token of a tag in this cache as L2 knows it. */
	@Nullable String askedToken(String tag) {
		String token = this.node.tags().ask(named(tag));
		String allToken = (token != null) ? this.node.tags().ask(this.all) : null;
		return (allToken != null) ? token + allToken : null;
	}

	/**
	 * Returns the keys that stand for all that the cache holds. A tag by name needs none
	 * of its own: whoever asks for its token is given that of the whole cache with it.
	 */
	Collection<String> everything() {
		return List.of(this.guard.key(), this.all.key());
	}

}
