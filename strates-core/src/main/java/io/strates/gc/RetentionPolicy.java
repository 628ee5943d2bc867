package io.strates.gc;

import java.time.Duration;

/**
 * Which builds garbage collection keeps. The live build and builds with a live writer are
 * always kept.
 *
 * @param releases how many of the newest releases are kept, counting the live one
 * @param failed how long a failed build is kept after it failed
 * @param rejected how long a build is kept after a rollback has left it
 * @param unreleased how long a sealed build is kept that was never released
 * @param abandoned how long a writer may be silent before its build counts as failed
 * @since 0.1.0
 */
public record RetentionPolicy(int releases, Duration failed, Duration rejected, Duration unreleased,
		Duration abandoned) {

	/**
	 * Creates a policy.
	 * @throws IllegalArgumentException if fewer than one release is kept or a duration is
	 * negative
	 */
	public RetentionPolicy {
		if (releases < 1) {
			throw new IllegalArgumentException(
					"Retention keeps " + releases + " releases; the live one is always kept, so use 1 or more");
		}
		requireNotNegative("failed", failed);
		requireNotNegative("rejected", rejected);
		requireNotNegative("unreleased", unreleased);
		requireNotNegative("abandoned", abandoned);
	}

	private static void requireNotNegative(String what, Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException(
					"Retention of " + what + " builds is " + duration + "; use a duration that is not negative");
		}
	}

}
