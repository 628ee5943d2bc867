package io.strates.snapshot;

import java.time.Duration;

/**
 * When a source is not asked: after so many failures in a row, for a while, and then once
 * to see whether it is back.
 *
 * @param scope what fails together
 * @param failureThreshold after how many failures in a row the circuit opens
 * @param recovery how long it stays open
 * @param enabled whether there is a circuit at all
 * @since 0.1.0
 */
public record CircuitOptions(Scope scope, int failureThreshold, Duration recovery, boolean enabled) {

	private static final CircuitOptions DEFAULTS = new CircuitOptions(Scope.SOURCE, 3, Duration.ofSeconds(10), true);

	/**
	 * What fails together.
	 *
	 * @since 0.1.0
	 */
	public enum Scope {

		/** All of a source. */
		SOURCE,

		/** What a source has of one namespace. */
		NAMESPACE,

		/** What a source has of one subject; of one type, for keys without subject. */
		SUBJECT,

		/** One key. */
		RESOURCE

	}

	/**
	 * Creates options.
	 * @throws IllegalArgumentException if the threshold is less than one, or the recovery
	 * not positive
	 */
	public CircuitOptions {
		if (failureThreshold < 1) {
			throw new IllegalArgumentException("failureThreshold is " + failureThreshold + "; set one or more");
		}
		if (recovery.isNegative() || recovery.isZero()) {
			throw new IllegalArgumentException("recovery is " + recovery + "; set a positive duration");
		}
	}

	/**
	 * Returns one circuit for a source, which opens after three failures for ten seconds.
	 * @return the options
	 */
	public static CircuitOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns options without a circuit.
	 * @return the options
	 */
	public static CircuitOptions disabled() {
		return new CircuitOptions(Scope.SOURCE, 1, Duration.ofSeconds(1), false);
	}

	/**
	 * Returns a circuit.
	 * @param scope what fails together
	 * @param failureThreshold after how many failures in a row it opens
	 * @param recovery how long it stays open
	 * @return the options
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public static CircuitOptions of(Scope scope, int failureThreshold, Duration recovery) {
		return new CircuitOptions(scope, failureThreshold, recovery, true);
	}

}
