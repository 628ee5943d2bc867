package io.strates.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What this node knows of a tag: the token that names its present state. An entry holds
 * the state and the token of its time; with another token the entry is of no use.
 */
final class TagState {

	private final String key;

	private final Duration life;

	private final long renewal;

	private volatile @Nullable Known known;

	private int writers;

	private long changes;

	/**
	 * Creates a state.
	 * @param key the key of the tag
	 * @param life for how long L2 knows a token that nobody asks for
	 */
	TagState(String key, Duration life) {
		this.key = key;
		this.life = life;
		this.renewal = life.dividedBy(2).toNanos();
	}

	/** A token, when it was asked for, and whether L2 gave it. */
	record Known(String token, long since, boolean leased) {
	}

	String key() {
		return this.key;
	}

	Duration life() {
		return this.life;
	}

	/** For how many nanoseconds a token is relied on before it is asked for again. */
	long renewal() {
		return this.renewal;
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
