package io.strates.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import io.strates.snapshot.BuilderHealth.Counter;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.strates.snapshot.Scene.NUMBER;
import static io.strates.snapshot.Scene.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class RequestedSnapshotTests {

	private static final ResourceKey<Integer> A = key("A");

	private static final ResourceKey<Integer> B = key("B");

	private static final ResourceKey<Integer> C = key("C");

	private static final SnapshotOptions OPTIONS = SnapshotOptions.defaults();

	/** When values were observed, in seconds; others are away. */
	private final Map<ResourceKey<?>, Long> observed = new ConcurrentHashMap<>();

	private Scene scene(UnaryOperator<SnapshotSetup> setup, Source<?>... others) {
		SingleSource<Integer> rest = Sources.named("rest", NUMBER)
			.options(Scene.AT_ONCE)
			.fetchingPayload((key, context) -> {
				Long second = this.observed.get(key);
				if (second == null) {
					throw new SourceUnavailableException("no " + key, null);
				}
				return SourcePayload.observed(second.intValue(), Instant.ofEpochSecond(second));
			});
		Source<?>[] all = new Source<?>[others.length + 1];
		System.arraycopy(others, 0, all, 0, others.length);
		all[others.length] = rest;
		return new Scene((each) -> setup.apply(each.futureTolerance(Duration.ofHours(1))), all);
	}

	private Scene scene() {
		return scene(UnaryOperator.identity());
	}

	private void observed(long a, long b) {
		this.observed.put(A, a);
		this.observed.put(B, b);
	}

	private static AcceptancePolicy accepting(AcceptanceRule rule) {
		return AcceptancePolicy.of(rule);
	}

	private static AcceptanceRule notOlderThan(long seconds) {
		return AcceptanceRule.unconstrained().notOlderThan(Duration.ofSeconds(seconds));
	}

	private static SnapshotRequest.Builder requiring(ResourceKey<?>... keys) {
		return SnapshotRequest.builder().required(keys);
	}

	/** L2: whether the options are strict does not matter. */
	@Test
	void whatIsOptionalMayBeMissing() {
		this.observed.put(A, 100L);
		try (Scene scene = scene()) {
			Snapshot snapshot = scene.builder.build(requiring(A).optional(B).build(), OPTIONS);

			assertThat(snapshot.get(A)).isEqualTo(100);
			assertThat(snapshot.errors()).containsOnlyKeys(B);
		}
	}

	/** L3. */
	@Test
	void whatIsRequiredIsNamedAndTheRestIsThere() {
		this.observed.put(B, 2L);
		try (Scene scene = scene((setup) -> setup.freshness(Freshness.unbounded()))) {
			assertThatExceptionOfType(SnapshotIncompleteException.class)
				.isThrownBy(() -> scene.builder.build(requiring(A).optional(B, C).build(), OPTIONS))
				.satisfies((ex) -> assertThat(ex.errors()).containsOnlyKeys(A))
				.satisfies((ex) -> assertThat(ex.snapshot().get(B)).isEqualTo(2));
		}
	}

	/** L4. */
	@Test
	void valuesTooFarApartAreNamed() {
		observed(100, 104);
		SnapshotRequest request = requiring(A, B).within(Duration.ofSeconds(2)).build();
		try (Scene scene = scene()) {
			assertThatExceptionOfType(SnapshotSkewException.class)
				.isThrownBy(() -> scene.builder.build(request, OPTIONS))
				.satisfies((ex) -> assertThat(ex.oldestKey()).isEqualTo(A))
				.satisfies((ex) -> assertThat(ex.newestKey()).isEqualTo(B))
				.satisfies((ex) -> assertThat(ex.skew()).isEqualTo(Duration.ofSeconds(4)))
				.satisfies((ex) -> assertThat(ex.maxSkew()).isEqualTo(Duration.ofSeconds(2)))
				.satisfies((ex) -> assertThat(ex.snapshot().values()).containsOnlyKeys(A, B));
			SnapshotOutcome outcome = scene.builder.judge(request, OPTIONS, DegradationPolicy.defaults());
			assertThat(outcome.state()).isEqualTo(SnapshotOutcome.State.DEGRADED);
			assertThat(outcome.skew()).isNotNull();
		}
	}

	/** L6. */
	@Test
	void optionalValueTakesPartOnlyIfIncluded() {
		observed(100, 101);
		this.observed.put(C, 150L);
		ConsistencyPolicy policy = ConsistencyPolicy.within(Duration.ofSeconds(2));
		try (Scene scene = scene()) {
			SnapshotRequest without = requiring(A, B).optional(C).consistency(policy).build();
			assertThat(scene.builder.build(without, OPTIONS).isComplete()).isTrue();
			assertThatExceptionOfType(SnapshotSkewException.class)
				.isThrownBy(() -> scene.builder
					.build(requiring(A, B).optional(C).consistency(policy.includingOptional()).build(), OPTIONS))
				.satisfies((ex) -> assertThat(ex.newestKey()).isEqualTo(C))
				.satisfies((ex) -> assertThat(ex.keys()).containsExactly(A, B, C));
		}
	}

	/** L8. */
	@Test
	void otherValuesOfTheSessionTakeNoPart() {
		observed(100, 101);
		this.observed.put(C, 10L);
		try (Scene scene = scene((setup) -> setup.freshness(Freshness.unbounded()));
				SnapshotSession session = scene.builder.session(OPTIONS)) {
			session.resolve(C);

			Snapshot snapshot = session.resolve(requiring(A, B).within(Duration.ofSeconds(2)).build());

			assertThat(snapshot.values()).containsOnlyKeys(C, A, B);
			assertThat(snapshot.diagnostics().skew()).isEqualTo(Duration.ofMillis(91_000));
		}
	}

	/** The values of a stage stay in the session, whatever the request says of them. */
	@Test
	void sessionKeepsWhatARequestRefuses() {
		observed(100, 104);
		try (Scene scene = scene(); SnapshotSession session = scene.builder.session(OPTIONS)) {
			assertThatExceptionOfType(SnapshotSkewException.class)
				.isThrownBy(() -> session.resolve(requiring(A, B).within(Duration.ofSeconds(2)).build()));

			assertThat(session.snapshot().values()).containsOnlyKeys(A, B);
			assertThat(session.resolve(A, B).diagnostics().count(Count.SOURCE_CALLS)).isEqualTo(2);
		}
	}

	private static AcceptanceViolation only(SnapshotRefusedException ex) {
		assertThat(ex.violations()).hasSize(1);
		return ex.violations().get(0);
	}

	/** L11. */
	@Test
	void valueTooOldIsRefused() {
		this.observed.put(A, 95L);
		try (Scene scene = scene()) {
			assertThatExceptionOfType(SnapshotRefusedException.class)
				.isThrownBy(
						() -> scene.builder.build(requiring(A).acceptance(accepting(notOlderThan(3))).build(), OPTIONS))
				.satisfies((ex) -> assertThat(only(ex))
					.isEqualTo(new AcceptanceViolation.TooOld(A, Duration.ofSeconds(5), Duration.ofSeconds(3))))
				.satisfies((ex) -> assertThat(ex.snapshot().get(A)).isEqualTo(95));
		}
	}

	/** L13: the value of the session is not stale, but would be by now. */
	@Test
	void valueThatBecameStaleIsRefused() {
		this.observed.put(A, 100L);
		try (Scene scene = scene(
				(setup) -> setup.freshness(Freshness.of(Duration.ofSeconds(2), Duration.ofSeconds(60))));
				SnapshotSession session = scene.builder.session(OPTIONS)) {
			session.resolve(A);
			scene.time.advance(Duration.ofSeconds(3));

			assertThatExceptionOfType(SnapshotRefusedException.class)
				.isThrownBy(() -> session
					.resolve(requiring(A).acceptance(accepting(AcceptanceRule.unconstrained().notStale())).build()))
				.satisfies(
						(ex) -> assertThat(only(ex)).isEqualTo(new AcceptanceViolation.Stale(A, Duration.ofSeconds(3))))
				.satisfies((ex) -> assertThat(ex.snapshot().staleKeys()).isEmpty());
		}
	}

	/** L14. */
	@Test
	void valueOfTooLittleAuthorityIsRefused() {
		this.observed.put(A, 100L);
		try (Scene scene = scene((setup) -> setup.authority((key, source) -> 40))) {
			assertThatExceptionOfType(SnapshotRefusedException.class)
				.isThrownBy(() -> scene.builder
					.build(requiring(A).acceptance(accepting(AcceptanceRule.unconstrained().authorityAtLeast(100)))
						.build(), OPTIONS))
				.satisfies((ex) -> assertThat(only(ex))
					.isEqualTo(new AcceptanceViolation.InsufficientAuthority(A, 40, 100)));
		}
	}

	private static SnapshotRequest group(Requirement requirement, ResourceKey<?>... keys) {
		return SnapshotRequest.builder()
			.optional(keys)
			.acceptance(AcceptancePolicy.builder().require(requirement).build())
			.build();
	}

	/** L15, L18. */
	@Test
	void enoughOfAGroupHasToBeThere() {
		this.observed.put(A, 100L);
		try (Scene scene = scene()) {
			Snapshot any = scene.builder.build(group(Requirement.anyOf(A, B), A, B), OPTIONS);

			assertThat(any.errors()).containsOnlyKeys(B);
			this.observed.clear();
			Requirement quorum = Requirement.atLeast(2, List.of(B, C, key("D"))).named("quorum");
			assertThatExceptionOfType(SnapshotRefusedException.class)
				.isThrownBy(() -> scene.builder.build(group(quorum, B, C, key("D")), OPTIONS))
				.satisfies((ex) -> assertThat(only(ex)).isEqualTo(new AcceptanceViolation.Unsatisfied(quorum, 0)))
				.satisfies((ex) -> assertThat(only(ex).keys()).containsExactly(B, C, key("D")));
		}
	}

	/** L17. */
	@Test
	void emptyRuleLetsAValuePass() {
		observed(50, 100);
		AcceptancePolicy policy = AcceptancePolicy.builder()
			.defaultRule(notOlderThan(2))
			.rule(A, AcceptanceRule.unconstrained())
			.build();
		try (Scene scene = scene()) {
			assertThat(scene.builder.build(requiring(A, B).acceptance(policy).build(), OPTIONS).get(A)).isEqualTo(50);
		}
	}

	/** L20. */
	@Test
	void optionalValueFollowsARuleOnlyIfIncludedOrNamed() {
		observed(100, 50);
		AcceptanceRule rule = notOlderThan(2);
		try (Scene scene = scene()) {
			SnapshotRequest without = requiring(A).optional(B).acceptance(accepting(rule)).build();
			assertThat(scene.builder.build(without, OPTIONS).get(B)).isEqualTo(50);
			for (AcceptancePolicy policy : List.of(
					AcceptancePolicy.builder().defaultRule(rule).includingOptional().build(),
					AcceptancePolicy.builder().rule(B, rule).build())) {
				assertThatExceptionOfType(SnapshotRefusedException.class)
					.isThrownBy(() -> scene.builder.build(requiring(A).optional(B).acceptance(policy).build(), OPTIONS))
					.satisfies((ex) -> assertThat(only(ex).keys()).containsExactly(B));
			}
		}
	}

	/** L23. */
	@Test
	void valueThatIsNotAcceptedReplacesNothing() {
		this.observed.put(A, 98L);
		SnapshotRequest request = requiring(A).acceptance(accepting(notOlderThan(5))).build();
		try (Scene scene = scene(); SnapshotSession session = scene.builder.session(OPTIONS.lenient())) {
			String before = session.resolve(request).values().get(A).revisionId();
			scene.time.advance(Duration.ofSeconds(10));
			this.observed.put(A, 99L);

			assertThatExceptionOfType(SnapshotRefusedException.class)
				.isThrownBy(() -> session.revalidate(request, true))
				.satisfies((ex) -> assertThat(ex.snapshot().get(A)).isEqualTo(99));
			assertThat(session.snapshot().values().get(A).revisionId()).isEqualTo(before);
			assertThat(scene.builder.health().count(Counter.REVALIDATION_ATTEMPT_COUNT)).isOne();
			assertThat(scene.builder.health().count(Counter.REVALIDATION_FAILURE_COUNT)).isOne();
		}
	}

	/** L24. */
	@Test
	void valuesTooFarApartReplaceNothing() {
		observed(100, 100);
		SnapshotRequest request = requiring(A, B).within(Duration.ofSeconds(2)).build();
		try (Scene scene = scene(); SnapshotSession session = scene.builder.session(OPTIONS.lenient())) {
			Snapshot before = session.resolve(request);
			observed(200, 205);
			scene.time.advance(Duration.ofSeconds(110));

			assertThatExceptionOfType(SnapshotSkewException.class).isThrownBy(() -> session.revalidate(request, true))
				.satisfies((ex) -> assertThat(ex.skew()).isEqualTo(Duration.ofSeconds(5)));
			assertThat(session.snapshot().values()).extractingByKey(A)
				.extracting(SnapshotValue::revisionId)
				.isEqualTo(before.values().get(A).revisionId());
			observed(210, 211);
			assertThat(session.revalidate(request, true).get(B)).isEqualTo(211);
			assertThat(session.snapshot().get(A)).isEqualTo(210);
			assertThat(scene.builder.health().count(Counter.REVALIDATION_ATTEMPT_COUNT)).isEqualTo(2);
			assertThat(scene.builder.health().count(Counter.REVALIDATION_FAILURE_COUNT)).isOne();
		}
	}

	/**
	 * A lenient session throws what is required; what is optional may be missing, before
	 * and after.
	 */
	@Test
	void revalidatedRequestTellsRequiredFromOptional() {
		this.observed.put(A, 100L);
		SnapshotRequest request = requiring(A).optional(B).build();
		try (Scene scene = scene(); SnapshotSession session = scene.builder.session(OPTIONS.lenient())) {
			session.resolve(request);
			this.observed.put(A, 101L);

			assertThat(session.revalidate(request, true).get(A)).isEqualTo(101);
			assertThat(session.snapshot().errors()).containsOnlyKeys(B);
			this.observed.put(B, 102L);
			assertThat(session.revalidate(request, true).get(B)).isEqualTo(102);
			this.observed.remove(B);
			assertThat(session.revalidate(request, true).errors()).containsOnlyKeys(B);
			assertThat(session.snapshot().get(B)).isEqualTo(102);
			this.observed.remove(A);
			assertThatExceptionOfType(SnapshotIncompleteException.class)
				.isThrownBy(() -> session.revalidate(request, true))
				.satisfies((ex) -> assertThat(ex.errors()).containsKey(A));
			assertThat(session.snapshot().get(A)).isEqualTo(101);
		}
	}

	private static SingleSource<Integer> primary(Map<ResourceKey<?>, Long> observed) {
		return Sources.named("primary", NUMBER)
			.priority(10)
			.options(Scene.AT_ONCE)
			.supporting(observed::containsKey)
			.fetchingPayload((key, context) -> SourcePayload.observed(observed.get(key).intValue(),
					Instant.ofEpochSecond(observed.get(key))));
	}

	private static final SnapshotRequest REPLACING = SnapshotRequest.builder()
		.required(A, B)
		.consistency(ConsistencyPolicy.within(Duration.ofSeconds(2)).replacingOldest())
		.build();

	@Test
	void nextSourceIsAskedForTheOldestValuePastTheCache() {
		observed(103, 104);
		try (Scene scene = scene(UnaryOperator.identity(), primary(Map.of(A, 100L)))) {
			String cached = scene.value(A).revisionId();

			Snapshot snapshot = scene.builder.build(REPLACING, OPTIONS.id("asked"));

			assertThat(snapshot.id()).isEqualTo("asked");
			assertThat(snapshot.get(A)).isEqualTo(103);
			assertThat(snapshot.values().get(A).source()).isEqualTo("rest");
			assertThat(snapshot.get(B)).isEqualTo(104);
			assertThat(snapshot.diagnostics().callsBySource()).containsOnly(Map.entry("rest", 2L));
			assertThat(scene.value(A).revisionId()).isEqualTo(cached);
			assertThat(scene.builder.judge(REPLACING, OPTIONS, DegradationPolicy.defaults()).state())
				.isEqualTo(SnapshotOutcome.State.ACCEPTED);
			scene.assertIdle();
		}
	}

	@Test
	void oldestValueIsReplacedOnceAndOnlyIfThatHelps() {
		observed(101, 104);
		try (Scene scene = scene(UnaryOperator.identity(), primary(Map.of(A, 100L)))) {
			assertThatExceptionOfType(SnapshotSkewException.class)
				.isThrownBy(() -> scene.builder.build(REPLACING, OPTIONS))
				.satisfies((ex) -> assertThat(ex.skew()).isEqualTo(Duration.ofSeconds(4)))
				.satisfies((ex) -> assertThat(ex.snapshot().get(A)).isEqualTo(100));
			this.observed.remove(A);
			assertThatExceptionOfType(SnapshotSkewException.class)
				.isThrownBy(() -> scene.builder.build(REPLACING, OPTIONS))
				.satisfies((ex) -> assertThat(ex.snapshot().get(A)).isEqualTo(100));
		}
	}

	@Test
	void whatIsDerivedFromTheOldestValueIsReplacedWithIt() {
		ResourceType<Integer> twice = ResourceType.of("test", "twice", Integer.class);
		DerivedSource<Integer> doubling = Sources.named("doubling", twice)
			.options(Scene.AT_ONCE)
			.deriving((key) -> Set.of(A), (key, inputs) -> inputs.get(A) * 2);
		SnapshotRequest request = SnapshotRequest.builder()
			.required(A, B, twice.key())
			.consistency(ConsistencyPolicy.within(Duration.ofSeconds(2)).replacingOldest())
			.build();
		observed(103, 104);
		try (Scene scene = scene(UnaryOperator.identity(), primary(Map.of(A, 100L)), doubling)) {
			scene.time.advance(Duration.ofSeconds(10));
			Snapshot snapshot = scene.builder.build(request, OPTIONS);

			assertThat(snapshot.get(twice.key())).isEqualTo(206);
			assertThat(snapshot.values().get(twice.key()).inputs())
				.containsExactly(Map.entry(A, snapshot.values().get(A).revisionId()));
		}
	}

	@Test
	void revalidationReplacesTheOldestValueToo() {
		observed(103, 104);
		Map<ResourceKey<?>, Long> primary = new ConcurrentHashMap<>(Map.of(A, 104L));
		try (Scene scene = scene(UnaryOperator.identity(), primary(primary));
				SnapshotSession session = scene.builder.session(OPTIONS)) {
			assertThat(session.resolve(REPLACING).values().get(A).source()).isEqualTo("primary");
			primary.put(A, 105L);
			observed(108, 109);

			Snapshot replaced = session.revalidate(REPLACING, true);

			assertThat(replaced.get(A)).isEqualTo(108);
			assertThat(replaced.get(B)).isEqualTo(109);
			assertThat(session.resolve(A).values().get(A).source()).isEqualTo("rest");
		}
	}

}
