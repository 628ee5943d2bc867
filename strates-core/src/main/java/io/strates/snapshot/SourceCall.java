package io.strates.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

import io.strates.snapshot.Circuits.CircuitId;
import io.strates.snapshot.SnapshotDiagnostics.Count;
import org.jspecify.annotations.Nullable;

/**
 * One call of one source, with its attempts.
 */
/*
 * An attempt waits for a slot, and then runs. It ends when the source answers, fails, or
 * its time is over; the slot is given back only when the source has really returned, so
 * that no more calls run than the limits say, however many have been left behind.
 *
 * The deadline of those who wait does not end a call that runs: others may join it, and
 * what it brings is kept. It ends the wait for a slot, and for another attempt.
 */
final class SourceCall implements FetchContext {

	private final Calls calls;

	private final SourceHandle source;

	private final List<Flight> flights;

	private final Asker asker;

	private final @Nullable Snapshot inputs;

	private final BiConsumer<Flight, Landing> landed;

	/** Of the flights that a circuit lets pass. */
	private Map<CircuitId, Permitted> permitted = Map.of();

	private int attempts;

	private int tried;

	private @Nullable Turn turn;

	private boolean over;

	SourceCall(Calls calls, SourceHandle source, List<Flight> flights, Asker asker, @Nullable Snapshot inputs,
			BiConsumer<Flight, Landing> landed) {
		this.calls = calls;
		this.source = source;
		this.flights = List.copyOf(flights);
		this.asker = asker;
		this.inputs = inputs;
		this.landed = landed;
	}

	/** The flights of one circuit, and the right to fly them. */
	private record Permitted(Circuits.Permit permit, List<Flight> flights) {
	}

	@Override
	public String snapshotId() {
		return this.asker.snapshotId();
	}

	@Override
	public Instant requestedAt() {
		return SnapshotTime.instant(this.asker.requestedAt());
	}

	@Override
	public @Nullable Duration remaining() {
		long left = left();
		return (left == Asker.NO_DEADLINE) ? null : Duration.ofNanos(Math.max(0, left));
	}

	@Override
	public Map<String, Object> metadata() {
		return this.asker.metadata();
	}

	/** How long somebody still waits, {@link Asker#NO_DEADLINE} without an end. */
	private long left() {
		long last = Long.MIN_VALUE;
		for (Flight flight : this.flights) {
			last = Math.max(last, flight.deadline());
		}
		return (last == Asker.NO_DEADLINE) ? last : last - this.calls.monotonic();
	}

	/** Begins the first attempt, or the next. */
	void attempt() {
		if (this.attempts == 0 && !admit()) {
			this.source.dispatcher().ended();
			return;
		}
		this.attempts++;
		Turn next = new Turn();
		synchronized (this) {
			this.turn = next;
		}
		next.begin();
	}

	/** Asks the circuits once, before the first attempt. */
	private boolean admit() {
		Map<CircuitId, Permitted> admitted = new LinkedHashMap<>();
		Map<CircuitId, CircuitOpenException> refused = new LinkedHashMap<>();
		CircuitOptions options = this.source.circuit();
		for (Flight flight : this.flights) {
			CircuitId id = Circuits.identity(this.source.name(), options.scope(), flight.key());
			Permitted group = admitted.get(id);
			if (group == null && !refused.containsKey(id)) {
				try {
					group = new Permitted(this.calls.circuits().admit(this.source.name(), options, flight.key()),
							new ArrayList<>());
					admitted.put(id, group);
				}
				catch (CircuitOpenException ex) {
					refused.put(id, ex);
				}
			}
			if (group != null) {
				group.flights().add(flight);
			}
		}
		this.permitted = admitted;
		if (!refused.isEmpty()) {
			refuse(refused, options);
		}
		return !admitted.isEmpty();
	}

	private void refuse(Map<CircuitId, CircuitOpenException> refused, CircuitOptions options) {
		for (Flight flight : this.flights) {
			CircuitOpenException failure = refused
				.get(Circuits.identity(this.source.name(), options.scope(), flight.key()));
			if (failure != null) {
				this.landed.accept(flight, new Landing.Failed(failure, 0));
			}
		}
	}

	private List<Flight> admitted() {
		List<Flight> all = new ArrayList<>(this.flights.size());
		this.permitted.values().forEach((group) -> all.addAll(group.flights()));
		return all;
	}

	/** Nobody waits any more: what has not begun is left. */
	void abandonIfIdle() {
		Turn current;
		synchronized (this) {
			current = this.turn;
		}
		if (current != null) {
			current.abandonIfWaiting();
		}
		else if (areUnawaited() && this.source.dispatcher().remove(this)) {
			this.flights.forEach((flight) -> this.landed.accept(flight, new Landing.Failed(tooLate("its turn"), 0)));
		}
	}

	/** Nobody may join then any more. */
	private boolean areUnawaited() {
		return this.flights.stream().noneMatch(Flight::isAwaited)
				&& this.flights.stream().allMatch(Flight::closeIfUnawaited);
	}

	private SnapshotDeadlineException tooLate(String what) {
		return new SnapshotDeadlineException("The time of the snapshot was over before source '" + this.source.name()
				+ "' got " + what + "; give it more, or the source more slots", null);
	}

	/** Ends an attempt; another follows if that can help. */
	private void ended(@Nullable Object answer, @Nullable Throwable failure, long latency) {
		if (failure != null && isRetryable(failure) && this.tried < this.source.retry().maxAttempts()) {
			long delay = RetryDelays.delayNanos(this.source.retry(), this.tried, this.calls.random());
			if (delay < left()) {
				this.asker.counts().add(Count.RETRIES, 1);
				this.source.dispatcher().ended();
				this.calls.alarms().after(delay, () -> this.source.dispatcher().submit(this));
				return;
			}
		}
		finish(answer, failure, latency);
	}

	private static boolean isRetryable(Throwable failure) {
		if (failure instanceof SourceQueueTimeoutException || failure instanceof SnapshotDeadlineException
				|| failure instanceof CircuitOpenException) {
			return false;
		}
		return failure instanceof SourceUnavailableException || failure instanceof TimeoutException
				|| failure instanceof IOException || failure instanceof UncheckedIOException;
	}

	private void finish(@Nullable Object answer, @Nullable Throwable failure, long latency) {
		synchronized (this) {
			if (this.over) {
				return;
			}
			this.over = true;
		}
		try {
			if (failure != null) {
				fail(failure);
			}
			else {
				deliver(answer, latency);
			}
		}
		finally {
			this.source.dispatcher().ended();
		}
	}

	private void fail(Throwable failure) {
		boolean noFault = failure instanceof SnapshotDeadlineException
				|| failure instanceof SourceQueueTimeoutException;
		for (Permitted group : this.permitted.values()) {
			if (noFault) {
				group.permit().skipped();
			}
			else {
				group.permit().failure(failure);
			}
		}
		admitted().forEach((flight) -> this.landed.accept(flight, new Landing.Failed(failure, this.attempts)));
	}

	private void deliver(@Nullable Object answer, long latency) {
		Map<ResourceKey<?>, SourcePayload<?>> payloads = new LinkedHashMap<>();
		Map<ResourceKey<?>, Throwable> failures = new LinkedHashMap<>();
		try {
			sort(answer, payloads, failures);
			List<Calls.Answer> answers = new ArrayList<>(payloads.size());
			payloads.forEach(
					(key, payload) -> answers.add(new Calls.Answer(key, payload, latency, this.attempts, this.inputs)));
			Map<ResourceKey<?>, Landing> landings = new LinkedHashMap<>();
			List<Landing> assembled = answers.isEmpty() ? List.of()
					: this.calls.assembler().landings(this.source, answers, this.asker);
			for (int index = 0; index < assembled.size(); index++) {
				landings.put(answers.get(index).key(), assembled.get(index));
			}
			failures.forEach((key, failure) -> landings.put(key, new Landing.Failed(failure, this.attempts)));
			land(landings);
		}
		catch (RuntimeException | Error ex) {
			fail(ex);
		}
	}

	@SuppressWarnings("unchecked")
	private void sort(@Nullable Object answer, Map<ResourceKey<?>, SourcePayload<?>> payloads,
			Map<ResourceKey<?>, Throwable> failures) {
		List<Flight> asked = admitted();
		if (answer instanceof SourcePayload<?> payload) {
			payloads.put(asked.get(0).key(), payload);
			return;
		}
		if (!(answer instanceof BatchAnswer<?> batch)) {
			throw new SourceProtocolException("Source '" + this.source.name() + "' answered "
					+ ((answer != null) ? answer.getClass().getName() : "null")
					+ "; answer with a payload, or throw SourceUnavailableException", null);
		}
		Set<ResourceKey<?>> keys = new LinkedHashSet<>();
		asked.forEach((flight) -> keys.add(flight.key()));
		refuseForeign(batch, keys);
		for (ResourceKey<?> key : keys) {
			SourcePayload<?> payload = batch.payloads().get(key);
			Throwable failure = batch.failures().get(key);
			if (payload != null) {
				payloads.put(key, payload);
			}
			else {
				failures.put(key, (failure != null) ? failure : new SourceUnavailableException(
						"Source '" + this.source.name() + "' omitted resource " + key, null));
			}
		}
	}

	private void refuseForeign(BatchAnswer<?> batch, Set<ResourceKey<?>> keys) {
		Set<ResourceKey<?>> foreign = new LinkedHashSet<>(batch.payloads().keySet());
		foreign.addAll(batch.failures().keySet());
		foreign.removeAll(keys);
		if (!foreign.isEmpty()) {
			throw new SourceProtocolException("Source '" + this.source.name() + "' answered for "
					+ foreign.iterator().next() + ", which was not asked for; answer for the keys that it is given",
					null);
		}
	}

	/** A circuit takes one fresh value for a success. */
	private void land(Map<ResourceKey<?>, Landing> landings) {
		for (Permitted group : this.permitted.values()) {
			boolean fresh = false;
			Throwable failure = null;
			for (Flight flight : group.flights()) {
				Landing landing = landings.get(flight.key());
				fresh |= landing instanceof Landing.Fresh;
				failure = (landing instanceof Landing.Failed failed) ? failed.failure() : failure;
			}
			if (fresh) {
				group.permit().success();
			}
			else {
				group.permit()
					.failure((failure != null) ? failure : new SourceUnavailableException(
							"Source '" + this.source.name() + "' answered stale values", null));
			}
		}
		admitted().forEach((flight) -> {
			Landing landing = landings.get(flight.key());
			this.landed.accept(flight, (landing != null) ? landing
					: new Landing.Failed(new IllegalStateException("No landing of " + flight.key()), this.attempts));
		});
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // sources are found by type
	private @Nullable Object invoke() throws Exception {
		List<Flight> asked = admitted();
		ResourceKey first = asked.get(0).key();
		Counts counts = this.asker.counts();
		Source<?> target = this.source.source();
		if (target instanceof DerivedSource derived) {
			counts.add(Count.DERIVED_CALLS, 1);
			Snapshot given = this.inputs;
			if (given == null) {
				throw new IllegalStateException("A derived source is called with its inputs");
			}
			return derived.derive(first, given, this);
		}
		if (target instanceof BatchSource batch) {
			counts.add(Count.BATCH_CALLS, 1);
			Set<ResourceKey<?>> keys = new LinkedHashSet<>();
			asked.forEach((flight) -> keys.add(flight.key()));
			return batch.fetchAll((Set) keys, this);
		}
		return ((SingleSource) target).fetch(first, this);
	}

	/** One attempt: the wait for a slot, and the run. */
	private final class Turn {

		private final long queuedAt = SourceCall.this.calls.monotonic();

		private Capacity.@Nullable Ticket ticket;

		private volatile Runnable alarm = () -> {
		};

		private Stage stage = Stage.WAITING;

		private @Nullable Thread runner;

		/** How far an attempt is. */
		private enum Stage {

			WAITING, RUNNING, ENDED

		}

		@SuppressWarnings("FutureReturnValueIgnored")
		void begin() {
			long left = left();
			if (left <= 0 || areUnawaited()) {
				end(Stage.WAITING, null, tooLate("its turn"), 0);
				return;
			}
			Capacity.Ticket asked = SourceCall.this.calls.capacity().acquire(SourceCall.this.source.name());
			this.ticket = asked;
			if (!asked.granted().isDone()) {
				armQueue(left);
			}
			asked.granted().whenComplete((lease, failure) -> {
				if (lease != null) {
					granted(lease);
				}
			});
		}

		private void armQueue(long left) {
			long nanos = Math.min(queueLeft(), left);
			if (nanos != Asker.NO_DEADLINE) {
				ring(nanos, this::waitedLong);
			}
		}

		/** How much longer the source lets it wait. */
		private long queueLeft() {
			Duration limit = SourceCall.this.source.options().queueTimeout();
			return (limit == null) ? Asker.NO_DEADLINE
					: Freshness.nanos(limit) - (SourceCall.this.calls.monotonic() - this.queuedAt);
		}

		/** Somebody may have joined meanwhile who has more time. */
		private void waitedLong() {
			long left = left();
			if (left > 0 && queueLeft() > 0) {
				armQueue(left);
				return;
			}
			boolean late = left <= 0;
			Throwable failure = late ? tooLate("a slot")
					: new SourceQueueTimeoutException("Source '" + SourceCall.this.source.name()
							+ "' had no slot within " + SourceCall.this.source.options().queueTimeout()
							+ "; raise maxConcurrency or queueTimeout", null);
			if (end(Stage.WAITING, null, failure, 0)) {
				(late ? SourceCall.this.calls.deadlines() : SourceCall.this.calls.queueTimeouts()).increment();
				cancelTicket();
			}
		}

		private void cancelTicket() {
			Capacity.Ticket asked = this.ticket;
			if (asked != null) {
				asked.cancel();
			}
		}

		void abandonIfWaiting() {
			synchronized (this) {
				if (this.stage != Stage.WAITING || !areUnawaited()) {
					return;
				}
			}
			if (end(Stage.WAITING, null, tooLate("a slot"), 0)) {
				cancelTicket();
			}
		}

		private void granted(Capacity.Lease lease) {
			synchronized (this) {
				if (this.stage != Stage.WAITING) {
					lease.release();
					return;
				}
				this.stage = Stage.RUNNING;
			}
			this.alarm.run();
			Throwable refused = shortOfTime();
			if (refused != null) {
				lease.release();
				end(Stage.RUNNING, null, refused, 0);
				return;
			}
			run(lease);
		}

		/** A transport that cannot give up in time is not called. */
		private @Nullable Throwable shortOfTime() {
			Duration transport = SourceCall.this.source.options().transportTimeout();
			if (transport == null || left() > transport.toNanos()) {
				return null;
			}
			SourceCall.this.calls.deadlines().increment();
			return new SnapshotDeadlineException("Less time is left than the transport timeout of source '"
					+ SourceCall.this.source.name() + "', " + transport + "; it was not called", null);
		}

		private void run(Capacity.Lease lease) {
			SourceCall.this.tried = SourceCall.this.attempts;
			SourceCall.this.asker.counts().called(SourceCall.this.source.name());
			if (!SourceCall.this.source.options().isBlocking()) {
				call(lease);
				return;
			}
			Duration timeout = SourceCall.this.source.options().timeout();
			if (timeout != null) {
				ring(timeout.toNanos(), () -> timeOut(timeout));
			}
			try {
				SourceCall.this.calls.executor().execute(() -> call(lease));
			}
			catch (RejectedExecutionException ex) {
				lease.release();
				end(Stage.RUNNING, null, new SourceUnavailableException("The builder is closed", ex), 0);
			}
		}

		private void ring(long nanos, Runnable task) {
			this.alarm = SourceCall.this.calls.alarms().after(nanos, task);
		}

		private void timeOut(Duration timeout) {
			Throwable failure = new SourceTimeoutException(
					"Source '" + SourceCall.this.source.name() + "' timed out after " + timeout, null);
			if (end(Stage.RUNNING, null, failure, timeout.toNanos())) {
				SourceCall.this.calls.timeouts().increment();
				if (SourceCall.this.source.options().transportTimeout() != null) {
					SourceCall.this.calls.violated(SourceCall.this.source.name());
				}
				interrupt();
			}
		}

		/** Only while the source runs: the thread is another's afterwards. */
		private synchronized void interrupt() {
			if (this.runner != null) {
				this.runner.interrupt();
			}
		}

		private void call(Capacity.Lease lease) {
			long start = SourceCall.this.calls.monotonic();
			Object answer = null;
			Throwable failure = null;
			synchronized (this) {
				if (this.stage != Stage.RUNNING) {
					lease.release();
					return;
				}
				this.runner = Thread.currentThread();
			}
			try {
				answer = invoke();
			}
			catch (InterruptedException ex) {
				failure = new SourceUnavailableException(
						"Source '" + SourceCall.this.source.name() + "' was interrupted", ex);
			}
			catch (Exception | Error ex) {
				// Whatever it is, others wait to be told.
				failure = ex;
			}
			finally {
				synchronized (this) {
					this.runner = null;
				}
				if (SourceCall.this.source.options().isBlocking()) {
					// The interrupt was meant for the source, and the thread is the
					// pool's.
					Thread.interrupted();
				}
				lease.release();
			}
			long took = SourceCall.this.calls.monotonic() - start;
			SourceCall.this.asker.counts().took(SourceCall.this.source.name(), took);
			SourceCall.this.source.latencies().add(took);
			checkTransport(took);
			end(Stage.RUNNING, answer, failure, took);
		}

		/** A call that timed out was counted then. */
		private synchronized void checkTransport(long took) {
			Duration transport = SourceCall.this.source.options().transportTimeout();
			if (this.stage == Stage.RUNNING && transport != null && took > transport.toNanos()) {
				SourceCall.this.calls.violated(SourceCall.this.source.name());
			}
		}

		private boolean end(Stage from, @Nullable Object answer, @Nullable Throwable failure, long latency) {
			synchronized (this) {
				if (this.stage != from) {
					return false;
				}
				this.stage = Stage.ENDED;
			}
			this.alarm.run();
			ended(answer, failure, latency);
			return true;
		}

	}

}
