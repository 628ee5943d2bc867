package io.strates.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.strates.build.RowStore.Row;
import io.strates.entity.StratifiedType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a group of entities that are not stored yet, and its chunks in flight.
 * Thread-safe; its lock is never held during SQL, nor while it is waited for a chunk.
 */
final class Lane {

	private static final int EXPECTED_ROWS = 1024;

	private final int position;

	private final boolean ordered;

	private final List<Lane> parents;

	private final int types;

	// A monitor would keep a virtual thread that waits for a chunk on its carrier.
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition chunkDone = this.lock.newCondition();

	/** This and the following are guarded by the lock. */
	private List<Row> rows = new ArrayList<>();

	private long nextTicket;

	private final TreeSet<Long> inFlight = new TreeSet<>();

	private final Map<StratifiedType, Long> stored = new HashMap<>();

	Lane(int position, WriteOrder.Group group, List<Lane> parents) {
		this.position = position;
		this.ordered = group.ordered();
		this.parents = List.copyOf(parents);
		this.types = group.types().size();
		group.types().forEach((type) -> this.stored.put(type, 0L));
	}

	/** Its place among the lanes, parents first. */
	int position() {
		return this.position;
	}

	/** Whether its chunks are stored one at a time, in the order of their tickets. */
	boolean isOrdered() {
		return this.ordered;
	}

	/** The lanes that its rows may refer to. */
	List<Lane> parents() {
		return this.parents;
	}

	boolean hasOneType() {
		return this.types == 1;
	}

	@Nullable Chunk add(Row row, int chunkSize) {
		this.lock.lock();
		try {
			this.rows.add(row);
			return (this.rows.size() >= chunkSize) ? take() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable Chunk takeAll() {
		this.lock.lock();
		try {
			return this.rows.isEmpty() ? null : take();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A chunk is in flight from the moment it is taken, so that nobody overlooks it. */
	private Chunk take() {
		Chunk chunk = new Chunk(this, this.nextTicket++, this.rows);
		this.rows = new ArrayList<>(Math.min(chunk.rows().size(), EXPECTED_ROWS));
		this.inFlight.add(chunk.ticket());
		return chunk;
	}

	void done(Chunk chunk, boolean stored) {
		this.lock.lock();
		try {
			this.inFlight.remove(chunk.ticket());
			if (stored) {
				chunk.rowsByType().forEach((type, rows) -> this.stored.merge(type, rows, Long::sum));
			}
			this.chunkDone.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void addStored(Map<String, Long> rows) {
		this.lock.lock();
		try {
			this.stored.forEach((type, count) -> rows.put(type.name(), count));
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for all chunks that were taken so far. */
	void awaitTaken() {
		this.lock.lock();
		try {
			awaitEarlier(this.nextTicket);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for the chunks that were taken before one of this lane. */
	void awaitBefore(Chunk chunk) {
		this.lock.lock();
		try {
			awaitEarlier(chunk.ticket());
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitEarlier(long ticket) {
		while (!this.inFlight.isEmpty() && this.inFlight.first() < ticket) {
			try {
				this.chunkDone.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new CancellationException("Interrupted while waiting for earlier rows of "
						+ this.stored.keySet().stream().map(StratifiedType::name).toList());
			}
		}
	}

}
