package io.strates.snapshot;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * The circuits of all sources: each refuses calls for a while after failures in a row.
 * Bounded; a circuit that nobody asks for leaves, whatever its state.
 */
final class Circuits {

	/*
	 * Why not a CircuitBreaker of Resilience4j: of what is needed here it would do no
	 * more than to hold the name of the state. Its permits know nothing of the state that
	 * they were given in, so that the late success of a call from before the failures,
	 * which arrives while the probe runs, closes the circuit. It stays open in whole
	 * milliseconds, and at least one, and admits the probe only after that time and not
	 * at its end. Consecutive failures are a window whose memory grows with the
	 * threshold, and cannot be read from it once a success is among them. A circuit for
	 * each key would also be a meter for each key.
	 *
	 * Generations: each change of state begins a new one, and what a permit of an earlier
	 * one reports changes nothing. A circuit that left the registry is an earlier one
	 * too: its permits still report to it, but nobody asks it any more.
	 *
	 * An entry stays for the idle time after it was asked, or for as long as it is open,
	 * if that is longer: a source that fails is not asked before its time because nobody
	 * came by in between. Too many circuits push rare ones out, which then start closed.
	 */

	private static final Permit FREE = new Permit() {
	};

	private final LongSupplier nanos;

	private final Cache<CircuitId, Circuit> circuits;

	/**
	 * Creates a registry.
	 * @param nanos the monotonic clock
	 * @param maximum how many circuits there are at most
	 * @param idle for how long a circuit stays that nobody asks
	 */
	Circuits(LongSupplier nanos, long maximum, Duration idle) {
		this.nanos = nanos;
		this.circuits = Caffeine.newBuilder()
			.maximumSize(maximum)
			.expireAfter(Expiry.<CircuitId, Circuit>accessing((id, circuit) -> circuit.stay(idle)))
			.ticker(nanos::getAsLong)
			.executor(Runnable::run)
			.build();
	}

	/**
	 * Lets a call pass, which then reports to the permit what became of it. Also the one
	 * that finds out whether a source is back must report: nobody else is let pass
	 * before.
	 * @throws CircuitOpenException if the call is not to be made
	 */
	Permit admit(String source, CircuitOptions options, ResourceKey<?> key) {
		if (!options.enabled()) {
			return FREE;
		}
		CircuitId id = identity(source, options.scope(), key);
		return this.circuits.get(id, (missing) -> new Circuit(missing, options)).admit(options);
	}

	/** Returns which circuit the calls of a key belong to. */
	static CircuitId identity(String source, CircuitOptions.Scope scope, ResourceKey<?> key) {
		return new CircuitId(source, scope, switch (scope) {
			case SOURCE -> "";
			case NAMESPACE -> key.type().namespace();
			case SUBJECT -> key.subject().isBlank() ? key.type().toString() : key.subject();
			case RESOURCE -> key.toString();
		});
	}

	/** Returns the circuits that are there. Asking does not keep them. */
	Map<CircuitId, CircuitView> states() {
		this.circuits.cleanUp();
		Map<CircuitId, CircuitView> states = new HashMap<>();
		this.circuits.asMap().forEach((id, circuit) -> states.put(id, circuit.view()));
		return Map.copyOf(states);
	}

	/** Returns what {@link #states()} does, for those who watch. */
	Map<String, BuilderHealth.Circuit> health() {
		Map<String, BuilderHealth.Circuit> circuits = new HashMap<>();
		states().forEach((id, view) -> {
			Long since = view.openedAt();
			circuits.put(id.toString(),
					new BuilderHealth.Circuit(BuilderHealth.Circuit.State.valueOf(view.state().name()), view.failures(),
							(since != null) ? Duration.ofNanos(this.nanos.getAsLong() - since) : null, view.probing()));
		});
		return circuits;
	}

	/** Closes all circuits. What calls report that run now changes nothing any more. */
	void reset() {
		this.circuits.invalidateAll();
	}

	/** The state of a circuit. */
	enum State {

		/** Calls pass. */
		CLOSED,

		/** No call passes. */
		OPEN,

		/** One call at a time passes, to find out whether the source is back. */
		HALF_OPEN

	}

	/**
	 * What fails together.
	 *
	 * @param source the name of the source
	 * @param scope the kind of the circuit
	 * @param discriminator which of that kind; empty for all of a source
	 */
	record CircuitId(String source, CircuitOptions.Scope scope, String discriminator) {

		@Override
		public String toString() {
			String text = this.source + "[" + this.scope.name().toLowerCase(Locale.ROOT) + "]";
			return this.discriminator.isEmpty() ? text : text + ":" + this.discriminator;
		}

	}

	/**
	 * A circuit at one moment.
	 *
	 * @param state the state
	 * @param failures how many calls have failed in a row
	 * @param openedAt the time of the monotonic clock at which it opened last, or
	 * {@code null} if it is closed
	 * @param probing whether a call is finding out whether the source is back
	 */
	record CircuitView(State state, int failures, @Nullable Long openedAt, boolean probing) {
	}

	/** A call that was let pass. Its first report counts. */
	interface Permit {

		/** The source answered. */
		default void success() {
		}

		/** The source failed, after all attempts. */
		default void failure(Throwable failure) {
		}

		/** The source was not called in the end, which says nothing about it. */
		default void skipped() {
		}

		/** Nobody will know what became of the call. */
		default void abandoned() {
		}

	}

	private final class Circuit {

		private final CircuitId id;

		private volatile Duration recovery;

		private State state = State.CLOSED;

		private long generation;

		private int failures;

		private @Nullable Throwable failure;

		private long openedAt;

		private boolean probing;

		Circuit(CircuitId id, CircuitOptions options) {
			this.id = id;
			this.recovery = options.recovery();
		}

		Duration stay(Duration idle) {
			return (this.recovery.compareTo(idle) > 0) ? this.recovery : idle;
		}

		synchronized Permit admit(CircuitOptions options) {
			this.recovery = options.recovery();
			long left = Freshness.nanos(options.recovery()) - (Circuits.this.nanos.getAsLong() - this.openedAt);
			if (this.state == State.OPEN && left <= 0) {
				become(State.HALF_OPEN);
			}
			if (this.state == State.OPEN) {
				throw refusal("it is tried again in " + Duration.ofNanos(left));
			}
			if (this.probing) {
				throw refusal("a call finds out now whether the source is back");
			}
			this.probing = this.state == State.HALF_OPEN;
			return new Call(this, options.failureThreshold());
		}

		private CircuitOpenException refusal(String next) {
			Duration since = Duration.ofNanos(Circuits.this.nanos.getAsLong() - this.openedAt);
			return new CircuitOpenException("Source '" + this.id.source() + "' is not called: circuit " + this.id
					+ " opened " + since + " ago, after " + this.failures + " failure(s) in a row; " + next,
					this.failure);
		}

		private void become(State next) {
			this.state = next;
			this.generation++;
			this.probing = false;
			if (next == State.OPEN) {
				this.openedAt = Circuits.this.nanos.getAsLong();
			}
		}

		private void succeeded() {
			this.failures = 0;
			this.failure = null;
			if (this.state != State.CLOSED) {
				become(State.CLOSED);
			}
		}

		private void failed(Throwable reason, int threshold) {
			this.failures += (this.failures < Integer.MAX_VALUE) ? 1 : 0;
			this.failure = reason;
			if (this.state == State.HALF_OPEN || this.failures >= threshold) {
				become(State.OPEN);
			}
		}

		private void abandoned() {
			if (this.state == State.HALF_OPEN) {
				become(State.OPEN);
			}
		}

		synchronized CircuitView view() {
			return new CircuitView(this.state, this.failures, (this.state != State.CLOSED) ? this.openedAt : null,
					this.probing);
		}

	}

	/** Created, as all of its methods work, under the lock of its circuit. */
	private static final class Call implements Permit {

		private final Circuit circuit;

		private final int threshold;

		private final long generation;

		private boolean reported;

		Call(Circuit circuit, int threshold) {
			this.circuit = circuit;
			this.threshold = threshold;
			this.generation = circuit.generation;
		}

		@Override
		public void success() {
			report(this.circuit::succeeded);
		}

		@Override
		public void failure(Throwable failure) {
			report(() -> this.circuit.failed(failure, this.threshold));
		}

		@Override
		public void skipped() {
			report(() -> this.circuit.probing = false);
		}

		@Override
		public void abandoned() {
			report(this.circuit::abandoned);
		}

		private void report(Runnable outcome) {
			synchronized (this.circuit) {
				boolean first = !this.reported;
				this.reported = true;
				if (first && this.generation == this.circuit.generation) {
					outcome.run();
				}
			}
		}

	}

}
