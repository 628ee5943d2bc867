package io.strates.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.strates.internal.BoundBuilds;
import io.strates.internal.TransactionMemory;
import org.jspecify.annotations.Nullable;

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

	/** What each transaction has read. */
	private final TransactionMemory<Map<Key, Pin>> read = new TransactionMemory<>(LinkedHashMap::new);

	// One for each persistence unit: nothing is shared by statics.
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<@Nullable Frame> innermost = new ThreadLocal<>();

	/**
	 * How many blocks are open in all threads: where there is none, none is looked for.
	 */
	private final AtomicInteger open = new AtomicInteger();

	/**
	 * Creates the pins over the builds that filters see.
	 * @param bound where the filters look
	 */
	public Pins(BoundBuilds bound) {
		this.bound = bound;
		bound.onRead(this::noteRead);
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
		Frame frame = innermost();
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
		Frame hiding = new Frame(innermost(), Map.of(), Map.of(), this.read.open());
		enter(hiding);
		return new Handle(this, List.of(), hiding, this.bound.bindOnly(Map.of()));
	}

	@Nullable Pin current(String scope) {
		BoundBuilds.Bound build = this.bound.find(scope);
		if (build == null) {
			return null;
		}
		Frame frame = innermost();
		Pin pin = (frame != null) ? frame.visible().get(scope) : null;
		if (pin != null && pin.buildStrate().equals(build.buildStrate())) {
			return pin;
		}
		return new ResolvedPin(scope, build.scopeId(), build.buildStrate(), null);
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
			pins.add(choose(request, resolver));
		}
		return open(pins);
	}

	/**
	 * Returns what the current unit of work reads of a scope id, or {@code null} if it
	 * has not read it yet.
	 */
	@Nullable Pin known(String scope, String scopeId) {
		Key key = new Key(scope, scopeId);
		Map<Key, Pin> memory = this.read.find();
		Pin remembered = (memory != null) ? memory.get(key) : null;
		Frame frame = innermost();
		return (remembered != null || frame == null) ? remembered : frame.all().get(key);
	}

	/**
	 * Returns whether what this thread reads has to agree with anything else: with the
	 * rest of its transaction or the blocks around it.
	 */
	boolean isInUnitOfWork() {
		return (this.open.get() != 0 && innermost() != null)
				|| TransactionSynchronizationManager.isSynchronizationActive();
	}

	/** Chooses a build for the current unit of work without opening a block. */
	Pin settle(PinRequest request, Function<PinRequest, Pin> resolver) {
		Pin chosen = choose(request, resolver);
		Map<Key, Pin> memory = this.read.open();
		if (memory != null) {
			memory.putIfAbsent(new Key(chosen.scope(), chosen.scopeId()), chosen);
		}
		return chosen;
	}

	private Pin choose(PinRequest request, Function<PinRequest, Pin> resolver) {
		Key key = new Key(request.scope(), request.scopeId());
		Map<Key, Pin> memory = this.read.open();
		Pin remembered = (memory != null) ? memory.get(key) : null;
		Frame frame = innermost();
		Pin held = (frame != null) ? frame.all().get(key) : null;
		Pin known = (remembered != null) ? remembered : held;
		if (request instanceof PinRequest.Released && known != null) {
			return known;
		}
		Pin wanted = resolver.apply(request);
		if (remembered != null && differs(remembered, wanted)) {
			throw new PinConflictException(remembered, wanted);
		}
		if (held != null && frame != null && isSameTransaction(frame.memory(), memory) && differs(held, wanted)) {
			throw new PinConflictException(held, wanted);
		}
		return wanted;
	}

	/** What is read under a pin of an outer block belongs to this transaction too. */
	private void noteRead(String scope, BoundBuilds.Bound build) {
		Map<Key, Pin> memory = build.writable() ? null : this.read.open();
		if (memory != null) {
			memory.computeIfAbsent(new Key(scope, build.scopeId()), (key) -> Objects.requireNonNull(current(scope)));
		}
	}

	@SuppressWarnings("ReferenceEquality") // each transaction has a memory of its own
	private static boolean isSameTransaction(@Nullable Map<Key, Pin> first, @Nullable Map<Key, Pin> second) {
		return first == second;
	}

	private static boolean differs(Pin first, Pin second) {
		return !first.buildStrate().equals(second.buildStrate());
	}

	/** Opens a block that reads certain builds, whatever has been read so far. */
	QueryService.PinHandle open(List<Pin> pins) {
		return open(pins, false);
	}

	/** Opens a block that makes a value from a build which is kept. */
	QueryService.PinHandle openToLoad(Pin pin) {
		return open(List.of(pin), true);
	}

	private QueryService.PinHandle open(List<Pin> pins, boolean loading) {
		Frame outer = innermost();
		Map<Key, Pin> memory = this.read.open();
		Map<String, Pin> visible = new LinkedHashMap<>();
		Map<Key, Pin> all = new LinkedHashMap<>();
		if (outer != null) {
			visible.putAll(outer.visible());
			all.putAll(outer.all());
		}
		Map<String, BoundBuilds.Bound> builds = new LinkedHashMap<>();
		for (Pin pin : pins) {
			Key key = new Key(pin.scope(), pin.scopeId());
			visible.put(pin.scope(), pin);
			all.put(key, pin);
			builds.put(pin.scope(), new BoundBuilds.Bound(pin.scopeId(), pin.buildStrate(), false, loading));
			if (memory != null) {
				memory.putIfAbsent(key, pin);
			}
		}
		Frame frame = new Frame(outer, visible, all, memory);
		enter(frame);
		return new Handle(this, List.copyOf(pins), frame, this.bound.bind(builds));
	}

	private void enter(Frame frame) {
		this.open.incrementAndGet();
		this.innermost.set(frame);
	}

	private void leave(Frame frame) {
		if (frame.close()) {
			this.open.decrementAndGet();
		}
		innermost();
	}

	/** The innermost block that is open; forgets closed ones inside it. */
	private @Nullable Frame innermost() {
		Frame frame = this.innermost.get();
		if (frame == null || !frame.closed) {
			return frame;
		}
		while (frame != null && frame.closed) {
			frame = frame.outer;
		}
		if (frame == null) {
			this.innermost.remove();
		}
		else {
			this.innermost.set(frame);
		}
		return frame;
	}

	private record Key(String scope, String scopeId) {
	}

	/** A block. */
	private static final class Frame {

		private final @Nullable Frame outer;

		private final Map<String, Pin> visible;

		private final Map<Key, Pin> all;

		private final @Nullable Map<Key, Pin> memory;

		private volatile boolean closed;

		/**
		 * Opens a block.
		 * @param outer the block around it
		 * @param visible what is read now of each scope
		 * @param all what the open blocks read of each scope id
		 * @param memory the memory of the transaction that the block is opened in
		 */
		Frame(@Nullable Frame outer, Map<String, Pin> visible, Map<Key, Pin> all, @Nullable Map<Key, Pin> memory) {
			this.outer = outer;
			this.visible = visible;
			this.all = all;
			this.memory = memory;
		}

		Map<String, Pin> visible() {
			return this.visible;
		}

		Map<Key, Pin> all() {
			return this.all;
		}

		@Nullable Map<Key, Pin> memory() {
			return this.memory;
		}

		/** Returns whether it was open. */
		synchronized boolean close() {
			boolean open = !this.closed;
			this.closed = true;
			return open;
		}

	}

	/** Ends a block; closing twice, out of order or in another thread is harmless. */
	private record Handle(Pins owner, List<Pin> pins, Frame frame,
			BoundBuilds.Binding binding) implements QueryService.PinHandle {

		@Override
		public void close() {
			this.binding.close();
			this.owner.leave(this.frame);
		}

	}

}
