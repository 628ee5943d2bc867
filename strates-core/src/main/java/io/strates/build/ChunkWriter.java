package io.strates.build;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.strates.StratesException;
import io.strates.entity.StratifiedType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Collects rows by entity and stores them in chunks.
 */
/*
 * A row of an entity has a foreign key to the rows that it refers to, and a foreign key
 * does not wait for a row that another transaction has not committed yet: it fails. So
 * before a chunk of an entity is stored, what was collected of the entities that it
 * refers to is stored, and chunks of those that other threads are storing are awaited.
 * The entities are sorted once, parents first; each has a lane with a position in that
 * order, and a chunk waits only for lanes before its own. Waiting therefore follows the
 * order and cannot go in a circle. Lanes that refer to themselves store one chunk at a
 * time.
 *
 * A lane's lock guards its rows and the tickets of its chunks in flight and is never held
 * during SQL.
 */
final class ChunkWriter implements BuildWriter {

	private static final Logger logger = LoggerFactory.getLogger(ChunkWriter.class);

	private final BuildInfo build;

	private final BuildOptions options;

	private final RowStore store;

	private final WritePermits permits;

	private final TransactionOperations chunkTransaction;

	private final int chunkSize;

	private final WriteOrder order;

	private final List<BuildListener> listeners;

	private final InstantSource clock;

	private final Instant begun;

	private final Map<Class<?>, Lane> lanes = new LinkedHashMap<>();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private volatile boolean closed;

	ChunkWriter(BuildInfo build, BuildOptions options, DefaultBuildService.Parts parts, WriteOrder order) {
		this.build = build;
		this.options = options;
		this.store = parts.store();
		this.permits = parts.permits();
		this.chunkTransaction = parts.newTransaction();
		this.chunkSize = parts.settings().chunkSize();
		this.order = order;
		this.clock = parts.clock();
		this.begun = parts.clock().instant();
		this.listeners = new ArrayList<>(parts.listeners());
		this.listeners.add(new FirstStatistics(parts.sealer(), parts.newTransaction()));
		if (options.listener() != null) {
			this.listeners.add(options.listener());
		}
		order.types().forEach((type) -> this.lanes.put(type.javaType(), new Lane(type)));
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // the very instance, whatever its equals says
	public void write(Object entity) {
		requireOpen();
		for (Object reached : this.store.reachable(entity)) {
			StratifiedType type = this.order.require(reached, this.build);
			checkScopeId(type, reached);
			if (reached == entity || this.store.claim(reached, this.build.buildStrate())) {
				add(type, this.store.row(type, reached, this.build.buildStrate()));
			}
		}
	}

	@Override
	public void writeAll(Iterable<?> entities) {
		entities.forEach(this::write);
	}

	@Override
	public void writeAll(Stream<?> entities) {
		try (entities) {
			entities.forEach(this::write);
		}
	}

	@Override
	public void flush() {
		requireOpen();
		storeAll();
	}

	/**
	 * Refuses further rows, then stores what is collected and awaits chunks in flight.
	 */
	void close() {
		requireNoFailure();
		this.closed = true;
		storeAll();
	}

	void reopen() {
		this.closed = false;
	}

	/** Refuses further rows and chunks because of a failure. */
	void stop(Throwable cause) {
		this.failure.compareAndSet(null, cause);
		this.closed = true;
	}

	String failure(String otherwise) {
		Throwable cause = this.failure.get();
		return (cause != null) ? cause.toString() : otherwise;
	}

	BuildOptions options() {
		return this.options;
	}

	List<BuildListener> listeners() {
		return this.listeners;
	}

	private void checkScopeId(StratifiedType type, Object entity) {
		String attribute = type.scopeIdAttribute();
		if (attribute == null) {
			return;
		}
		String found = this.store.scopeId(type, entity);
		if (!found.equals(this.build.scopeId())) {
			ScopeIdMismatchException mismatch = new ScopeIdMismatchException(type.name(), attribute,
					this.build.scopeId(), found);
			stop(mismatch);
			throw mismatch;
		}
	}

	private void add(StratifiedType type, Object row) {
		Lane lane = lane(type);
		Chunk full = lane.add(row, this.chunkSize);
		if (full != null) {
			store(lane, full);
		}
	}

	private void storeAll() {
		this.lanes.values().forEach(this::storeLane);
		requireNoFailure();
	}

	/** Stores what a lane holds and awaits what others took from it before. */
	private void storeLane(Lane lane) {
		Chunk chunk = lane.takeAll();
		if (chunk != null) {
			store(lane, chunk);
		}
		lane.awaitEarlier(lane.nextTicket());
	}

	private void store(Lane lane, Chunk chunk) {
		boolean stored = false;
		try {
			this.order.parents(lane.type).forEach((parent) -> storeLane(lane(parent)));
			if (this.order.refersToItself(lane.type)) {
				lane.awaitEarlier(chunk.ticket());
			}
			requireNoFailure();
			insert(lane.type, chunk.rows());
			stored = true;
		}
		catch (RuntimeException | Error ex) {
			this.failure.compareAndSet(null, ex);
			throw ex;
		}
		finally {
			lane.done(chunk, stored);
		}
		report(lane.type, chunk.rows().size());
	}

	private void insert(StratifiedType type, List<Object> rows) {
		try {
			this.chunkTransaction.executeWithoutResult((transaction) -> {
				this.permits.require(this.build.buildStrate());
				this.store.insert(type, rows);
			});
		}
		catch (StratesException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new ChunkFailedException(this.build, type.name(), rows.size(), ex);
		}
	}

	private Lane lane(StratifiedType type) {
		Lane lane = this.lanes.get(type.javaType());
		if (lane == null) {
			throw new IllegalStateException("No lane for " + type.name());
		}
		return lane;
	}

	private void requireOpen() {
		requireNoFailure();
		if (this.closed) {
			throw this.permits.refused(this.build.buildStrate());
		}
	}

	private void requireNoFailure() {
		Throwable cause = this.failure.get();
		if (cause instanceof BuildStateException state) {
			throw new BuildStateException(state.getBuild(),
					"no row can be added or changed; begin a new build to change the state");
		}
		if (cause != null) {
			throw new ChunkFailedException(this.build, cause);
		}
	}

	private void report(StratifiedType type, int rows) {
		if (this.listeners.isEmpty()) {
			return;
		}
		Map<String, Long> stored = new TreeMap<>();
		this.lanes.values().forEach((lane) -> stored.put(lane.type.name(), lane.stored()));
		BuildProgress progress = new Progress(this.build.buildStrate(), this.build.scope(), type.name(), rows, stored,
				Duration.between(this.begun, this.clock.instant()));
		notify(this.listeners, (listener) -> listener.progressed(progress));
	}

	static void notify(List<BuildListener> listeners, java.util.function.Consumer<BuildListener> event) {
		for (BuildListener listener : listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Build listener {} failed; the build goes on", listener, ex);
			}
		}
	}

	private record Progress(UUID buildStrate, String scope, String entity, long chunk, Map<String, Long> rows,
			Duration elapsed) implements BuildProgress {
	}

	/**
	 * Rows that are stored together.
	 *
	 * @param ticket its place among the chunks of its lane
	 * @param rows the rows
	 */
	private record Chunk(long ticket, List<Object> rows) {
	}

	/** The rows of one entity that are not stored yet, and its chunks in flight. */
	private static final class Lane {

		private final StratifiedType type;

		private List<Object> rows = new ArrayList<>();

		private long nextTicket;

		private final TreeSet<Long> inFlight = new TreeSet<>();

		private long stored;

		Lane(StratifiedType type) {
			this.type = type;
		}

		synchronized @Nullable Chunk add(Object row, int chunkSize) {
			this.rows.add(row);
			return (this.rows.size() >= chunkSize) ? take() : null;
		}

		synchronized @Nullable Chunk takeAll() {
			return this.rows.isEmpty() ? null : take();
		}

		/**
		 * A chunk is in flight from the moment it is taken, so that nobody overlooks it.
		 */
		private Chunk take() {
			Chunk chunk = new Chunk(this.nextTicket++, this.rows);
			this.rows = new ArrayList<>(Math.min(chunk.rows().size(), 1024));
			this.inFlight.add(chunk.ticket());
			return chunk;
		}

		synchronized void done(Chunk chunk, boolean stored) {
			this.inFlight.remove(chunk.ticket());
			if (stored) {
				this.stored += chunk.rows().size();
			}
			notifyAll();
		}

		synchronized long stored() {
			return this.stored;
		}

		synchronized long nextTicket() {
			return this.nextTicket;
		}

		synchronized void awaitEarlier(long ticket) {
			while (!this.inFlight.isEmpty() && this.inFlight.first() < ticket) {
				try {
					wait();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					throw new CancellationException(
							"Interrupted while waiting for earlier rows of " + this.type.name());
				}
			}
		}

	}

}
