package io.strates.snapshot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How good the value of a resource has to be. A rule says nothing of a resource that has
 * no value: what must be there is required by the request, or by a {@link Requirement}.
 *
 * @param maxAge how old the value may be when the request is answered, or {@code null}
 * for any age
 * @param allowsStale whether the value may be stale
 * @param minimumAuthority how much its source has to be trusted, or {@code null} for any
 * source
 * @since 0.1.0
 */
public record AcceptanceRule(@Nullable Duration maxAge, boolean allowsStale, @Nullable Integer minimumAuthority) {

	private static final AcceptanceRule UNCONSTRAINED = new AcceptanceRule(null, true, null);

	/**
	 * Creates a rule.
	 * @throws IllegalArgumentException if the age is negative
	 */
	public AcceptanceRule {
		if (maxAge != null && maxAge.isNegative()) {
			throw new IllegalArgumentException("maxAge is " + maxAge + "; set zero or more");
		}
	}

	/**
	 * Returns the rule that every value follows.
	 * @return the rule
	 */
	public static AcceptanceRule unconstrained() {
		return UNCONSTRAINED;
	}

	/**
	 * Returns this rule with a limit of the age.
	 * @param limit how old the value may be
	 * @return the rule
	 * @throws IllegalArgumentException if it is negative
	 */
	public AcceptanceRule notOlderThan(Duration limit) {
		return new AcceptanceRule(limit, this.allowsStale, this.minimumAuthority);
	}

	/**
	 * Returns this rule without stale values.
	 * @return the rule
	 */
	public AcceptanceRule notStale() {
		return new AcceptanceRule(this.maxAge, false, this.minimumAuthority);
	}

	/**
	 * Returns this rule with a limit of the authority.
	 * @param minimum how much the source has to be trusted
	 * @return the rule
	 */
	public AcceptanceRule authorityAtLeast(int minimum) {
		return new AcceptanceRule(this.maxAge, this.allowsStale, minimum);
	}

	/**
	 * Returns whether there are values that do not follow this rule.
	 * @return {@code false} if every value does
	 */
	public boolean isConstrained() {
		return !equals(UNCONSTRAINED);
	}

}
