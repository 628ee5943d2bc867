package io.strates.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.strates.internal.BoundBuilds;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The pins of threads and of their transactions.
 *
 * <p>
 * Thread-safe; everything it holds belongs to the current thread. Applications use
 * {@link QueryService}; adapters carry pins to other threads with {@link #snapshot()}.
 *
 * @since 0.1.0
 */
/*
 * Two memories. The frames of a thread are its open blocks, the innermost last: they say
 * what is read now and are mirrored in BoundBuilds, where the filters look. The memory of
 * a transaction outlives the blocks inside it: it keeps each build that the transaction
 * has read of a scope id, so that a later block of the same transaction gets the same
 * build. A request for the released build takes what either memory has. A request for a
 * certain build that differs is refused if this transaction has read another, or if a
 * block of the same transaction (or of none) is open on another.
 */
public final class Pins {

	private final BoundBuilds bound;

	@SuppressWarnings("ThreadLocalUsage") // one for each persistence unit: nothing is
											// shared by statics
	private final ThreadLocal<@Nullable Frame> innermost = new ThreadLocal<>();

	/**
	 * Creates the pins over the builds that filters see.
	 * @param bound where the filters look
	 */
	public Pins(BoundBuilds bound) {
		this.bound = bound;
	}

	/**
	 * The pins of a thread at one moment, to be installed in another.
	 *
	 * @param pins the pins by scope
	 */
	public record Snapshot(Map<String, Pin> pins) {
	}

	/**
	 * Returns what the current thread has pinned.
	 * @return the pins, or {@code null} if there are none
	 */
	public @Nullable Snapshot snapshot() {
		Frame frame = this.innermost.get();
		return (frame != null) ? new Snapshot(frame.visible()) : null;
	}

	/**
	 * Pins in the current thread what another thread had pinned.
	 * @param snapshot the pins of the other thread
	 * @return the handle that ends it
	 */
	public QueryService.PinHandle install(Snapshot snapshot) {
		return open(List.copyOf(snapshot.pins().values()));
	}

	/**
	 * Hides what the current thread has pinned.
	 * @return the handle that brings it back
	 */
	public QueryService.PinHandle hide() {
		Frame outer = this.innermost.get();
		this.innermost.remove();
		BoundBuilds.Binding binding = this.bound.bindOnly(Map.of());
		return handle(List.of(), outer, binding);
	}

	@Nullable Pin current(String scope) {
		Frame frame = this.innermost.get();
		Pin pin = (frame != null) ? frame.visible().get(scope) : null;
		if (pin != null) {
			return pin;
		}
		BoundBuilds.Bound build = this.bound.find(scope);
		return (build != null) ? new ResolvedPin(scope, build.scopeId(), build.buildStrate(), null) : null;
	}

	QueryService.PinHandle take(List<PinRequest> requests, Function<PinRequest, Pin> resolver) {
		List<Pin> pins = new ArrayList<>();
		for (PinRequest request : requests) {
			for (Pin pin : pins) {
				if (pin.scope().equals(request.scope())) {
					throw new IllegalArgumentException("Scope '" + request.scope() + "' is requested for "
							+ pin.scopeId() + " and for " + request.scopeId()
							+ " at once; pin one inside the other, so that it is clear which is read");
				}
			}
			pins.add(take(request, resolver));
		}
		return open(pins);
	}

	private Pin take(PinRequest request, Function<PinRequest, Pin> resolver) {
		Key key = new Key(request.scope(), request.scopeId());
		Map<Key, Pin> memory = transactionMemory();
		Pin remembered = (memory != null) ? memory.get(key) : null;
		Frame frame = this.innermost.get();
		Pin held = (frame != null) ? frame.all().get(key) : null;
		if (request instanceof PinRequest.Released && (remembered != null || held != null)) {
			return remember(memory, key, (remembered != null) ? remembered : held);
		}
		Pin wanted = resolver.apply(request);
		if (remembered != null && differs(remembered, wanted)) {
			throw new PinConflictException(remembered, wanted);
		}
		if (held != null && frame != null && isSameTransaction(frame.memory(), memory) && differs(held, wanted)) {
			throw new PinConflictException(held, wanted);
		}
		return remember(memory, key, wanted);
	}

	@SuppressWarnings("ReferenceEquality") // each transaction has a memory of its own
	private static boolean isSameTransaction(@Nullable Map<Key, Pin> first, @Nullable Map<Key, Pin> second) {
		return first == second;
	}

	private static boolean differs(Pin first, Pin second) {
		return !first.buildStrate().equals(second.buildStrate());
	}

	private static Pin remember(@Nullable Map<Key, Pin> memory, Key key, @Nullable Pin pin) {
		Pin taken = java.util.Objects.requireNonNull(pin);
		if (memory != null) {
			memory.putIfAbsent(key, taken);
		}
		return taken;
	}

	private QueryService.PinHandle open(List<Pin> pins) {
		Frame outer = this.innermost.get();
		Map<String, Pin> visible = new LinkedHashMap<>();
		Map<Key, Pin> all = new LinkedHashMap<>();
		if (outer != null) {
			visible.putAll(outer.visible());
			all.putAll(outer.all());
		}
		Map<String, BoundBuilds.Bound> builds = new LinkedHashMap<>();
		for (Pin pin : pins) {
			visible.put(pin.scope(), pin);
			all.put(new Key(pin.scope(), pin.scopeId()), pin);
			builds.put(pin.scope(), new BoundBuilds.Bound(pin.scopeId(), pin.buildStrate(), false));
		}
		this.innermost.set(new Frame(visible, all, transactionMemory()));
		return handle(pins, outer, this.bound.bind(builds));
	}

	private QueryService.PinHandle handle(List<Pin> pins, @Nullable Frame outer, BoundBuilds.Binding binding) {
		return new Handle(this, List.copyOf(pins), outer, binding);
	}

	private void restore(@Nullable Frame outer) {
		if (outer == null) {
			this.innermost.remove();
		}
		else {
			this.innermost.set(outer);
		}
	}

	/** What this transaction has read, or {@code null} outside transactions. */
	@SuppressWarnings("unchecked")
	private @Nullable Map<Key, Pin> transactionMemory() {
		if (!TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return null;
		}
		Map<Key, Pin> memory = (Map<Key, Pin>) TransactionSynchronizationManager.getResource(this);
		if (memory == null) {
			memory = new LinkedHashMap<>();
			TransactionSynchronizationManager.bindResource(this, memory);
			TransactionSynchronizationManager.registerSynchronization(new Forget());
		}
		return memory;
	}

	private record Key(String scope, String scopeId) {
	}

	/**
	 * An open block.
	 *
	 * @param visible what is read now of each scope
	 * @param all what the open blocks read of each scope id
	 * @param memory the memory of the transaction that the block was opened in
	 */
	private record Frame(Map<String, Pin> visible, Map<Key, Pin> all, @Nullable Map<Key, Pin> memory) {
	}

	/** Ends a block, once. */
	private static final class Handle implements QueryService.PinHandle {

		private final Pins owner;

		private final List<Pin> pins;

		private final @Nullable Frame outer;

		private final BoundBuilds.Binding binding;

		private boolean closed;

		Handle(Pins owner, List<Pin> pins, @Nullable Frame outer, BoundBuilds.Binding binding) {
			this.owner = owner;
			this.pins = pins;
			this.outer = outer;
			this.binding = binding;
		}

		@Override
		public List<Pin> pins() {
			return this.pins;
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				this.binding.close();
				this.owner.restore(this.outer);
			}
		}

	}

	/** Keeps the memory with its transaction, also while it is suspended. */
	private final class Forget implements TransactionSynchronization {

		private @Nullable Object suspended;

		@Override
		public void suspend() {
			this.suspended = TransactionSynchronizationManager.unbindResourceIfPossible(Pins.this);
		}

		@Override
		public void resume() {
			if (this.suspended != null) {
				TransactionSynchronizationManager.bindResource(Pins.this, this.suspended);
			}
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(Pins.this);
		}

	}

}
