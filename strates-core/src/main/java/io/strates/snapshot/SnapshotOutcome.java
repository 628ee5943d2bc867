package io.strates.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that does not throw: what was resolved, what is wrong with it,
 * and what it is still good for. Immutable.
 *
 * @since 0.1.0
 */
public final class SnapshotOutcome {

	private final State state;

	private final SnapshotRequest request;

	private final Snapshot snapshot;

	private final Set<String> allowedActions;

	private final String reason;

	private final Faults faults;

	private SnapshotOutcome(State state, SnapshotRequest request, Snapshot snapshot, DegradationPolicy policy,
			String reason, Faults faults) {
		this.state = state;
		this.request = request;
		this.snapshot = snapshot;
		this.allowedActions = policy.actions(state);
		this.reason = reason;
		this.faults = faults;
	}

	/** Judges what was resolved, with the faults that were found in it. */
	static SnapshotOutcome of(SnapshotRequest request, Snapshot snapshot, Faults faults, DegradationPolicy policy) {
		List<String> reasons = faults.reasons();
		if (reasons.isEmpty()) {
			return new SnapshotOutcome(State.ACCEPTED, request, snapshot, policy, "accepted", faults);
		}
		Set<ResourceKey<?>> there = snapshot.values().keySet();
		State state = policy.state((int) request.keys().stream().filter(there::contains).count(),
				(int) request.required().stream().filter(there::contains).count(), !faults.required.isEmpty(),
				faults.skew != null, !faults.violations.isEmpty());
		return new SnapshotOutcome(state, request, snapshot, policy, String.join(",", reasons), faults);
	}

	/** Rejects what could not be resolved at all, such as of a session that is closed. */
	static SnapshotOutcome failed(SnapshotRequest request, Snapshot snapshot, StratesException error,
			DegradationPolicy policy) {
		return new SnapshotOutcome(State.REJECTED, request, snapshot, policy, error.getClass().getSimpleName(),
				new Faults(Map.of(), Map.of(), null, List.of(), error));
	}

	/**
	 * Returns how much the answer is worth.
	 * @return the state
	 */
	public State state() {
		return this.state;
	}

	/**
	 * Returns what was asked.
	 * @return the request
	 */
	public SnapshotRequest request() {
		return this.request;
	}

	/**
	 * Returns what could be resolved, whatever the state.
	 * @return the snapshot
	 */
	public Snapshot snapshot() {
		return this.snapshot;
	}

	/**
	 * Returns what the answer is good for.
	 * @return actions of the {@link DegradationPolicy}
	 */
	public Set<String> allowedActions() {
		return this.allowedActions;
	}

	/**
	 * Returns whether the answer is good for an action.
	 * @param action the action
	 * @return whether it is allowed
	 */
	public boolean allows(String action) {
		return this.allowedActions.contains(action);
	}

	/**
	 * Returns why the answer is in its state.
	 * @return {@code accepted}, or what is wrong of {@code required_errors},
	 * {@code optional_errors}, {@code consistency_violation} and
	 * {@code acceptance_violation}, with commas between; the simple name of the exception
	 * if nothing could be resolved at all
	 */
	public String reason() {
		return this.reason;
	}

	/**
	 * Returns why required resources have no value.
	 * @return the errors, in the order of the request
	 */
	public Map<ResourceKey<?>, StratesException> requiredErrors() {
		return this.faults.required;
	}

	/**
	 * Returns why optional resources have no value.
	 * @return the errors, in the order of the request
	 */
	public Map<ResourceKey<?>, StratesException> optionalErrors() {
		return this.faults.optional;
	}

	/**
	 * Returns how far the values lie apart, if that is too far.
	 * @return what is violated, or {@code null} if nothing is
	 */
	public @Nullable SnapshotSkewException skew() {
		return this.faults.skew;
	}

	/**
	 * Returns what the answer violates of the acceptance policy.
	 * @return the violations
	 */
	public List<AcceptanceViolation> violations() {
		return this.faults.violations;
	}

	/**
	 * Returns what a request that throws would have thrown; for missing optional
	 * resources, which throw nothing, their errors.
	 * @return the error, or {@code null} if the answer is accepted
	 */
	public @Nullable StratesException error() {
		return this.faults.error(this.snapshot);
	}

	/**
	 * Returns the snapshot, if the answer is accepted.
	 * @return the snapshot
	 * @throws StratesException the {@linkplain #error() error}, if it is degraded or
	 * rejected
	 */
	public Snapshot requireAccepted() {
		return snapshotUnless(this.state != State.ACCEPTED);
	}

	/**
	 * Returns the snapshot, if the answer is accepted or degraded.
	 * @return the snapshot
	 * @throws StratesException the {@linkplain #error() error}, if it is rejected
	 */
	public Snapshot orThrow() {
		return snapshotUnless(this.state == State.REJECTED);
	}

	private Snapshot snapshotUnless(boolean failed) {
		StratesException error = failed ? error() : null;
		if (error != null) {
			throw error;
		}
		return this.snapshot;
	}

	@Override
	public String toString() {
		return "SnapshotOutcome[" + this.state + ", " + this.reason + ", allowed=" + this.allowedActions + "]";
	}

	/**
	 * How much an answer is worth.
	 *
	 * @since 0.1.0
	 */
	public enum State {

		/** All that was asked for is there, and follows the policies. */
		ACCEPTED,

		/** Something is missing or wrong; the rest is of use. */
		DEGRADED,

		/** What is missing or wrong is too much. */
		REJECTED

	}

	/** What is wrong with an answer. */
	record Faults(Map<ResourceKey<?>, StratesException> required, Map<ResourceKey<?>, StratesException> optional,
			@Nullable SnapshotSkewException skew, List<AcceptanceViolation> violations,
			@Nullable StratesException failure) {

		Faults {
			required = Collections.unmodifiableMap(new LinkedHashMap<>(required));
			optional = Collections.unmodifiableMap(new LinkedHashMap<>(optional));
			violations = List.copyOf(violations);
		}

		List<String> reasons() {
			List<String> reasons = new ArrayList<>();
			if (!this.required.isEmpty()) {
				reasons.add("required_errors");
			}
			if (!this.optional.isEmpty()) {
				reasons.add("optional_errors");
			}
			if (this.skew != null) {
				reasons.add("consistency_violation");
			}
			if (!this.violations.isEmpty()) {
				reasons.add("acceptance_violation");
			}
			return reasons;
		}

		/**
		 * Returns what a caller of the throwing form sees; the first of them, in its
		 * order.
		 */
		@Nullable StratesException error(Snapshot snapshot) {
			if (this.failure != null) {
				return this.failure;
			}
			if (!this.required.isEmpty()) {
				return new SnapshotIncompleteException(this.required, snapshot);
			}
			if (this.skew != null) {
				return this.skew;
			}
			if (!this.violations.isEmpty()) {
				return new SnapshotRefusedException(this.violations, snapshot);
			}
			return this.optional.isEmpty() ? null : new SnapshotIncompleteException(this.optional, snapshot);
		}

	}

}
