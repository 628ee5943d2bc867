package io.strates.cache;

import org.jspecify.annotations.Nullable;

/**
 * What this node knows of a tag: the token that names its present state. An entry holds
 * the state and the token of its time; with another token the entry is of no use.
 */
final class TagState {

	private final String key;

	private volatile @Nullable Known known;

	private int writers;

	private long changes;

	TagState(String key) {
		this.key = key;
	}

	/** A token, when it was asked for, and whether L2 gave it. */
	record Known(String token, long since, boolean leased) {
	}

	String key() {
		return this.key;
	}

	@Nullable Known known() {
		return this.known;
	}

	/** Returns what {@link #learn} needs, or -1 while this node writes the tag. */
	synchronized long changes() {
		return (this.writers == 0) ? this.changes : -1;
	}

	/** Takes a token, unless the tag changed since it was asked for. */
	synchronized boolean learn(Known learnt, long changesBefore) {
		if (this.writers > 0 || this.changes != changesBefore) {
			return false;
		}
		this.known = learnt;
		return true;
	}

	synchronized void forget() {
		this.known = null;
		this.changes++;
	}

	synchronized void enter() {
		this.writers++;
		forget();
	}

	synchronized void leave() {
		this.writers--;
		forget();
	}

}
