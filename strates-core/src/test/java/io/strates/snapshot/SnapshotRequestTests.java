package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What can be asked, and what cannot. */
class SnapshotRequestTests {

	private static final ResourceType<String> TYPE = ResourceType.of("test", "value", String.class);

	private static final ResourceKey<String> A = TYPE.key("A");

	private static final ResourceKey<String> B = TYPE.key("B");

	private static final ResourceKey<String> C = TYPE.key("C");

	private static final AcceptanceRule FRESH = AcceptanceRule.unconstrained().notStale();

	@Test
	void keysAreTheRequiredAndThenTheOptionalOnesWithoutRepetitions() {
		SnapshotRequest request = SnapshotRequest.builder().optional(C, C).required(B).required(List.of(A, B)).build();

		assertThat(request.keys()).containsExactly(B, A, C);
		assertThat(request.required()).containsExactly(B, A);
		assertThat(request.optional()).containsExactly(C);
		assertThat(request.isRequired(A)).isTrue();
		assertThat(request.isRequired(C)).isFalse();
		assertThat(request.consistency()).isNull();
		assertThat(request.acceptance()).isNull();
		assertThat(request)
			.hasToString("SnapshotRequest[required=[test:value:B, test:value:A], " + "optional=[test:value:C]]");
	}

	@Test
	void requestThatWasBuiltDoesNotChangeWithItsBuilder() {
		SnapshotRequest.Builder builder = SnapshotRequest.builder().required(A);
		SnapshotRequest request = builder.build();

		builder.required(B);

		assertThat(request.keys()).containsExactly(A);
	}

	@Test
	void keyThatIsBothRequiredAndOptionalIsRefused() {
		SnapshotRequest.Builder builder = SnapshotRequest.builder().required(A).optional(B);

		assertThatIllegalArgumentException().isThrownBy(() -> builder.optional(A))
			.withMessage("test:value:A is both required and optional in one request; make it one of them");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.required(B));
	}

	@Test
	void requestWithoutKeysIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> SnapshotRequest.of())
			.withMessage("A request has no resources; add one at least");
	}

	@Test
	void skewIsNotNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> ConsistencyPolicy.within(Duration.ofMillis(-100)))
			.withMessage("maxSkew is PT-0.1S; set zero or more");
		assertThat(ConsistencyPolicy.within(Duration.ZERO).maxSkew()).isZero();
	}

	@Test
	void policiesAreSetOnce() {
		SnapshotRequest.Builder builder = SnapshotRequest.builder()
			.required(A)
			.within(Duration.ofSeconds(2))
			.acceptance(AcceptancePolicy.of(FRESH));

		assertThatIllegalStateException()
			.isThrownBy(() -> builder.consistency(ConsistencyPolicy.within(Duration.ofSeconds(1))))
			.withMessageContaining("maxSkew=PT2S");
		assertThatIllegalStateException().isThrownBy(() -> builder.acceptance(AcceptancePolicy.of(FRESH)));
		ConsistencyPolicy consistency = Objects.requireNonNull(builder.build().consistency());
		assertThat(consistency).isEqualTo(new ConsistencyPolicy(Duration.ofSeconds(2), false, false));
		assertThat(consistency.includingOptional().replacingOldest())
			.isEqualTo(new ConsistencyPolicy(Duration.ofSeconds(2), true, true));
	}

	@Test
	void acceptancePolicyHasAConstraint() {
		AcceptancePolicy.Builder builder = AcceptancePolicy.builder().rule(A, AcceptanceRule.unconstrained());

		assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withMessageStartingWith("An acceptance policy accepts everything");
		assertThatIllegalArgumentException().isThrownBy(() -> AcceptancePolicy.of(AcceptanceRule.unconstrained()));
		assertThat(builder.require(Requirement.anyOf(B)).build().keys()).containsExactly(A, B);
	}

	@Test
	void acceptancePolicyNamesOnlyWhatIsAskedFor() {
		AcceptancePolicy policy = AcceptancePolicy.builder().rule(C, FRESH).build();
		SnapshotRequest.Builder builder = SnapshotRequest.builder().required(A).acceptance(policy);

		assertThatIllegalArgumentException().isThrownBy(builder::build)
			.withMessage("The acceptance policy names test:value:C, which the request does not ask for;"
					+ " add it as optional, or leave it out");
		assertThat(builder.optional(C).build().acceptance()).isSameAs(policy);
	}

	@Test
	void ruleOfAResourceIsItsOwnOrTheDefault() {
		AcceptanceRule own = AcceptanceRule.unconstrained().authorityAtLeast(5);
		AcceptancePolicy policy = AcceptancePolicy.builder().defaultRule(FRESH).rule(A, own).build();

		assertThat(policy.rule(A)).isEqualTo(own);
		assertThat(policy.rule(B)).isEqualTo(FRESH);
		assertThat(policy.includesOptional()).isFalse();
	}

	@Test
	void rulesAreSetOnce() {
		AcceptancePolicy.Builder builder = AcceptancePolicy.builder().defaultRule(FRESH).rule(A, FRESH);

		assertThatIllegalStateException().isThrownBy(() -> builder.defaultRule(FRESH));
		assertThatIllegalStateException().isThrownBy(() -> builder.rule(A, FRESH))
			.withMessageStartingWith("The rule of test:value:A is AcceptanceRule[");
	}

	@Test
	void maximumAgeOfARuleIsNotNegative() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> AcceptanceRule.unconstrained().notOlderThan(Duration.ofSeconds(-1)))
			.withMessage("maxAge is PT-1S; set zero or more");
	}

	@Test
	void requirementAsksForOneToAllOfItsKeys() {
		assertThat(Requirement.allOf(A, B, A)).isEqualTo(new Requirement(List.of(A, B), 2, ""));
		assertThat(Requirement.anyOf(A, B).named(" any ")).isEqualTo(new Requirement(List.of(A, B), 1, "any"));
		assertThatIllegalArgumentException().isThrownBy(() -> Requirement.atLeast(3, List.of(A, B)))
			.withMessage("minimumCount is 3 of 2 keys; set a number from 1 to 2");
		assertThatIllegalArgumentException().isThrownBy(() -> Requirement.atLeast(0, List.of(A, B)));
		assertThatIllegalArgumentException().isThrownBy(() -> Requirement.allOf())
			.withMessage("A requirement has no keys; name one at least");
	}

}
