package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.strates.snapshot.AcceptanceViolation.InsufficientAuthority;
import io.strates.snapshot.AcceptanceViolation.Reason;
import io.strates.snapshot.AcceptanceViolation.Stale;
import io.strates.snapshot.AcceptanceViolation.TooOld;
import io.strates.snapshot.AcceptanceViolation.Unsatisfied;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.strates.snapshot.StubSnapshot.at;
import static io.strates.snapshot.StubSnapshot.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Whether a snapshot is what a request asks for. Values are fresh for two seconds. */
class RequestRulesTests {

	private static final ResourceType<String> TYPE = ResourceType.of("test", "value", String.class);

	private static final ResourceKey<String> A = TYPE.key("A");

	private static final ResourceKey<String> B = TYPE.key("B");

	private static final ResourceKey<String> C = TYPE.key("C");

	private static final Instant NOW = at(100);

	private static final AcceptanceRule ANY = AcceptanceRule.unconstrained();

	private final RequestRules rules = new RequestRules((key) -> Freshness.of(seconds(2), seconds(100)));

	private final StubSnapshot snapshot = new StubSnapshot();

	@Test
	void optionalResourceMayBeMissing() {
		this.snapshot.value(A, 100).error(B, unresolved(B));

		assertThat(violation(SnapshotRequest.builder().required(A).optional(B))).isNull();
	}

	@Test
	void errorsAreThoseOfRequiredResourcesAndTheSnapshotHasTheRest() {
		this.snapshot.error(A, unresolved(A)).value(B, 100).error(C, unresolved(C));

		SnapshotIncompleteException violation = violation(SnapshotRequest.builder().required(A).optional(B, C));

		assertThat(violation).isExactlyInstanceOf(SnapshotIncompleteException.class);
		assertThat(Objects.requireNonNull(violation).errors()).containsOnlyKeys(A);
		assertThat(violation.snapshot()).isSameAs(this.snapshot);
	}

	@Test
	void errorsKeepTheOrderOfTheRequest() {
		List<ResourceKey<String>> keys = List.of(TYPE.key("Z"), TYPE.key("K"), A, TYPE.key("M"), C, B);
		keys.forEach((key) -> this.snapshot.error(key, unresolved(key)));

		SnapshotIncompleteException violation = violation(SnapshotRequest.builder().required(keys));

		assertThat(Objects.requireNonNull(violation).errors().keySet()).containsExactlyElementsOf(keys);
	}

	@Test
	void resourceThatWasNotResolvedIsAMistakeOfTheCaller() {
		this.snapshot.value(A, 100);

		assertThatIllegalArgumentException().isThrownBy(() -> violation(SnapshotRequest.builder().required(A, B)))
			.withMessageStartingWith("test:value:B has neither a value nor an error");
	}

	@Test
	void valuesThatLieTooFarApartAreNamed() {
		this.snapshot.value(A, 100).value(B, 104);

		SnapshotSkewException skew = skew(SnapshotRequest.builder().required(A, B).within(seconds(2)));

		assertThat(skew.oldestKey()).isEqualTo(A);
		assertThat(skew.oldestObservedAt()).isEqualTo(at(100));
		assertThat(skew.newestKey()).isEqualTo(B);
		assertThat(skew.newestObservedAt()).isEqualTo(at(104));
		assertThat(skew.skew()).isEqualTo(seconds(4));
		assertThat(skew.maxSkew()).isEqualTo(seconds(2));
		assertThat(skew.keys()).containsExactly(A, B);
		assertThat(skew.errors()).isEmpty();
		assertThat(skew.snapshot()).isSameAs(this.snapshot);
		assertThat(skew).hasMessage("The values of the snapshot lie PT4S apart, which is more than PT2S:"
				+ " test:value:A was observed at 1970-01-01T00:01:40Z, test:value:B at 1970-01-01T00:01:44Z;"
				+ " read the older one anew, or allow more");
	}

	@Test
	void skewThatIsTheLimitIsAllowed() {
		this.snapshot.value(A, 100).value(B, 102);

		assertThat(violation(SnapshotRequest.builder().required(A, B).within(seconds(2)))).isNull();
		assertThat(violation(SnapshotRequest.builder().required(A, B).within(seconds(1.999999999)))).isNotNull();
	}

	@Test
	void firstOfTheRequestIsNamedAmongEquals() {
		this.snapshot.value(A, 104).value(B, 100).value(C, 100);

		SnapshotSkewException skew = skew(SnapshotRequest.builder().required(C, B, A).within(seconds(2)));

		assertThat(skew.oldestKey()).isEqualTo(C);
		assertThat(skew.newestKey()).isEqualTo(A);
	}

	@Test
	void optionalResourceTakesPartInTheSkewOnlyIfIncluded() {
		this.snapshot.value(A, 100).value(B, 101).value(C, 150);
		ConsistencyPolicy policy = ConsistencyPolicy.within(seconds(2));

		assertThat(violation(SnapshotRequest.builder().required(A, B).optional(C).consistency(policy))).isNull();
		SnapshotSkewException skew = skew(
				SnapshotRequest.builder().required(A, B).optional(C).consistency(policy.includingOptional()));
		assertThat(skew.newestKey()).isEqualTo(C);
		assertThat(skew.keys()).containsExactly(A, B, C);
	}

	@Test
	void fewerThanTwoValuesHaveNoSkew() {
		this.snapshot.value(A, 100).error(B, unresolved(B));

		assertThat(violation(SnapshotRequest.builder()
			.required(A)
			.optional(B)
			.consistency(ConsistencyPolicy.within(Duration.ZERO).includingOptional()))).isNull();
	}

	@Test
	void otherResourcesOfTheSessionTakeNoPartInTheSkew() {
		this.snapshot.value(C, 10).value(A, 100).value(B, 101);

		assertThat(violation(SnapshotRequest.builder().required(A, B).within(seconds(2)))).isNull();
	}

	@Test
	void missingResourceComesBeforeSkewAndSkewBeforeAcceptance() {
		this.snapshot.value(A, 90).value(B, 100);
		AcceptancePolicy policy = AcceptancePolicy.of(ANY.notOlderThan(seconds(3)));
		SnapshotRequest.Builder request = SnapshotRequest.builder()
			.required(A, B)
			.within(seconds(2))
			.acceptance(policy);

		assertThat(violation(request)).isInstanceOf(SnapshotSkewException.class);
		this.snapshot.error(C, unresolved(C));
		assertThat(violation(request.required(C))).isExactlyInstanceOf(SnapshotIncompleteException.class);
	}

	@Test
	void valueThatIsTooOldIsRefused() {
		this.snapshot.value(A, 95);

		SnapshotRefusedException refused = refused(required(A), (policy) -> policy.defaultRule(olderThan(3)), NOW);

		assertThat(refused.violations()).containsExactly(new TooOld(A, seconds(5), seconds(3)));
		assertThat(refused.violations().get(0).reason().code()).isEqualTo("too_old");
		assertThat(refused.snapshot()).isSameAs(this.snapshot);
		assertThat(refused.errors()).containsOnlyKeys(A);
		assertThat(refused.errors().get(A)).isInstanceOfSatisfying(ResourceRefusedException.class, (error) -> {
			assertThat(error.key()).isEqualTo(A);
			assertThat(error.violations()).isEqualTo(refused.violations());
			assertThat(error).hasMessage(
					"test:value:A is not accepted: test:value:A was observed PT5S ago, which is more than PT3S");
		});
		assertThat(refused)
			.hasMessage("The snapshot is not accepted: test:value:A was observed PT5S ago, which is more than PT3S");
	}

	@Test
	void valueOfTheGreatestAgeIsAccepted() {
		this.snapshot.value(A, 97);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(olderThan(3)), NOW)).isEmpty();
	}

	@Test
	void valueThatBecameStaleSinceItWasTakenIsStale() {
		this.snapshot.value(A, 100);

		SnapshotRefusedException refused = refused(required(A), (policy) -> policy.defaultRule(ANY.notStale()),
				at(103));

		assertThat(refused.violations()).containsExactly(new Stale(A, seconds(3)));
		assertThat(refused.violations().get(0).reason()).isEqualTo(Reason.STALE);
		assertThat(refused).hasMessageEndingWith("test:value:A is stale, observed PT3S ago");
		assertThat(this.snapshot.staleKeys()).isEmpty();
	}

	@Test
	void valueOfExactlyItsTimeToLiveIsNotStale() {
		this.snapshot.value(A, 100);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(ANY.notStale()), at(102))).isEmpty();
	}

	@Test
	void valueThatWasTakenStaleStaysSo() {
		this.snapshot.stale(A, 100);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(ANY.notStale()), NOW))
			.containsExactly(new Stale(A, seconds(0)));
	}

	@Test
	void ageIsNeverLessThanItWasWhenTheValueWasTaken() {
		this.snapshot.value(A, 95);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(olderThan(3)), at(96)))
			.containsExactly(new TooOld(A, seconds(5), seconds(3)));
	}

	@Test
	void valueOfTheFutureHasNoAge() {
		this.snapshot.value(A, 101);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(olderThan(0)), NOW)).isEmpty();
	}

	@Test
	void valueOfTooLittleAuthorityIsRefused() {
		this.snapshot.authority(A, 40).authority(B, 100);

		SnapshotRefusedException refused = refused(required(A, B),
				(policy) -> policy.defaultRule(ANY.authorityAtLeast(100)), NOW);

		assertThat(refused.violations()).containsExactly(new InsufficientAuthority(A, 40, 100));
		assertThat(refused.violations().get(0).reason().code()).isEqualTo("insufficient_authority");
		assertThat(refused).hasMessageEndingWith("test:value:A has authority 40, which is less than 100");
	}

	@Test
	void oneOfAGroupIsEnough() {
		this.snapshot.value(A, 100).error(B, unresolved(B));

		assertThat(violations(SnapshotRequest.builder().optional(A, B),
				(policy) -> policy.require(Requirement.anyOf(A, B)), NOW))
			.isEmpty();
		assertThat(this.snapshot.errors()).containsOnlyKeys(B);
	}

	@Test
	void memberOfAGroupCountsOnlyIfItFollowsItsRule() {
		this.snapshot.value(A, 95).value(B, 99).error(C, unresolved(C));
		Requirement two = Requirement.atLeast(2, List.of(A, B, C)).named("quorum");

		SnapshotRefusedException refused = refused(SnapshotRequest.builder().optional(A, B, C),
				(policy) -> policy.defaultRule(olderThan(3)).require(two), NOW);

		assertThat(refused.violations()).containsExactly(new TooOld(A, seconds(5), seconds(3)),
				new Unsatisfied(two, 1));
		assertThat(refused.errors()).containsOnlyKeys(A, B, C);
		assertThat(((ResourceRefusedException) refused.errors().get(A)).violations()).hasSize(2);
	}

	@Test
	void memberOfSatisfiedGroupMayBeBad() {
		this.snapshot.value(A, 95).value(B, 99);

		assertThat(violations(SnapshotRequest.builder().optional(A, B),
				(policy) -> policy.defaultRule(olderThan(3)).require(Requirement.anyOf(A, B)), NOW))
			.isEmpty();
	}

	@Test
	void memberOfTwoGroupsIsNamedOnce() {
		this.snapshot.value(A, 95).error(B, unresolved(B)).error(C, unresolved(C));
		Requirement first = Requirement.anyOf(A, B);
		Requirement second = Requirement.anyOf(A, C);

		assertThat(violations(SnapshotRequest.builder().optional(A, B, C),
				(policy) -> policy.defaultRule(olderThan(3)).require(first).require(second), NOW))
			.containsExactly(new TooOld(A, seconds(5), seconds(3)), new Unsatisfied(first, 0),
					new Unsatisfied(second, 0));
	}

	@Test
	void emptyRuleOfAResourceTakesTheDefaultsPlace() {
		this.snapshot.value(A, 50);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(olderThan(2)).rule(A, ANY), NOW)).isEmpty();
	}

	@Test
	void groupOfWhichNothingIsThereIsUnsatisfied() {
		List.of(A, B, C).forEach((key) -> this.snapshot.error(key, unresolved(key)));
		Requirement quorum = Requirement.atLeast(2, List.of(A, B, C)).named("quorum");

		SnapshotRefusedException refused = refused(SnapshotRequest.builder().optional(A, B, C),
				(policy) -> policy.require(quorum), NOW);

		assertThat(refused.violations()).containsExactly(new Unsatisfied(quorum, 0));
		Unsatisfied violation = (Unsatisfied) refused.violations().get(0);
		assertThat(violation.reason().code()).isEqualTo("requirement_unsatisfied");
		assertThat(violation.requirement().name()).isEqualTo("quorum");
		assertThat(violation.acceptedCount()).isZero();
		assertThat(violation.requirement().minimumCount()).isEqualTo(2);
		assertThat(violation.keys()).containsExactly(A, B, C);
		assertThat(violation.message()).isEqualTo("Requirement 'quorum' has 0 of 3 resources, and needs 2");
	}

	@Test
	void optionalResourceFollowsARuleOnlyIfIncludedOrNamed() {
		this.snapshot.value(A, 100).value(B, 90);
		TooOld tooOld = new TooOld(B, seconds(10), seconds(3));
		SnapshotRequest.Builder request = SnapshotRequest.builder().required(A).optional(B);

		assertThat(violations(request, (policy) -> policy.defaultRule(olderThan(3)), NOW)).isEmpty();
		request = SnapshotRequest.builder().required(A).optional(B);
		assertThat(violations(request, (policy) -> policy.defaultRule(olderThan(3)).includingOptional(), NOW))
			.containsExactly(tooOld);
		request = SnapshotRequest.builder().required(A).optional(B);
		assertThat(violations(request, (policy) -> policy.rule(B, olderThan(3)), NOW)).containsExactly(tooOld);
	}

	@Test
	void allThatIsWrongWithAValueIsNamedInOrder() {
		this.snapshot.value(A, 90);
		AcceptanceRule rule = olderThan(3).notStale().authorityAtLeast(1);

		assertThat(violations(required(A), (policy) -> policy.defaultRule(rule), NOW)).containsExactly(
				new Stale(A, seconds(10)), new TooOld(A, seconds(10), seconds(3)), new InsufficientAuthority(A, 0, 1));
	}

	@Test
	void messageShowsFiveViolations() {
		List<ResourceKey<String>> keys = List.of(A, B, C, TYPE.key("D"), TYPE.key("E"), TYPE.key("F"), TYPE.key("G"));
		keys.forEach((key) -> this.snapshot.value(key, 90));

		SnapshotRefusedException refused = refused(SnapshotRequest.builder().required(keys),
				(policy) -> policy.defaultRule(olderThan(3)), NOW);

		assertThat(refused.violations()).hasSize(7);
		assertThat(refused).hasMessageEndingWith("; +2 more violation(s)");
	}

	@Test
	void refusalWithoutViolationIsAMistake() {
		assertThatIllegalArgumentException().isThrownBy(() -> new SnapshotRefusedException(List.of(), null));
	}

	@Test
	void revalidatedResourcesAreJudgedAsRequiredOnes() {
		this.snapshot.value(A, 200).value(B, 205);

		SnapshotSkewException skew = RequestRules.skew(ConsistencyPolicy.within(seconds(2)), List.of(A, B), List.of(),
				this.snapshot);

		assertThat(Objects.requireNonNull(skew).skew()).isEqualTo(seconds(5));
		AcceptancePolicy policy = AcceptancePolicy.builder().rule(B, olderThan(1)).build();
		assertThat(this.rules.violations(policy, List.of(A), List.of(), this.snapshot, at(210)))
			.containsExactly(new TooOld(B, seconds(5), seconds(1)));
	}

	private static SnapshotRequest.Builder required(ResourceKey<?>... keys) {
		return SnapshotRequest.builder().required(keys);
	}

	private static AcceptanceRule olderThan(double seconds) {
		return ANY.notOlderThan(seconds(seconds));
	}

	private static ResourceUnresolvedException unresolved(ResourceKey<?> key) {
		return new ResourceUnresolvedException(key, List.of(new SourceFailure("rest", "Down", "gone", 1)));
	}

	private @Nullable SnapshotIncompleteException violation(SnapshotRequest.Builder request) {
		return this.rules.violation(request.build(), this.snapshot, NOW);
	}

	private SnapshotSkewException skew(SnapshotRequest.Builder request) {
		SnapshotIncompleteException violation = violation(request);
		assertThat(violation).isInstanceOf(SnapshotSkewException.class);
		return (SnapshotSkewException) Objects.requireNonNull(violation);
	}

	private SnapshotRefusedException refused(SnapshotRequest.Builder request,
			UnaryOperator<AcceptancePolicy.Builder> policy, Instant now) {
		SnapshotIncompleteException violation = this.rules.violation(
				request.acceptance(policy.apply(AcceptancePolicy.builder()).build()).build(), this.snapshot, now);
		assertThat(violation).isInstanceOf(SnapshotRefusedException.class);
		return (SnapshotRefusedException) Objects.requireNonNull(violation);
	}

	private List<AcceptanceViolation> violations(SnapshotRequest.Builder request,
			UnaryOperator<AcceptancePolicy.Builder> policy, Instant now) {
		SnapshotIncompleteException violation = this.rules.violation(
				request.acceptance(policy.apply(AcceptancePolicy.builder()).build()).build(), this.snapshot, now);
		return (violation instanceof SnapshotRefusedException refused) ? refused.violations() : List.of();
	}

}
