package io.strates.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.strates.snapshot.CircuitOptions.Scope;
import io.strates.snapshot.Circuits.CircuitId;
import io.strates.snapshot.Circuits.CircuitView;
import io.strates.snapshot.Circuits.Permit;
import io.strates.snapshot.Circuits.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CircuitsTests {

	private static final Duration RECOVERY = Duration.ofSeconds(5);

	private static final Exception FAILURE = new SourceTimeoutException("timed out after 0.010s", null);

	private static final ResourceType<String> PRICE = ResourceType.of("market", "price", String.class);

	private static final ResourceKey<String> BTC = PRICE.key("BTC");

	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

	private final Circuits circuits = new Circuits(this.clock::get, 100, Duration.ofMinutes(10));

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	private static CircuitOptions options(int threshold) {
		return CircuitOptions.of(Scope.SOURCE, threshold, RECOVERY);
	}

	private Permit admit(int threshold) {
		return this.circuits.admit("rest", options(threshold), BTC);
	}

	private void fail(int threshold, int times) {
		for (int time = 0; time < times; time++) {
			admit(threshold).failure(FAILURE);
		}
	}

	private boolean refused(int threshold) {
		try {
			admit(threshold).skipped();
			return false;
		}
		catch (CircuitOpenException ex) {
			return true;
		}
	}

	private @Nullable CircuitView view() {
		return this.circuits.states().get(new CircuitId("rest", Scope.SOURCE, ""));
	}

	private static CircuitView closed(int failures) {
		return new CircuitView(State.CLOSED, failures, null, false);
	}

	private static CircuitView open(int failures, long openedAt) {
		return new CircuitView(State.OPEN, failures, openedAt, false);
	}

	private Permit probe() {
		fail(1, 1);
		pass(RECOVERY);
		return admit(1);
	}

	// H7
	@Test
	void failuresInARowOpenAndSuccessOfProbeCloses() {
		fail(2, 2);
		long opened = this.clock.get();
		assertThat(view()).isEqualTo(open(2, opened));
		assertThat(refused(2)).isTrue();

		pass(Duration.ofSeconds(6));
		Permit probe = admit(2);
		assertThat(view()).isEqualTo(new CircuitView(State.HALF_OPEN, 2, opened, true));
		probe.success();

		assertThat(view()).isEqualTo(closed(0));
	}

	@Test
	void openCircuitAdmitsAtTheEndOfItsRecoveryAndNotBefore() {
		fail(1, 1);

		pass(RECOVERY.minusNanos(1));
		assertThat(refused(1)).isTrue();
		pass(Duration.ofNanos(1));

		assertThat(refused(1)).isFalse();
	}

	// H9
	@Test
	void halfOpenCircuitAdmitsOneProbe() {
		probe();

		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> admit(1))
			.withMessage("Source 'rest' is not called: circuit rest[source] opened PT5S ago, "
					+ "after 1 failure(s) in a row; a call finds out now whether the source is back");
	}

	// H10
	@Test
	void failedProbeOpensWhateverTheThreshold() {
		fail(10, 10);
		pass(RECOVERY);
		Permit probe = admit(10);
		pass(Duration.ofSeconds(1));

		probe.failure(FAILURE);

		assertThat(view()).isEqualTo(open(11, this.clock.get()));
		pass(RECOVERY.minusNanos(1));
		assertThat(refused(10)).isTrue();
	}

	// H12
	@Test
	void skippedProbeLeavesHalfOpenAndItsSlotFree() {
		Permit probe = probe();

		probe.skipped();

		assertThat(view()).isNotNull()
			.extracting(CircuitView::state, CircuitView::probing)
			.containsExactly(State.HALF_OPEN, false);
		admit(1).success();
		assertThat(view()).isEqualTo(closed(0));
	}

	@Test
	void abandonedProbeOpensAgain() {
		Permit probe = probe();
		pass(Duration.ofSeconds(1));

		probe.abandoned();

		assertThat(view()).isEqualTo(open(1, this.clock.get()));
	}

	@Test
	void skippedAndAbandonedCallsOfClosedCircuitChangeNothing() {
		fail(2, 1);

		admit(2).skipped();
		admit(2).abandoned();

		assertThat(view()).isEqualTo(closed(1));
	}

	// H13
	@Test
	void successInBetweenStartsTheCountAgain() {
		fail(2, 1);
		admit(2).success();
		fail(2, 1);

		assertThat(view()).isEqualTo(closed(1));
	}

	@Test
	void failuresAreCountedInARowUpToAHighThreshold() {
		fail(5, 4);
		admit(5).success();
		fail(5, 4);
		assertThat(view()).isEqualTo(closed(4));

		fail(5, 1);

		assertThat(view()).isEqualTo(open(5, this.clock.get()));
	}

	// H19: one report of a call counts, however many attempts it had
	@Test
	void laterReportsOfOneCallDoNothing() {
		Permit permit = admit(2);

		permit.failure(FAILURE);
		permit.failure(FAILURE);
		permit.success();
		permit.abandoned();

		assertThat(view()).isEqualTo(closed(1));
	}

	@Test
	void skippedCallCannotReportAfterwards() {
		Permit probe = probe();
		probe.skipped();
		admit(1);

		probe.success();
		probe.skipped();

		assertThat(view()).isNotNull()
			.extracting(CircuitView::state, CircuitView::probing)
			.containsExactly(State.HALF_OPEN, true);
	}

	// Z17
	@Test
	void lateSuccessOfCallFromBeforeLeavesCircuitOpen() {
		Permit late = admit(1);
		fail(1, 1);

		late.success();

		assertThat(view()).isEqualTo(open(1, this.clock.get()));
		assertThat(refused(1)).isTrue();
	}

	@Test
	void lateFailureDoesNotRestartTheRecovery() {
		Permit late = admit(1);
		fail(1, 1);
		long opened = this.clock.get();
		pass(Duration.ofSeconds(4));

		late.failure(FAILURE);

		assertThat(view()).isEqualTo(open(1, opened));
		pass(Duration.ofSeconds(1));
		assertThat(refused(1)).isFalse();
	}

	@Test
	void lateReportsOfCallsFromBeforeDoNotDecideForTheProbe() {
		List<Permit> late = List.of(admit(1), admit(1), admit(1), admit(1));
		Permit probe = probe();

		late.get(0).success();
		late.get(1).failure(FAILURE);
		late.get(2).abandoned();
		late.get(3).skipped();

		assertThat(view()).isNotNull()
			.extracting(CircuitView::state, CircuitView::probing)
			.containsExactly(State.HALF_OPEN, true);
		probe.success();
		assertThat(view()).isEqualTo(closed(0));
	}

	@Test
	void lateReportsDoNotCountInTheClosedCircuitThatFollows() {
		Permit failing = admit(2);
		Permit succeeding = admit(2);
		fail(2, 2);
		pass(RECOVERY);
		admit(2).success();
		fail(2, 1);

		failing.failure(FAILURE);
		succeeding.success();

		assertThat(view()).isEqualTo(closed(1));
	}

	@Test
	void refusalNamesCircuitTimesAndLastFailure() {
		Circuits some = this.circuits;
		CircuitOptions options = CircuitOptions.of(Scope.RESOURCE, 1, RECOVERY);
		some.admit("rest", options, BTC).failure(FAILURE);
		pass(Duration.ofMillis(1500));

		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> some.admit("rest", options, BTC))
			.withMessage("Source 'rest' is not called: circuit rest[resource]:market:price:BTC opened PT1.5S ago, "
					+ "after 1 failure(s) in a row; it is tried again in PT3.5S")
			.withCause(FAILURE);
	}

	@Test
	void disabledCircuitAdmitsAlwaysAndIsNotThere() {
		CircuitOptions disabled = CircuitOptions.disabled();

		for (int call = 0; call < 5; call++) {
			Permit permit = this.circuits.admit("rest", disabled, BTC);
			permit.failure(FAILURE);
			permit.success();
			permit.skipped();
			permit.abandoned();
		}

		assertThat(this.circuits.states()).isEmpty();
	}

	@Test
	void resetClosesAllAndForgetsCallsThatRun() {
		Permit running = admit(1);
		fail(1, 1);

		this.circuits.reset();
		assertThat(this.circuits.states()).isEmpty();
		admit(1).success();
		running.failure(FAILURE);

		assertThat(view()).isEqualTo(closed(0));
	}

	// Z18
	@Test
	void openCircuitThatNobodyAsksLeaves() {
		fail(1, 1);

		pass(Duration.ofMinutes(10));

		assertThat(this.circuits.states()).isEmpty();
	}

	@Test
	void circuitThatIsAskedStays() {
		fail(5, 3);
		pass(Duration.ofMinutes(9));
		admit(5).skipped();
		pass(Duration.ofMinutes(9));

		assertThat(view()).isEqualTo(closed(3));
	}

	@Test
	void statesDoNotKeepCircuits() {
		fail(5, 3);
		pass(Duration.ofMinutes(9));
		this.circuits.states();
		pass(Duration.ofMinutes(1));

		assertThat(this.circuits.states()).isEmpty();
	}

	@Test
	void openCircuitWithLongRecoveryStaysUntilItsEnd() {
		CircuitOptions patient = CircuitOptions.of(Scope.SOURCE, 1, Duration.ofHours(1));
		this.circuits.admit("rest", patient, BTC).failure(FAILURE);

		pass(Duration.ofMinutes(59));

		assertThatExceptionOfType(CircuitOpenException.class)
			.isThrownBy(() -> this.circuits.admit("rest", patient, BTC))
			.withMessageEndingWith("it is tried again in PT1M");
	}

	@Test
	void registryIsBounded() {
		CircuitOptions options = CircuitOptions.of(Scope.RESOURCE, 1, RECOVERY);

		for (int key = 0; key < 10_000; key++) {
			this.circuits.admit("rest", options, PRICE.key(key)).failure(FAILURE);
		}

		assertThat(this.circuits.states()).hasSizeBetween(1, 100);
	}

	// H15
	@ParameterizedTest
	@MethodSource("scopes")
	void failureBlocksItsScopeOnly(Scope scope, Map<ResourceKey<String>, Boolean> blocked) {
		CircuitOptions options = CircuitOptions.of(scope, 1, RECOVERY);
		this.circuits.admit("rest", options, BTC).failure(FAILURE);

		blocked.forEach((key, expected) -> assertThat(admits(options, key)).as(key.toString()).isNotEqualTo(expected));
		this.circuits.admit("other", options, BTC).success();
	}

	private boolean admits(CircuitOptions options, ResourceKey<?> key) {
		try {
			this.circuits.admit("rest", options, key).skipped();
			return true;
		}
		catch (CircuitOpenException ex) {
			return false;
		}
	}

	static Stream<Arguments> scopes() {
		ResourceKey<String> eth = PRICE.key("ETH");
		ResourceKey<String> candles = ResourceType.<String>of("market", "candles", String.class).key("BTC");
		ResourceKey<String> news = ResourceType.<String>of("news", "headline", String.class).key("BTC");
		return Stream.of( //
				Arguments.of(Scope.SOURCE, Map.of(BTC, true, eth, true, candles, true, news, true)),
				Arguments.of(Scope.NAMESPACE, Map.of(BTC, true, eth, true, candles, true, news, false)),
				Arguments.of(Scope.SUBJECT, Map.of(BTC, true, eth, false, candles, true, news, true)),
				Arguments.of(Scope.RESOURCE, Map.of(BTC, true, eth, false, candles, false, news, false)));
	}

	// 80 cases: 5 types, 4 keys of each, 4 scopes
	@ParameterizedTest
	@MethodSource("identities")
	void identityNamesWhatFailsTogether(Scope scope, ResourceKey<?> key, String discriminator, String text) {
		CircuitId id = Circuits.identity("rest", scope, key);

		assertThat(id).isEqualTo(new CircuitId("rest", scope, discriminator)).hasToString(text);
	}

	static Stream<Arguments> identities() {
		return Stream.of("market:price", "market:candles", "news:headline", "Catalog:Package", "a:b")
			.flatMap(CircuitsTests::identities);
	}

	private static Stream<Arguments> identities(String typeText) {
		String namespace = typeText.substring(0, typeText.indexOf(':'));
		ResourceType<String> type = ResourceType.of(namespace, typeText.substring(namespace.length() + 1),
				String.class);
		return Stream.of( //
				Arguments.of(type.key(), typeText, typeText), Arguments.of(type.key("BTC"), "BTC", typeText + ":BTC"),
				Arguments.of(type.key("x:y"), "x:y", typeText + ":x:y"),
				Arguments.of(type.key("ETH", Map.of("limit", 500, "interval", "1 m")), "ETH",
						typeText + ":ETH?interval=1+m&limit=500"))
			.flatMap((row) -> {
				Object key = row.get()[0];
				Object subject = row.get()[1];
				Object text = row.get()[2];
				return Stream.of(Arguments.of(Scope.SOURCE, key, "", "rest[source]"),
						Arguments.of(Scope.NAMESPACE, key, namespace, "rest[namespace]:" + namespace),
						Arguments.of(Scope.SUBJECT, key, subject, "rest[subject]:" + subject),
						Arguments.of(Scope.RESOURCE, key, text, "rest[resource]:" + text));
			});
	}

	@ParameterizedTest
	@EnumSource(Scope.class)
	void scopesOfOneSourceHaveCircuitsOfTheirOwn(Scope scope) {
		this.circuits.admit("rest", CircuitOptions.of(scope, 1, RECOVERY), BTC).failure(FAILURE);

		for (Scope other : Scope.values()) {
			CircuitOptions options = CircuitOptions.of(other, 1, RECOVERY);
			assertThat(admits(options, BTC)).isEqualTo(other != scope);
		}
	}

	@Test
	void racingCallersOfHalfOpenCircuitGetOneProbe() throws Exception {
		fail(1, 1);
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			for (int round = 0; round < 500; round++) {
				pass(RECOVERY);
				CountDownLatch start = new CountDownLatch(1);
				AtomicInteger admitted = new AtomicInteger();
				List<Future<Permit>> permits = Stream.generate(() -> threads.submit(() -> {
					start.await();
					Permit permit = admit(1);
					admitted.incrementAndGet();
					return permit;
				})).limit(4).toList();
				start.countDown();
				for (Future<Permit> permit : permits) {
					fail(permit);
				}
				assertThat(admitted).hasValue(1);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static void fail(Future<Permit> permit) throws Exception {
		try {
			permit.get(10, TimeUnit.SECONDS).failure(FAILURE);
		}
		catch (ExecutionException ex) {
			assertThat(ex).hasCauseInstanceOf(CircuitOpenException.class);
		}
	}

}
