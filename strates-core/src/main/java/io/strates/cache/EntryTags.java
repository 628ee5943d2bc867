package io.strates.cache;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tags of an entry, each with the token of its time.
 *
 * @param states the states of the tags
 * @param tokens the token of each
 */
// Read at every hit: an array is nearer than a list, and nobody else sees it.
@SuppressWarnings("ArrayRecordComponent")
record EntryTags(TagState[] states, String[] tokens) {

	static EntryTags of(Map<String, String> tokens, TagTokens tags) {
		TagState[] states = tokens.keySet().stream().map(tags::state).toArray(TagState[]::new);
		return new EntryTags(states, tokens.values().toArray(String[]::new));
	}

	/** Whether no tag has changed, asking L2 for what is not known. */
	boolean areCurrent(TagTokens tags, long now) {
		for (int index = 0; index < this.states.length; index++) {
			String known = tags.known(this.states[index], now);
			String token = (known != null) ? known : tags.token(this.states[index]);
			if (!this.tokens[index].equals(token)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether no tag has changed, looking into L2 for what is not known. Changes nothing.
	 */
	boolean lookCurrent(TagTokens tags) {
		try {
			for (int index = 0; index < this.states.length; index++) {
				if (!this.tokens[index].equals(tags.look(this.states[index]))) {
					return false;
				}
			}
			return true;
		}
		catch (TierUnavailableException ex) {
			return false;
		}
	}

	/** Whether it is known of each tag whether it has changed. */
	boolean areKnown(TagTokens tags, long now) {
		for (TagState state : this.states) {
			if (tags.known(state, now) == null) {
				return false;
			}
		}
		return true;
	}

	/** Whether no tag is known to have changed; what is not known counts as changed. */
	boolean areKnownCurrent() {
		for (int index = 0; index < this.states.length; index++) {
			TagState.Known known = this.states[index].known();
			if (known == null || !this.tokens[index].equals(known.token())) {
				return false;
			}
		}
		return true;
	}

	Map<String, String> byKey() {
		Map<String, String> byKey = new LinkedHashMap<>();
		for (int index = 0; index < this.states.length; index++) {
			byKey.put(this.states[index].key(), this.tokens[index]);
		}
		return byKey;
	}

}
