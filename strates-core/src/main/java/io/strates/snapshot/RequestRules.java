package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import io.strates.StratesException;
import io.strates.snapshot.SnapshotOutcome.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a snapshot is what a request asks for: first that nothing required is
 * missing, then that the values do not lie too far apart, then that they are good enough.
 */
final class RequestRules {

	private final Function<? super ResourceKey<?>, Freshness> freshness;

	RequestRules(Function<? super ResourceKey<?>, Freshness> freshness) {
		this.freshness = freshness;
	}

	/** Returns what is to be thrown, if the snapshot is not what the request asks for. */
	@Nullable SnapshotIncompleteException violation(SnapshotRequest request, Snapshot snapshot, Instant now) {
		Map<ResourceKey<?>, StratesException> errors = errors(request.required(), snapshot);
		if (!errors.isEmpty()) {
			return new SnapshotIncompleteException(errors, snapshot);
		}
		ConsistencyPolicy consistency = request.consistency();
		SnapshotSkewException skew = (consistency != null)
				? skew(consistency, request.required(), request.optional(), snapshot) : null;
		AcceptancePolicy acceptance = request.acceptance();
		if (skew != null || acceptance == null) {
			return skew;
		}
		List<AcceptanceViolation> violations = violations(acceptance, request.required(), request.optional(), snapshot,
				now);
		return violations.isEmpty() ? null : new SnapshotRefusedException(violations, snapshot);
	}

	/** Judges without throwing, and looks for all that is wrong. */
	SnapshotOutcome outcome(SnapshotRequest request, Snapshot snapshot, Instant now, DegradationPolicy policy) {
		ConsistencyPolicy consistency = request.consistency();
		AcceptancePolicy acceptance = request.acceptance();
		Faults faults = new Faults(errors(request.required(), snapshot), errors(request.optional(), snapshot),
				(consistency != null) ? skew(consistency, request.required(), request.optional(), snapshot) : null,
				(acceptance != null) ? violations(acceptance, request.required(), request.optional(), snapshot, now)
						: List.of(),
				null);
		return SnapshotOutcome.of(request, snapshot, faults, policy);
	}

	/** Returns the errors of some resources, in their order. */
	static Map<ResourceKey<?>, StratesException> errors(Collection<? extends ResourceKey<?>> keys, Snapshot snapshot) {
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();
		for (ResourceKey<?> key : keys) {
			StratesException error = snapshot.error(key);
			if (error != null) {
				errors.put(key, error);
			}
			else if (!snapshot.values().containsKey(key)) {
				throw new IllegalArgumentException(
						key + " has neither a value nor an error in the snapshot; resolve it first");
			}
		}
		return errors;
	}

	/**
	 * Returns how far the values lie apart, if that is too far. Of values that were
	 * observed at the same time the first one counts.
	 */
	static @Nullable SnapshotSkewException skew(ConsistencyPolicy policy, Collection<? extends ResourceKey<?>> required,
			Collection<? extends ResourceKey<?>> optional, Snapshot snapshot) {
		Set<ResourceKey<?>> candidates = new LinkedHashSet<>(required);
		if (policy.includesOptional()) {
			candidates.addAll(optional);
		}
		List<ResourceKey<?>> keys = new ArrayList<>();
		SnapshotValue<?> oldest = null;
		SnapshotValue<?> newest = null;
		for (ResourceKey<?> key : candidates) {
			SnapshotValue<?> value = snapshot.values().get(key);
			if (value != null) {
				keys.add(key);
				oldest = (oldest == null || value.observedAt().isBefore(oldest.observedAt())) ? value : oldest;
				newest = (newest == null || value.observedAt().isAfter(newest.observedAt())) ? value : newest;
			}
		}
		if (oldest == null || newest == null
				|| Duration.between(oldest.observedAt(), newest.observedAt()).compareTo(policy.maxSkew()) <= 0) {
			return null;
		}
		return new SnapshotSkewException(keys, oldest, newest, policy.maxSkew(), snapshot);
	}

	/**
	 * Returns what the snapshot violates: first the rules of single resources that are to
	 * follow them in any case, then the requirements, each after the rules that its
	 * members do not follow.
	 */
	List<AcceptanceViolation> violations(AcceptancePolicy policy, Collection<? extends ResourceKey<?>> required,
			Collection<? extends ResourceKey<?>> optional, Snapshot snapshot, Instant now) {
		Set<ResourceKey<?>> enforced = new LinkedHashSet<>(required);
		if (policy.includesOptional()) {
			enforced.addAll(optional);
		}
		enforced.addAll(policy.rules().keySet());
		Map<ResourceKey<?>, List<AcceptanceViolation>> judged = new HashMap<>();
		Function<ResourceKey<?>, List<AcceptanceViolation>> judge = (key) -> judged.computeIfAbsent(key,
				(each) -> violations(policy.rule(each), snapshot.values().get(each), now));
		// A set: the member of two groups is named once.
		Set<AcceptanceViolation> violations = new LinkedHashSet<>();
		enforced.forEach((key) -> violations.addAll(judge.apply(key)));
		for (Requirement requirement : policy.requirements()) {
			int accepted = (int) requirement.keys()
				.stream()
				.filter((key) -> snapshot.values().containsKey(key) && judge.apply(key).isEmpty())
				.count();
			if (accepted < requirement.minimumCount()) {
				requirement.keys().forEach((key) -> violations.addAll(judge.apply(key)));
				violations.add(new AcceptanceViolation.Unsatisfied(requirement, accepted));
			}
		}
		return List.copyOf(violations);
	}

	private List<AcceptanceViolation> violations(AcceptanceRule rule, @Nullable SnapshotValue<?> value, Instant now) {
		if (value == null || !rule.isConstrained()) {
			return List.of();
		}
		ResourceKey<?> key = value.key();
		Duration age = age(value, now);
		List<AcceptanceViolation> violations = new ArrayList<>();
		if (!rule.allowsStale() && (value.isStale() || age.compareTo(this.freshness.apply(key).timeToLive()) > 0)) {
			violations.add(new AcceptanceViolation.Stale(key, age));
		}
		Duration maxAge = rule.maxAge();
		if (maxAge != null && age.compareTo(maxAge) > 0) {
			violations.add(new AcceptanceViolation.TooOld(key, age, maxAge));
		}
		Integer minimumAuthority = rule.minimumAuthority();
		if (minimumAuthority != null && value.authority() < minimumAuthority) {
			violations.add(new AcceptanceViolation.InsufficientAuthority(key, value.authority(), minimumAuthority));
		}
		return violations;
	}

	/** How old the value is by now; no younger than it was when it was taken. */
	private static Duration age(SnapshotValue<?> value, Instant now) {
		Duration age = Duration.between(value.observedAt(), now);
		return (age.compareTo(value.age()) > 0) ? age : value.age();
	}

}
