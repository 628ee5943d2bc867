package io.strates.build;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

import io.strates.StratesException;
import io.strates.build.RowStore.Row;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedType;
import org.jspecify.annotations.Nullable;

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
 *
 * It is one thing because collecting, storing and closing obey this one order of locks.
 */
final class ChunkWriter implements BuildWriter {

	private final BuildInfo build;

	private final BuildOptions options;

	private final RowStore store;

	private final WritePermits permits;

	private final TransactionOperations chunkTransaction;

	private final int chunkSize;

	private final WriteOrder order;

	private final BuildListeners listeners;

	private final InstantSource clock;

	private final Instant begun;

	private final Lanes lanes;

	/** Held while entities are taken apart that several threads may reach. */
	private final ReentrantLock sharing = new ReentrantLock();

	private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private volatile boolean closed;

	private final AtomicBoolean ended = new AtomicBoolean();

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
		this.listeners = parts.listeners()
			.with(new FirstStatistics(parts.statistics(), parts.newTransaction()))
			.with(options.listener());
		this.lanes = new Lanes(order);
	}

	@Override
	public void write(Object entity) {
		Objects.requireNonNull(entity, () -> "The entity to write is null; leave out what is missing. What was written"
				+ " before is kept, and " + this.build.describe() + " takes more");
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
		Objects.requireNonNull(entities, "The entities to write are null; give an empty collection if there are none");
		entities.forEach(this::write);
	}

	@Override
	public void writeAll(Stream<?> entities) {
		Objects.requireNonNull(entities, "The entities to write are null; give an empty stream if there are none");
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

	/** Refuses further rows at once, not only when a chunk is full. */
	void stop(BuildInfo ended) {
		stop(new BuildStateException(ended, WritePermits.NO_MORE_ROWS));
	}

	/** Whether the end of this build has not been told yet; true once. */
	boolean isFirstEnd() {
		return this.ended.compareAndSet(false, true);
	}

	String failure(String otherwise) {
		Throwable cause = this.failure.get();
		return (cause != null) ? cause.toString() : otherwise;
	}

	BuildOptions options() {
		return this.options;
	}

	BuildListeners listeners() {
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
		this.sharing.lock();
		try {
			return add(this.store.rows(entity, this.build.buildStrate(), this::check));
		}
		finally {
			this.sharing.unlock();
		}
	}

	private Deque<Chunk> add(List<Row> rows) {
		List<Chunk> full = new ArrayList<>(1);
		for (Row row : rows) {
			Chunk chunk = this.lanes.of(row.type()).add(row, this.chunkSize);
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
		lane.awaitTaken();
	}

	private void store(Chunk chunk) {
		Lane lane = chunk.lane();
		boolean stored = false;
		try {
			lane.parents().forEach(this::storeLane);
			if (lane.isOrdered()) {
				lane.awaitBefore(chunk);
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

	private void requireOpen() {
		requireNoFailure();
		if (this.closed) {
			throw this.permits.refused(this.build.buildStrate());
		}
	}

	private void requireNoFailure() {
		Throwable cause = this.failure.get();
		if (cause instanceof BuildStateException state) {
			throw new BuildStateException(state.getBuild(), WritePermits.NO_MORE_ROWS);
		}
		if (cause != null) {
			throw new ChunkFailedException(this.build, cause);
		}
	}

	private void report(Chunk chunk) {
		Map<String, Long> stored = this.lanes.stored();
		Duration elapsed = Duration.between(this.begun, this.clock.instant());
		chunk.rowsByType().forEach((type, rows) -> {
			BuildProgress progress = new Progress(this.build.buildStrate(), this.build.scope(), type.name(), rows,
					stored, elapsed);
			this.listeners.tell((listener) -> listener.progressed(progress));
		});
	}

	private record Progress(UUID buildStrate, String scope, String entity, long chunk, Map<String, Long> rows,
			Duration elapsed) implements BuildProgress {
	}

}
