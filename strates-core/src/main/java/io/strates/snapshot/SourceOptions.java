package io.strates.snapshot;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Limits and resilience of one source. Immutable; each method that changes something
 * returns other options. What is not set is left to the builder.
 *
 * @since 0.1.0
 */
public final class SourceOptions {

	private static final SourceOptions DEFAULTS = new SourceOptions(new Values());

	private final Values values;

	private SourceOptions(Values values) {
		this.values = values;
	}

	/** The fields, copied as one. */
	private static final class Values implements Cloneable {

		private @Nullable Duration timeout;

		private @Nullable Duration queueTimeout;

		private @Nullable Integer maxConcurrency;

		private @Nullable Integer maxBatchSize;

		private boolean blocking = true;

		private @Nullable Duration transportTimeout;

		private @Nullable RetryOptions retry;

		private @Nullable CircuitOptions circuit;

		private @Nullable Boolean hedged;

		Values copy() {
			try {
				return (Values) clone();
			}
			catch (CloneNotSupportedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Returns options that leave everything to the builder.
	 * @return the options
	 */
	public static SourceOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Sets how long a call may take, once it has begun.
	 * @param limit the time limit
	 * @return the options
	 * @throws IllegalArgumentException if it is not positive
	 */
	public SourceOptions timeout(Duration limit) {
		Values copy = this.values.copy();
		copy.timeout = positive("timeout", limit);
		return new SourceOptions(copy);
	}

	/**
	 * Sets how long a call may wait for its turn; the timeout if not set.
	 * @param limit the time limit
	 * @return the options
	 * @throws IllegalArgumentException if it is not positive
	 */
	public SourceOptions queueTimeout(Duration limit) {
		Values copy = this.values.copy();
		copy.queueTimeout = positive("queueTimeout", limit);
		return new SourceOptions(copy);
	}

	/**
	 * Sets how many calls may run at the same time.
	 * @param limit the number of calls
	 * @return the options
	 * @throws IllegalArgumentException if it is less than one
	 */
	public SourceOptions maxConcurrency(int limit) {
		Values copy = this.values.copy();
		copy.maxConcurrency = atLeastOne("maxConcurrency", limit);
		return new SourceOptions(copy);
	}

	/**
	 * Sets how many keys a batch call may have.
	 * @param limit the number of keys
	 * @return the options
	 * @throws IllegalArgumentException if it is less than one
	 */
	public SourceOptions maxBatchSize(int limit) {
		Values copy = this.values.copy();
		copy.maxBatchSize = atLeastOne("maxBatchSize", limit);
		return new SourceOptions(copy);
	}

	/**
	 * Says that the source answers at once, without input or output: it is called on the
	 * thread that asks, and cannot be left behind when time is over.
	 * @return the options
	 * @throws IllegalStateException if a transport timeout is set
	 */
	public SourceOptions nonBlocking() {
		if (this.values.transportTimeout != null) {
			throw new IllegalStateException(
					"A source with a transport timeout blocks; set either transportTimeout or nonBlocking");
		}
		Values copy = this.values.copy();
		copy.blocking = false;
		return new SourceOptions(copy);
	}

	/**
	 * Says within what time the source's own transport gives up. A call is not begun when
	 * less time than that is left.
	 * @param limit the time limit; shorter than the timeout
	 * @return the options
	 * @throws IllegalArgumentException if it is not positive
	 * @throws IllegalStateException if the source is said not to block
	 */
	public SourceOptions transportTimeout(Duration limit) {
		if (!this.values.blocking) {
			throw new IllegalStateException(
					"A source that does not block has no transport timeout; set either transportTimeout or nonBlocking");
		}
		Values copy = this.values.copy();
		copy.transportTimeout = positive("transportTimeout", limit);
		return new SourceOptions(copy);
	}

	/**
	 * Sets how calls that fail are repeated.
	 * @param options the options
	 * @return the options
	 */
	public SourceOptions retry(RetryOptions options) {
		Values copy = this.values.copy();
		copy.retry = Objects.requireNonNull(options, "retry");
		return new SourceOptions(copy);
	}

	/**
	 * Sets when the source is not asked.
	 * @param options the options
	 * @return the options
	 */
	public SourceOptions circuit(CircuitOptions options) {
		Values copy = this.values.copy();
		copy.circuit = Objects.requireNonNull(options, "circuit");
		return new SourceOptions(copy);
	}

	/**
	 * Sets whether the next source is asked too when this one is slower than it usually
	 * is.
	 * @param hedge whether it is
	 * @return the options
	 */
	public SourceOptions hedged(boolean hedge) {
		Values copy = this.values.copy();
		copy.hedged = hedge;
		return new SourceOptions(copy);
	}

	/**
	 * Returns how long a call may take.
	 * @return the time limit, or {@code null} if it is not set
	 */
	public @Nullable Duration timeout() {
		return this.values.timeout;
	}

	/**
	 * Returns how long a call may wait for its turn.
	 * @return the time limit, the timeout if it is not set itself, or {@code null} if
	 * neither is
	 */
	public @Nullable Duration queueTimeout() {
		return (this.values.queueTimeout != null) ? this.values.queueTimeout : this.values.timeout;
	}

	/**
	 * Returns how many calls may run at the same time.
	 * @return the number, or {@code null} if it is not set
	 */
	public @Nullable Integer maxConcurrency() {
		return this.values.maxConcurrency;
	}

	/**
	 * Returns how many keys a batch call may have.
	 * @return the number, or {@code null} if it is not set
	 */
	public @Nullable Integer maxBatchSize() {
		return this.values.maxBatchSize;
	}

	/**
	 * Returns whether the source may wait for input or output.
	 * @return {@code true} unless it is said not to
	 */
	public boolean isBlocking() {
		return this.values.blocking;
	}

	/**
	 * Returns within what time the source's own transport gives up.
	 * @return the time limit, or {@code null} if it is not known
	 */
	public @Nullable Duration transportTimeout() {
		return this.values.transportTimeout;
	}

	/**
	 * Returns how calls that fail are repeated.
	 * @return the options, or {@code null} if they are not set
	 */
	public @Nullable RetryOptions retry() {
		return this.values.retry;
	}

	/**
	 * Returns when the source is not asked.
	 * @return the options, or {@code null} if they are not set
	 */
	public @Nullable CircuitOptions circuit() {
		return this.values.circuit;
	}

	/**
	 * Returns whether the next source is asked too when this one is slow.
	 * @return {@code null} if it is not set
	 */
	public @Nullable Boolean hedged() {
		return this.values.hedged;
	}

	private static Duration positive(String name, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException(
					"The " + name + " of a source is " + value + "; set a positive duration");
		}
		return value;
	}

	private static int atLeastOne(String name, int value) {
		if (value < 1) {
			throw new IllegalArgumentException("The " + name + " of a source is " + value + "; set one or more");
		}
		return value;
	}

}
