package io.strates.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import io.strates.snapshot.Capacity.Lease;
import io.strates.snapshot.Capacity.Ticket;
import io.strates.snapshot.Capacity.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class CapacityTests {

	private final Capacity capacity = new Capacity(2);

	private Usage usage(String limiter) {
		return this.capacity.usage().getOrDefault(limiter, new Usage(0, 0, 0));
	}

	private static Lease lease(Ticket ticket) {
		return ticket.granted().join();
	}

	private static List<Integer> granted(List<Ticket> tickets) {
		List<Integer> granted = new ArrayList<>();
		for (int index = 0; index < tickets.size(); index++) {
			if (tickets.get(index).granted().isDone()) {
				granted.add(index);
			}
		}
		return granted;
	}

	private List<Ticket> acquire(String source, int count) {
		List<Ticket> tickets = new ArrayList<>();
		for (int index = 0; index < count; index++) {
			tickets.add(this.capacity.acquire(source));
		}
		return tickets;
	}

	@Test
	void acquireWhenPlaceIsFreeGrantsAtOnce() {
		this.capacity.register("rest", 1);

		assertThat(this.capacity.acquire("rest").granted()).isCompleted();

		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 0));
		assertThat(usage(Capacity.GLOBAL)).isEqualTo(new Usage(2, 1, 0));
	}

	@Test
	void acquireWhenSourceIsFullWaitsThereAndNotGlobally() {
		this.capacity.register("rest", 1);

		List<Ticket> tickets = acquire("rest", 3);

		assertThat(granted(tickets)).containsExactly(0);
		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 2));
		assertThat(usage(Capacity.GLOBAL)).isEqualTo(new Usage(2, 1, 0));
	}

	@Test
	void slowSourceLeavesPlacesToOthers() {
		this.capacity.register("slow", 1);
		this.capacity.register("fast", null);
		acquire("slow", 10);

		assertThat(this.capacity.acquire("fast").granted()).isCompleted();
	}

	@Test
	void sourceWithoutLimitIsLimitedByGlobalOneAndHasNoUsage() {
		this.capacity.register("any", null);

		List<Ticket> tickets = acquire("any", 3);

		assertThat(granted(tickets)).containsExactly(0, 1);
		assertThat(this.capacity.usage()).containsOnlyKeys(Capacity.GLOBAL)
			.containsEntry(Capacity.GLOBAL, new Usage(2, 2, 1));
	}

	@Test
	void usageNamesGlobalLimiterFirstThenSourcesByName() {
		this.capacity.register("b", 1);
		this.capacity.register("c", null);
		this.capacity.register("a", 1);

		assertThat(this.capacity.usage().keySet()).containsExactly(Capacity.GLOBAL, "a", "b");
	}

	// G16
	@Test
	void twoBuildsOfFourKeysNeverExceedLimit() {
		this.capacity.register("rest", 2);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger peak = new AtomicInteger();
		List<Lease> held = new ArrayList<>();

		for (Ticket ticket : acquire("rest", 8)) {
			ticket.granted().thenAccept((lease) -> {
				peak.accumulateAndGet(running.incrementAndGet(), Math::max);
				held.add(lease);
			});
		}
		for (int ended = 0; ended < 8; ended++) {
			running.decrementAndGet();
			held.get(ended).release();
		}

		assertThat(peak).hasValue(2);
		assertThat(held).hasSize(8);
		assertThat(usage("rest")).isEqualTo(new Usage(2, 0, 0));
		assertThat(usage(Capacity.GLOBAL)).isEqualTo(new Usage(2, 0, 0));
	}

	// G18
	@Test
	void cancelBetweenTheLevelsGivesBackWhatWasTaken() {
		Capacity narrow = new Capacity(1);
		narrow.register("held", null);
		narrow.register("rest", 1);
		narrow.acquire("held");
		Ticket waiting = narrow.acquire("rest");
		assertThat(narrow.usage()).containsEntry("rest", new Usage(1, 1, 0))
			.containsEntry(Capacity.GLOBAL, new Usage(1, 1, 1));

		waiting.cancel();

		assertThat(narrow.usage()).containsEntry("rest", new Usage(1, 0, 0))
			.containsEntry(Capacity.GLOBAL, new Usage(1, 1, 0));
		assertThat(waiting.granted()).isCancelled();
	}

	@Test
	void cancelBetweenTheLevelsLetsNextOfSameSourceQueueGlobally() {
		Capacity narrow = new Capacity(1);
		narrow.register("held", null);
		narrow.register("rest", 1);
		Ticket first = narrow.acquire("held");
		Ticket second = narrow.acquire("rest");
		Ticket third = narrow.acquire("rest");

		second.cancel();

		assertThat(narrow.usage()).containsEntry("rest", new Usage(1, 1, 0))
			.containsEntry(Capacity.GLOBAL, new Usage(1, 1, 1));
		lease(first).release();
		assertThat(third.granted()).isCompleted();
	}

	@Test
	void cancelAtSourceLeavesQueue() {
		this.capacity.register("rest", 1);
		List<Ticket> tickets = acquire("rest", 3);

		tickets.get(1).cancel();
		tickets.get(1).cancel();
		lease(tickets.get(0)).release();

		assertThat(tickets.get(1).granted()).isCancelled();
		assertThat(tickets.get(2).granted()).isCompletedWithValueMatching((lease) -> true);
		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 0));
	}

	// Z15: only the end of the call gives its place back
	@Test
	void cancelAfterGrantKeepsPlaceUntilRelease() {
		this.capacity.register("rest", 1);
		List<Ticket> tickets = acquire("rest", 2);

		tickets.get(0).cancel();

		assertThat(granted(tickets)).containsExactly(0);
		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 1));
		lease(tickets.get(0)).release();
		assertThat(granted(tickets)).containsExactly(0, 1);
	}

	@Test
	void cancelAfterReleaseDoesNothing() {
		this.capacity.register("rest", 1);
		Ticket ticket = this.capacity.acquire("rest");
		lease(ticket).release();

		ticket.cancel();

		assertThat(usage("rest")).isEqualTo(new Usage(1, 0, 0));
		assertThat(ticket.granted().isCancelled()).isFalse();
	}

	// G21
	@Test
	void releaseTwiceCountsOnce() {
		this.capacity.register("rest", 1);
		List<Ticket> tickets = acquire("rest", 3);
		Lease lease = lease(tickets.get(0));

		lease.release();
		lease.release();

		assertThat(granted(tickets)).containsExactly(0, 1);
		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 1));
		assertThat(usage(Capacity.GLOBAL)).isEqualTo(new Usage(2, 1, 0));
	}

	// G21
	@Test
	void limiterReleasedWithoutAcquireFails() {
		assertThatIllegalStateException().isThrownBy(() -> new Capacity.Limiter(1).leave())
			.withMessage("A limiter was released more often than acquired");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4 })
	void waitersAreGrantedInOrder(int limit) {
		Capacity wide = new Capacity(limit);
		wide.register("any", null);
		List<Integer> order = new ArrayList<>();
		List<Lease> held = new ArrayList<>();
		for (int index = 0; index < 100; index++) {
			int number = index;
			wide.acquire("any").granted().thenAccept((lease) -> {
				order.add(number);
				held.add(lease);
			});
		}

		for (int ended = 0; ended < 100; ended++) {
			held.get(ended).release();
		}

		assertThat(order).hasSize(100).isSorted();
	}

	@Test
	void globalQueueIsInOrderOfArrivalThereAcrossSources() {
		Capacity narrow = new Capacity(1);
		narrow.register("a", 1);
		narrow.register("b", 1);
		List<String> order = new ArrayList<>();
		List<Lease> held = new ArrayList<>();
		for (String source : List.of("a", "a", "b", "b")) {
			narrow.acquire(source).granted().thenAccept((lease) -> {
				order.add(source);
				held.add(lease);
			});
		}

		for (int ended = 0; ended < 4; ended++) {
			held.get(ended).release();
		}

		assertThat(order).containsExactly("a", "b", "a", "b");
	}

	@Test
	void thousandWaitersThatReleaseAtOnceDoNotDeepenTheStack() {
		this.capacity.register("rest", 1);
		Ticket first = this.capacity.acquire("rest");
		AtomicInteger depth = new AtomicInteger();
		AtomicInteger deepest = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		for (Ticket ticket : acquire("rest", 1000)) {
			ticket.granted().thenAccept((lease) -> {
				deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
				lease.release();
				depth.decrementAndGet();
				ended.incrementAndGet();
			});
		}

		lease(first).release();

		assertThat(ended).hasValue(1000);
		assertThat(deepest).hasValue(1);
		assertThat(usage("rest")).isEqualTo(new Usage(1, 0, 0));
	}

	@Test
	void callbackMayAcquireAndCancel() {
		this.capacity.register("rest", 1);
		List<Ticket> tickets = acquire("rest", 3);
		List<Ticket> acquired = new ArrayList<>();
		tickets.get(1).granted().thenAccept((lease) -> {
			tickets.get(2).cancel();
			acquired.add(this.capacity.acquire("rest"));
			lease.release();
		});

		lease(tickets.get(0)).release();

		assertThat(tickets.get(2).granted()).isCancelled();
		assertThat(acquired).singleElement().satisfies((ticket) -> assertThat(ticket.granted()).isCompleted());
		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 0));
	}

	@Test
	void callbackOfOneThreadDoesNotHoldUpGrantsOfAnother() throws Exception {
		this.capacity.register("a", 1);
		this.capacity.register("b", 1);
		List<Ticket> ofA = acquire("a", 2);
		List<Ticket> ofB = acquire("b", 2);
		ExecutorService other = Executors.newSingleThreadExecutor();
		List<Throwable> failures = new ArrayList<>();
		try {
			CompletableFuture<Void> callback = ofA.get(1).granted().thenAccept((lease) -> {
				try {
					other.submit(() -> lease(ofB.get(0)).release()).get(10, TimeUnit.SECONDS);
					ofB.get(1).granted().get(10, TimeUnit.SECONDS);
				}
				catch (Exception ex) {
					failures.add(ex);
				}
			});

			lease(ofA.get(0)).release();

			assertThat(callback).isCompleted();
			assertThat(failures).isEmpty();
		}
		finally {
			other.shutdownNow();
		}
	}

	@Test
	void callbackThatFailsHoldsUpNobody() {
		this.capacity.register("rest", 1);
		List<Ticket> tickets = acquire("rest", 3);
		CompletableFuture<Void> failing = tickets.get(1).granted().thenAccept((lease) -> {
			lease.release();
			throw new IllegalStateException("no");
		});

		lease(tickets.get(0)).release();

		assertThat(failing).isCompletedExceptionally();
		assertThat(tickets.get(2).granted()).isCompleted();
	}

	@Test
	void futureEndedByCallerPassesLeaseOn() {
		this.capacity.register("rest", 1);
		List<Ticket> tickets = acquire("rest", 3);
		tickets.get(1).granted().completeExceptionally(new TimeoutException());

		lease(tickets.get(0)).release();

		assertThat(tickets.get(2).granted()).isCompletedWithValueMatching((lease) -> true);
		assertThat(usage("rest")).isEqualTo(new Usage(1, 1, 0));
	}

	@Test
	void registerAgainWithSameLimitDoesNothing() {
		this.capacity.register("rest", 3);
		this.capacity.register("any", null);
		this.capacity.acquire("rest");

		this.capacity.register("rest", 3);
		this.capacity.register("any", null);

		assertThat(usage("rest")).isEqualTo(new Usage(3, 1, 0));
	}

	@Test
	void registerWithOtherLimitIsRefused() {
		this.capacity.register("rest", 3);
		this.capacity.register("any", null);

		assertThatIllegalStateException().isThrownBy(() -> this.capacity.register("rest", 4))
			.withMessage("Source 'rest' has a limit of 3 calls already and is to have a limit of 4 calls now; "
					+ "sources that share a name share their limit");
		assertThatIllegalStateException().isThrownBy(() -> this.capacity.register("rest", null))
			.withMessageContaining("is to have no limit of calls now");
		assertThatIllegalStateException().isThrownBy(() -> this.capacity.register("any", Integer.MAX_VALUE))
			.withMessageContaining("has no limit of calls already");
	}

	@Test
	void limitsBelowOneAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Capacity(0))
			.withMessage("The limit of calls of all sources is 0; set one or more");
		assertThatIllegalArgumentException().isThrownBy(() -> this.capacity.register("rest", 0))
			.withMessage("The limit of calls of source 'rest' is 0; set one or more");
	}

	@Test
	void nameOfGlobalLimiterIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.capacity.register(Capacity.GLOBAL, 1))
			.withMessage("A source is named 'global', which stands for all sources; name it otherwise");
	}

	@Test
	void acquireForUnknownSourceIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.capacity.acquire("rest"))
			.withMessage("Source 'rest' has no capacity; register it first");
	}

	@Test
	void cancelRacingWithGrantLosesNoPlace() throws Exception {
		this.capacity.register("rest", 1);
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int round = 0; round < 2000; round++) {
				Lease held = lease(this.capacity.acquire("rest"));
				Ticket ticket = this.capacity.acquire("rest");
				Future<?> cancelling = threads.submit(ticket::cancel);
				Future<?> releasing = threads.submit(held::release);
				cancelling.get(10, TimeUnit.SECONDS);
				releasing.get(10, TimeUnit.SECONDS);

				assertThat(ticket.granted()).isDone();
				assertThat(usage("rest").inUse()).isEqualTo(ticket.granted().isCancelled() ? 0 : 1);
				if (!ticket.granted().isCancelled()) {
					lease(ticket).release();
				}
			}
		}
		finally {
			threads.shutdownNow();
		}

		assertThat(usage("rest")).isEqualTo(new Usage(1, 0, 0));
		assertThat(usage(Capacity.GLOBAL)).isEqualTo(new Usage(2, 0, 0));
	}

	@Test
	void randomCallersLeaveNothingBehind() throws Exception {
		long seed = RandomGenerator.getDefault().nextLong();
		Capacity shared = new Capacity(3);
		shared.register("one", 1);
		shared.register("two", 2);
		shared.register("any", null);
		AtomicInteger all = new AtomicInteger();
		AtomicInteger one = new AtomicInteger();
		AtomicInteger violations = new AtomicInteger();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		List<Future<?>> callers = new ArrayList<>();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
		for (int thread = 0; thread < 4; thread++) {
			RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + thread);
			callers.add(threads.submit(() -> call(shared, random, end, all, one, violations)));
		}
		try {
			for (Future<?> caller : callers) {
				caller.get(30, TimeUnit.SECONDS);
			}
		}
		finally {
			threads.shutdownNow();
		}

		assertThat(violations).as("seed %d", seed).hasValue(0);
		assertThat(shared.usage()).as("seed %d", seed)
			.containsEntry(Capacity.GLOBAL, new Usage(3, 0, 0))
			.containsEntry("one", new Usage(1, 0, 0))
			.containsEntry("two", new Usage(2, 0, 0));
	}

	private static void call(Capacity shared, RandomGenerator random, long end, AtomicInteger all, AtomicInteger one,
			AtomicInteger violations) {
		Queue<CompletableFuture<?>> ended = new ConcurrentLinkedQueue<>();
		List<Ticket> tickets = new ArrayList<>();
		while (System.nanoTime() < end) {
			String source = List.of("one", "two", "any").get(random.nextInt(3));
			boolean onAnotherThread = random.nextBoolean();
			Ticket ticket = shared.acquire(source);
			tickets.add(ticket);
			CompletableFuture<?> call = ticket.granted().thenAccept((lease) -> {
				boolean tooMany = all.incrementAndGet() > 3 | (source.equals("one") && one.incrementAndGet() > 1);
				violations.addAndGet(tooMany ? 1 : 0);
				Runnable rest = () -> {
					all.decrementAndGet();
					one.addAndGet(source.equals("one") ? -1 : 0);
					lease.release();
					lease.release();
				};
				if (onAnotherThread) {
					ended.add(CompletableFuture.runAsync(rest));
				}
				else {
					rest.run();
				}
			});
			ended.add(call);
			if (random.nextInt(4) == 0) {
				tickets.get(random.nextInt(tickets.size())).cancel();
			}
			if (tickets.size() > 20) {
				await(ended);
				tickets.clear();
			}
		}
		await(ended);
	}

	private static void await(Queue<CompletableFuture<?>> calls) {
		for (CompletableFuture<?> call = calls.poll(); call != null; call = calls.poll()) {
			try {
				call.get(20, TimeUnit.SECONDS);
			}
			catch (CancellationException | ExecutionException ex) {
				assertThat(ex).hasStackTraceContaining(CancellationException.class.getName());
			}
			catch (InterruptedException | TimeoutException ex) {
				throw new CompletionException(ex);
			}
		}
	}

}
