package io.strates.snapshot;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static io.strates.snapshot.StubSnapshot.at;
import static io.strates.snapshot.StubSnapshot.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What an answer that does not throw is good for. */
class SnapshotOutcomeTests {

	private static final ResourceType<String> TYPE = ResourceType.of("test", "value", String.class);

	private static final ResourceKey<String> A = TYPE.key("A");

	private static final ResourceKey<String> B = TYPE.key("B");

	private static final ResourceKey<String> OTHER = TYPE.key("OTHER");

	private static final Instant NOW = at(100);

	private static final DegradationPolicy DEFAULTS = DegradationPolicy.defaults();

	private final RequestRules rules = new RequestRules((key) -> Freshness.of(seconds(2), seconds(100)));

	private final StubSnapshot snapshot = new StubSnapshot();

	@Test
	void answerThatHasAllIsAccepted() {
		this.snapshot.value(A, 100);

		SnapshotOutcome outcome = outcome(SnapshotRequest.of(A), DEFAULTS);

		assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.ACCEPTED);
		assertThat(outcome.reason()).isEqualTo("accepted");
		assertThat(outcome.allowedActions()).containsExactly("read", "evaluate", "act");
		assertThat(outcome.error()).isNull();
		assertThat(outcome.requireAccepted()).isSameAs(this.snapshot);
		assertThat(outcome.orThrow()).isSameAs(this.snapshot);
		assertThat(outcome).hasToString("SnapshotOutcome[ACCEPTED, accepted, allowed=[read, evaluate, act]]");
	}

	@Test
	void answerWithoutARequiredResourceIsDegraded() {
		this.snapshot.value(A, 100).error(B, unresolved(B));

		SnapshotOutcome outcome = outcome(SnapshotRequest.of(A, B), DEFAULTS);

		assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.DEGRADED);
		assertThat(outcome.reason()).isEqualTo("required_errors");
		assertThat(outcome.allowedActions()).containsExactly("read", "evaluate");
		assertThat(outcome.allows(DegradationPolicy.READ)).isTrue();
		assertThat(outcome.allows(DegradationPolicy.ACT)).isFalse();
		assertThat(outcome.requiredErrors()).containsOnlyKeys(B);
		assertThat(outcome.orThrow()).isSameAs(this.snapshot);
		assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(outcome::requireAccepted)
			.satisfies((error) -> assertThat(error.errors()).containsOnlyKeys(B));
	}

	@Test
	void answerWithoutAnOptionalResourceIsDegraded() {
		this.snapshot.value(A, 100).error(B, unresolved(B));

		SnapshotOutcome outcome = outcome(SnapshotRequest.builder().required(A).optional(B).build(), DEFAULTS);

		assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.DEGRADED);
		assertThat(outcome.reason()).isEqualTo("optional_errors");
		assertThat(outcome.requiredErrors()).isEmpty();
		assertThat(outcome.optionalErrors()).containsOnlyKeys(B);
		assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(outcome::requireAccepted)
			.satisfies((error) -> assertThat(error.errors()).containsOnlyKeys(B));
	}

	@Test
	void answerWithoutAnyResourceOfTheRequestIsRejected() {
		this.snapshot.value(OTHER, 100).error(A, unresolved(A));

		SnapshotOutcome outcome = outcome(SnapshotRequest.of(A), DEFAULTS);

		assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.REJECTED);
		assertThat(outcome.allowedActions()).isEmpty();
		assertThatExceptionOfType(SnapshotIncompleteException.class).isThrownBy(outcome::orThrow);
		assertThat(outcome(SnapshotRequest.of(A), DEFAULTS.minimumResolved(0)).state())
			.isEqualTo(SnapshotOutcome.State.DEGRADED);
	}

	@Test
	void requiredResourcesMayHaveAMinimumOfTheirOwn() {
		this.snapshot.value(A, 100).error(B, unresolved(B));
		SnapshotRequest request = SnapshotRequest.builder().required(B).optional(A).build();

		assertThat(outcome(request, DEFAULTS).state()).isEqualTo(SnapshotOutcome.State.DEGRADED);
		assertThat(outcome(request, DEFAULTS.minimumRequired(1)).state()).isEqualTo(SnapshotOutcome.State.REJECTED);
	}

	@Test
	void allThatIsWrongIsNamedAndTheFirstIsThrown() {
		this.snapshot.value(A, 90).value(B, 100).error(OTHER, unresolved(OTHER));
		SnapshotRequest request = SnapshotRequest.builder()
			.required(A, B)
			.optional(OTHER)
			.within(seconds(2))
			.acceptance(AcceptancePolicy.of(AcceptanceRule.unconstrained().notOlderThan(seconds(3))))
			.build();

		SnapshotOutcome outcome = outcome(request, DEFAULTS);

		assertThat(outcome.reason()).isEqualTo("optional_errors,consistency_violation,acceptance_violation");
		assertThat(outcome.skew()).isNotNull();
		assertThat(outcome.violations()).containsExactly(new AcceptanceViolation.TooOld(A, seconds(10), seconds(3)));
		assertThatExceptionOfType(SnapshotSkewException.class).isThrownBy(outcome::requireAccepted);
		assertThat(outcome.request()).isSameAs(request);
	}

	@Test
	void violationOfTheAcceptancePolicyIsThrown() {
		this.snapshot.value(A, 90);
		SnapshotRequest request = SnapshotRequest.builder()
			.required(A)
			.acceptance(AcceptancePolicy.of(AcceptanceRule.unconstrained().notOlderThan(seconds(3))))
			.build();

		SnapshotOutcome outcome = outcome(request, DEFAULTS.rejectingViolations());

		assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.REJECTED);
		assertThatExceptionOfType(SnapshotRefusedException.class).isThrownBy(outcome::orThrow);
		assertThat(outcome(request, DEFAULTS.rejectingErrors().rejectingSkew()).state())
			.isEqualTo(SnapshotOutcome.State.DEGRADED);
	}

	@Test
	void eachKindOfFaultCanReject() {
		this.snapshot.value(A, 90).value(B, 100).error(OTHER, unresolved(OTHER));
		SnapshotRequest skewed = SnapshotRequest.builder().required(A, B).within(seconds(2)).build();
		SnapshotRequest missing = SnapshotRequest.of(A, OTHER);

		assertThat(outcome(skewed, DEFAULTS.rejectingSkew()).state()).isEqualTo(SnapshotOutcome.State.REJECTED);
		assertThat(outcome(skewed, DEFAULTS.rejectingErrors()).state()).isEqualTo(SnapshotOutcome.State.DEGRADED);
		assertThat(outcome(missing, DEFAULTS.rejectingErrors()).state()).isEqualTo(SnapshotOutcome.State.REJECTED);
		assertThat(outcome(missing, DEFAULTS.rejectingSkew()).state()).isEqualTo(SnapshotOutcome.State.DEGRADED);
	}

	@Test
	void failClosedRejectsWhateverIsNotAccepted() {
		this.snapshot.value(A, 100).error(B, unresolved(B));
		DegradationPolicy policy = DegradationPolicy.failClosed();

		SnapshotOutcome rejected = outcome(SnapshotRequest.builder().required(A).optional(B).build(), policy);
		SnapshotOutcome accepted = outcome(SnapshotRequest.of(A), policy);

		assertThat(rejected.state()).isEqualTo(SnapshotOutcome.State.REJECTED);
		assertThat(rejected.allowedActions()).isEmpty();
		assertThat(accepted.allowedActions()).containsExactly("read", "evaluate", "act");
	}

	@Test
	void presetsSayWhatIsAllowed() {
		this.snapshot.value(A, 100).error(B, unresolved(B));
		DegradationPolicy reduction = DegradationPolicy.riskReduction("cancel_orders", "reduce_only_exit");

		assertThat(outcome(SnapshotRequest.of(A), DegradationPolicy.readOnly()).allowedActions())
			.containsExactly("read", "evaluate");
		assertThat(outcome(SnapshotRequest.of(A, B), DegradationPolicy.readOnly()).allowedActions())
			.containsExactly("read", "evaluate");
		assertThat(outcome(SnapshotRequest.of(A), reduction).allowedActions()).containsExactly("read", "evaluate",
				"cancel_orders", "reduce_only_exit");
		assertThat(outcome(SnapshotRequest.of(A, B), reduction).allowedActions()).containsExactly("read",
				"cancel_orders", "reduce_only_exit");
		assertThat(
				outcome(SnapshotRequest.of(A, B), DEFAULTS.rejectingErrors().rejectedActions("alarm")).allowedActions())
			.containsExactly("alarm");
	}

	@Test
	void policyRefusesBlankActionsAndNegativeMinimums() {
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.acceptedActions("read", " "))
			.withMessage("One of the actions [read, ] is blank; name it");
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.minimumResolved(-1))
			.withMessage("minimumResolved is -1; set zero or more");
		assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.minimumRequired(-1));
	}

	@Test
	void failureOfTheWholeRequestIsRejected() {
		SnapshotDeadlineException failure = new SnapshotDeadlineException("too late", null);

		SnapshotOutcome outcome = SnapshotOutcome.failed(SnapshotRequest.of(A), this.snapshot, failure, DEFAULTS);

		assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.REJECTED);
		assertThat(outcome.reason()).isEqualTo("SnapshotDeadlineException");
		assertThat(outcome.error()).isSameAs(failure);
		assertThatExceptionOfType(SnapshotDeadlineException.class).isThrownBy(outcome::orThrow).isSameAs(failure);
	}

	private SnapshotOutcome outcome(SnapshotRequest request, DegradationPolicy policy) {
		return this.rules.outcome(request, this.snapshot, NOW, policy);
	}

	private static ResourceUnresolvedException unresolved(ResourceKey<?> key) {
		return new ResourceUnresolvedException(key, List.of(new SourceFailure("rest", "Down", "gone", 1)));
	}

}
