package io.strates.build;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.strates.StratesException;
import io.strates.build.RowStore.Row;
import io.strates.entity.StratifiedEntity;
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
 * Entities that refer to each other in a circle share a lane; the lanes are sorted once,
 * parents first. A lane whose rows may refer to each other stores one chunk at a time, in
 * the order of its tickets. A thread that holds several chunks stores that of the first
 * lane first, so whoever waits does so for a lane before its own, or for a lower ticket
 * of its own lane: waiting cannot go in a circle.
 *
 * A lane's lock guards its rows and the tickets of its chunks in flight and is never held
 * during SQL. The gate is held shared by whoever writes and exclusively for the moment of
 * closing, so that the seal gets either all rows of a call or none.
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

	private final List<Lane> lanes = new ArrayList<>();

	private final Map<StratifiedType, Lane> lanesByType = new HashMap<>();

	private final Object sharing = new Object();

	private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

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
		order.groups().forEach(this::addLane);
	}

	private void addLane(WriteOrder.Group group) {
		List<Lane> parents = new ArrayList<>();
		for (WriteOrder.Group parent : group.parents()) {
			parents.add(lane(parent.types().iterator().next()));
		}
		Lane lane = new Lane(this.lanes.size(), group, parents);
		this.lanes.add(lane);
		group.types().forEach((type) -> this.lanesByType.put(type, lane));
	}

	@Override
	public void write(Object entity) {
		this.gate.readLock().lock();
		try {
			requireOpen();
			store(collect(entity));
		}
		finally {
			this.gate.readLock().unlock();
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
	 * @throws IllegalStateException if the current thread is in the middle of a write
	 */
	void close() {
		if (this.gate.getReadHoldCount() > 0) {
			throw new IllegalStateException(
					this.build.describe() + " is sealed from inside a write; seal it when the write has returned");
		}
		requireNoFailure();
		this.gate.writeLock().lock();
		try {
			this.closed = true;
		}
		finally {
			this.gate.writeLock().unlock();
		}
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

	/**
	 * Puts the rows of an entity into their lanes and returns the chunks that are full,
	 * in the order of their lanes. Where several threads may reach the same new entity,
	 * its row is in its lane before another thread goes on without it.
	 */
	private Deque<Chunk> collect(Object entity) {
		if (!this.store.mayShare(entity)) {
			return add(this.store.rows(entity, this.build.buildStrate(), this::check));
		}
		synchronized (this.sharing) {
			return add(this.store.rows(entity, this.build.buildStrate(), this::check));
		}
	}

	private Deque<Chunk> add(List<Row> rows) {
		List<Chunk> full = new ArrayList<>(1);
		for (Row row : rows) {
			Chunk chunk = lane(row.type()).add(row, this.chunkSize);
			if (chunk != null) {
				full.add(chunk);
			}
		}
		full.sort(null);
		return new ArrayDeque<>(full);
	}

	private StratifiedType check(Object entity) {
		StratifiedType type = this.order.require(entity, this.build);
		String attribute = type.scopeIdAttribute();
		if (attribute != null) {
			String found = this.store.scopeId(type, entity);
			if (!found.equals(this.build.scopeId())) {
				ScopeIdMismatchException mismatch = new ScopeIdMismatchException(
						type.name() + " " + ((StratifiedEntity) entity).getId(), attribute, this.build.scopeId(),
						found);
				stop(mismatch);
				throw mismatch;
			}
		}
		return type;
	}

	/** Chunks that are not stored because one before them failed must not be awaited. */
	private void store(Deque<Chunk> chunks) {
		try {
			while (!chunks.isEmpty()) {
				store(chunks.remove());
			}
		}
		finally {
			chunks.forEach((chunk) -> chunk.lane().done(chunk, false));
		}
	}

	private void storeAll() {
		this.lanes.forEach(this::storeLane);
		requireNoFailure();
	}

	/** Stores what a lane holds and awaits what others took from it before. */
	private void storeLane(Lane lane) {
		Chunk chunk = lane.takeAll();
		if (chunk != null) {
			store(chunk);
		}
		lane.awaitEarlier(lane.nextTicket());
	}

	private void store(Chunk chunk) {
		Lane lane = chunk.lane();
		boolean stored = false;
		try {
			lane.parents.forEach(this::storeLane);
			if (lane.ordered) {
				lane.awaitEarlier(chunk.ticket());
			}
			requireNoFailure();
			insert(chunk);
			stored = true;
		}
		catch (RuntimeException | Error ex) {
			this.failure.compareAndSet(null, ex);
			throw ex;
		}
		finally {
			lane.done(chunk, stored);
		}
		report(chunk);
	}

	private void insert(Chunk chunk) {
		AtomicReference<StratifiedType> current = new AtomicReference<>(chunk.rows().get(0).type());
		try {
			this.chunkTransaction.executeWithoutResult((transaction) -> {
				this.permits.require(this.build.buildStrate());
				chunk.forEachRun((type, rows) -> {
					current.set(type);
					this.store.insert(type, rows);
				});
			});
		}
		catch (StratesException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new ChunkFailedException(this.build, current.get().name(), chunk.rows().size(), ex);
		}
	}

	private Lane lane(StratifiedType type) {
		Lane lane = this.lanesByType.get(type);
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

	private void report(Chunk chunk) {
		if (this.listeners.isEmpty()) {
			return;
		}
		Map<String, Long> stored = new TreeMap<>();
		this.lanes.forEach((lane) -> lane.addStored(stored));
		Duration elapsed = Duration.between(this.begun, this.clock.instant());
		chunk.rowsByType().forEach((type, rows) -> {
			BuildProgress progress = new Progress(this.build.buildStrate(), this.build.scope(), type.name(), rows,
					stored, elapsed);
			notify(this.listeners, (listener) -> listener.progressed(progress));
		});
	}

	static void notify(List<BuildListener> listeners, Consumer<BuildListener> event) {
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
	 * @param lane where they were collected
	 * @param ticket its place among the chunks of its lane
	 * @param rows the rows
	 */
	private record Chunk(Lane lane, long ticket, List<Row> rows) implements Comparable<Chunk> {

		@Override
		public int compareTo(Chunk other) {
			return (this.lane.position != other.lane.position)
					? Integer.compare(this.lane.position, other.lane.position)
					: Long.compare(this.ticket, other.ticket);
		}

		/**
		 * Goes through the rows in their order, as many of one type at a time as follow.
		 */
		void forEachRun(BiConsumer<StratifiedType, List<Object>> action) {
			List<Object> run = new ArrayList<>(this.rows.size());
			StratifiedType type = this.rows.get(0).type();
			for (Row row : this.rows) {
				if (!row.type().equals(type)) {
					action.accept(type, run);
					run = new ArrayList<>();
					type = row.type();
				}
				run.add(row.content());
			}
			action.accept(type, run);
		}

		Map<StratifiedType, Long> rowsByType() {
			if (this.lane.stored.size() == 1) {
				return Map.of(this.rows.get(0).type(), (long) this.rows.size());
			}
			Map<StratifiedType, Long> counts = new HashMap<>();
			this.rows.forEach((row) -> counts.merge(row.type(), 1L, Long::sum));
			return counts;
		}

	}

	/**
	 * The rows of a group of entities that are not stored yet, and its chunks in flight.
	 */
	private static final class Lane {

		private final int position;

		private final boolean ordered;

		private final List<Lane> parents;

		private List<Row> rows = new ArrayList<>();

		private long nextTicket;

		private final TreeSet<Long> inFlight = new TreeSet<>();

		private final Map<StratifiedType, Long> stored = new HashMap<>();

		Lane(int position, WriteOrder.Group group, List<Lane> parents) {
			this.position = position;
			this.ordered = group.ordered();
			this.parents = parents;
			group.types().forEach((type) -> this.stored.put(type, 0L));
		}

		synchronized @Nullable Chunk add(Row row, int chunkSize) {
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
			Chunk chunk = new Chunk(this, this.nextTicket++, this.rows);
			this.rows = new ArrayList<>(Math.min(chunk.rows().size(), 1024));
			this.inFlight.add(chunk.ticket());
			return chunk;
		}

		synchronized void done(Chunk chunk, boolean stored) {
			this.inFlight.remove(chunk.ticket());
			if (stored) {
				chunk.rowsByType().forEach((type, rows) -> this.stored.merge(type, rows, Long::sum));
			}
			notifyAll();
		}

		synchronized void addStored(Map<String, Long> rows) {
			this.stored.forEach((type, count) -> rows.put(type.name(), count));
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
					throw new CancellationException("Interrupted while waiting for earlier rows of "
							+ this.stored.keySet().stream().map(StratifiedType::name).toList());
				}
			}
		}

	}

}
