package io.strates.snapshot;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an answer that is not all that was asked for is good for: which ones are degraded
 * and which rejected, and which actions each of them allows. Actions are words of the
 * application. Immutable; each method that changes something returns another policy.
 *
 * @since 0.1.0
 */
public final class DegradationPolicy {

	/** The action of showing values. */
	public static final String READ = "read";

	/** The action of computing from values. */
	public static final String EVALUATE = "evaluate";

	/** The action of doing something about them. */
	public static final String ACT = "act";

	private static final DegradationPolicy DEFAULTS = new DegradationPolicy(new Values());

	private final Values values;

	private DegradationPolicy(Values values) {
		this.values = values;
	}

	/** The fields, copied as one. */
	private static final class Values implements Cloneable {

		private int minimumResolved = 1;

		private int minimumRequired;

		private boolean failClosed;

		private boolean rejectOnErrors;

		private boolean rejectOnSkew;

		private boolean rejectOnViolations;

		private Set<String> accepted = actions(READ, EVALUATE, ACT);

		private Set<String> degraded = actions(READ, EVALUATE);

		private Set<String> rejected = actions();

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
	 * Returns a policy that takes every answer with a value as degraded at least:
	 * accepted ones may be read, evaluated and acted on, degraded ones read and
	 * evaluated.
	 * @return the policy
	 */
	public static DegradationPolicy defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns a policy that rejects whatever is not accepted, missing optional resources
	 * included.
	 * @return the policy
	 */
	public static DegradationPolicy failClosed() {
		Values copy = DEFAULTS.values.copy();
		copy.failClosed = true;
		copy.degraded = actions();
		return new DegradationPolicy(copy);
	}

	/**
	 * Returns a policy whose answers may be read and evaluated, but never acted on.
	 * @return the policy
	 */
	public static DegradationPolicy readOnly() {
		return DEFAULTS.acceptedActions(READ, EVALUATE);
	}

	/**
	 * Returns a policy for getting out of danger: the given actions are allowed even by
	 * degraded answers.
	 * @param reducing the actions that lessen a risk
	 * @return the policy
	 * @throws IllegalArgumentException if an action is blank
	 */
	public static DegradationPolicy riskReduction(String... reducing) {
		return DEFAULTS.acceptedActions(concatenated(new String[] { READ, EVALUATE }, reducing))
			.degradedActions(concatenated(new String[] { READ }, reducing));
	}

	private static String[] concatenated(String[] some, String[] more) {
		return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
	}

	/**
	 * Sets of how many resources of the request an answer needs a value.
	 * @param count how many at least; the default is one
	 * @return the policy
	 * @throws IllegalArgumentException if it is negative
	 */
	public DegradationPolicy minimumResolved(int count) {
		Values copy = this.values.copy();
		copy.minimumResolved = notNegative("minimumResolved", count);
		return new DegradationPolicy(copy);
	}

	/**
	 * Sets of how many required resources an answer needs a value.
	 * @param count how many at least; the default is zero
	 * @return the policy
	 * @throws IllegalArgumentException if it is negative
	 */
	public DegradationPolicy minimumRequired(int count) {
		Values copy = this.values.copy();
		copy.minimumRequired = notNegative("minimumRequired", count);
		return new DegradationPolicy(copy);
	}

	/**
	 * Rejects answers of which a required resource is missing.
	 * @return the policy
	 */
	public DegradationPolicy rejectingErrors() {
		Values copy = this.values.copy();
		copy.rejectOnErrors = true;
		return new DegradationPolicy(copy);
	}

	/**
	 * Rejects answers whose values lie too far apart in time.
	 * @return the policy
	 */
	public DegradationPolicy rejectingSkew() {
		Values copy = this.values.copy();
		copy.rejectOnSkew = true;
		return new DegradationPolicy(copy);
	}

	/**
	 * Rejects answers that violate the acceptance policy.
	 * @return the policy
	 */
	public DegradationPolicy rejectingViolations() {
		Values copy = this.values.copy();
		copy.rejectOnViolations = true;
		return new DegradationPolicy(copy);
	}

	/**
	 * Sets what an accepted answer is good for.
	 * @param actions the actions
	 * @return the policy
	 * @throws IllegalArgumentException if an action is blank
	 */
	public DegradationPolicy acceptedActions(String... actions) {
		Values copy = this.values.copy();
		copy.accepted = actions(actions);
		return new DegradationPolicy(copy);
	}

	/**
	 * Sets what a degraded answer is good for.
	 * @param actions the actions
	 * @return the policy
	 * @throws IllegalArgumentException if an action is blank
	 */
	public DegradationPolicy degradedActions(String... actions) {
		Values copy = this.values.copy();
		copy.degraded = actions(actions);
		return new DegradationPolicy(copy);
	}

	/**
	 * Sets what a rejected answer is good for; the default is nothing.
	 * @param actions the actions
	 * @return the policy
	 * @throws IllegalArgumentException if an action is blank
	 */
	public DegradationPolicy rejectedActions(String... actions) {
		Values copy = this.values.copy();
		copy.rejected = actions(actions);
		return new DegradationPolicy(copy);
	}

	/** Returns what an answer in some state is good for. */
	Set<String> actions(SnapshotOutcome.State state) {
		return switch (state) {
			case ACCEPTED -> this.values.accepted;
			case DEGRADED -> this.values.degraded;
			case REJECTED -> this.values.rejected;
		};
	}

	/**
	 * Returns the state of an answer of which something is missing or wrong.
	 * @param resolved how many resources of the request have a value
	 * @param required how many of the required ones
	 * @param errors whether a required one has none
	 * @param skewed whether values lie too far apart
	 * @param violated whether the acceptance policy is violated
	 */
	SnapshotOutcome.State state(int resolved, int required, boolean errors, boolean skewed, boolean violated) {
		boolean tooFew = resolved < this.values.minimumResolved || required < this.values.minimumRequired;
		boolean tooBad = (errors && this.values.rejectOnErrors) || (skewed && this.values.rejectOnSkew)
				|| (violated && this.values.rejectOnViolations);
		return (this.values.failClosed || tooFew || tooBad) ? SnapshotOutcome.State.REJECTED
				: SnapshotOutcome.State.DEGRADED;
	}

	private static Set<String> actions(String... actions) {
		Collection<String> words = Arrays.stream(actions).map(String::strip).toList();
		if (words.contains("")) {
			throw new IllegalArgumentException("One of the actions " + words + " is blank; name it");
		}
		return Collections.unmodifiableSet(new LinkedHashSet<>(words));
	}

	private static int notNegative(String name, int value) {
		if (value < 0) {
			throw new IllegalArgumentException(name + " is " + value + "; set zero or more");
		}
		return value;
	}

}
