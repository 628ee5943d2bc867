package io.strates.snapshot;

import java.time.Duration;

/**
 * How far the times may lie apart at which the values of one request were observed.
 *
 * @param maxSkew from the oldest to the newest value, at most
 * @param includesOptional whether optional resources take part, where they have a value
 * @param replacesOldest whether, when the values lie too far apart, the next source is
 * asked for the oldest one before the request fails
 * @since 0.1.0
 */
public record ConsistencyPolicy(Duration maxSkew, boolean includesOptional, boolean replacesOldest) {

	/**
	 * Creates a policy.
	 * @throws IllegalArgumentException if the skew is negative
	 */
	public ConsistencyPolicy {
		if (maxSkew.isNegative()) {
			throw new IllegalArgumentException("maxSkew is " + maxSkew + "; set zero or more");
		}
	}

	/**
	 * Returns a limit for the required resources.
	 * @param maxSkew from the oldest to the newest value, at most
	 * @return the policy
	 * @throws IllegalArgumentException if the skew is negative
	 */
	public static ConsistencyPolicy within(Duration maxSkew) {
		return new ConsistencyPolicy(maxSkew, false, false);
	}

	/**
	 * Returns this policy with optional resources taking part.
	 * @return the policy
	 */
	public ConsistencyPolicy includingOptional() {
		return new ConsistencyPolicy(this.maxSkew, true, this.replacesOldest);
	}

	/**
	 * Returns this policy with another source asked for the oldest value.
	 * @return the policy
	 */
	public ConsistencyPolicy replacingOldest() {
		return new ConsistencyPolicy(this.maxSkew, this.includesOptional, true);
	}

}
