package io.strates.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.strates.internal.jdbc.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Who flushes which store, and the last batch of each that is committed.
 */
final class FlushTable {

	private final JdbcClient jdbc;

	private final Database database;

	private final TransactionOperations transaction;

	/**
	 * Creates access to the table.
	 * @param jdbc the client, on the database of the entities
	 * @param database the database behind it
	 * @param transaction runs a transaction of its own, whatever is open on the thread,
	 * in which both the client and the entities' tables take part
	 */
	FlushTable(JdbcClient jdbc, Database database, TransactionOperations transaction) {
		this.jdbc = jdbc;
		this.database = database;
		this.transaction = transaction;
	}

	/**
	 * Takes the lease of a store, with a fence greater than any before.
	 * @return the lease, or {@code null} if another flusher has it
	 */
	@Nullable Lease acquire(String store, String owner, Duration time) {
		return this.transaction.execute((status) -> {
			int taken = this.jdbc
				.sql("update strates_write_behind set owner = ?, fence = fence + 1, held_until = "
						+ this.database.nowPlusMicros("?") + " where store_name = ? and (owner = ? or held_until <= "
						+ this.database.now() + ")")
				.params(owner, micros(time), store, owner)
				.update();
			return (taken == 1 || insert(store, owner, time)) ? lease(store, owner, time) : null;
		});
	}

	private boolean insert(String store, String owner, Duration time) {
		try {
			return this.jdbc
				.sql(this.database
					.insertIfAbsent("insert into strates_write_behind (store_name, owner, fence, held_until)"
							+ " values (?, ?, 1, " + this.database.nowPlusMicros("?") + ")"))
				.params(store, owner, micros(time))
				.update() == 1;
		}
		catch (DuplicateKeyException ex) {
			return false;
		}
	}

	private Lease lease(String store, String owner, Duration time) {
		return this.jdbc.sql("select fence, last_batch from strates_write_behind where store_name = ?")
			.param(store)
			.query((row, number) -> new Lease(store, owner, row.getLong("fence"), row.getString("last_batch"), time))
			.single();
	}

	/**
	 * Gives a lease a greater fence, since the journal has seen one from before this
	 * table was lost.
	 * @return the lease, or {@code null} if it is lost
	 */
	@Nullable Lease raise(Lease lease, long fence) {
		return this.transaction.execute((status) -> {
			int raised = this.jdbc
				.sql("update strates_write_behind set fence = ? where store_name = ? and fence = ? and owner = ?")
				.params(fence, lease.store(), lease.fence(), lease.owner())
				.update();
			return (raised == 1) ? new Lease(lease.store(), lease.owner(), fence, lease.applied(), lease.time()) : null;
		});
	}

	/**
	 * Applies a batch and notes that it is, in one transaction, which nobody else can
	 * overtake.
	 * @param last whether the lease is not needed any more
	 * @throws LostException if the lease is lost
	 */
	void apply(Lease lease, String batch, boolean last, Runnable writes) {
		AtomicReference<@Nullable RuntimeException> refusal = new AtomicReference<>();
		try {
			this.transaction.executeWithoutResult((status) -> {
				try {
					// First, since it takes the lock under which the rest is safe.
					note(lease, batch, last);
					writes.run();
				}
				catch (RuntimeException ex) {
					refusal.set(ex);
					throw ex;
				}
			});
		}
		catch (RuntimeException ex) {
			RuntimeException first = refusal.get();
			if (first != null && !first.equals(ex)) {
				// Spring throws this in place of the first, which tells more.
				first.addSuppressed(ex);
				throw new RecoverableDataAccessException("The connection broke before the transaction was rolled back",
						first);
			}
			throw ex;
		}
	}

	private void note(Lease lease, String batch, boolean last) {
		int held = this.jdbc
			.sql("update strates_write_behind set last_batch = ?, held_until = " + this.database.nowPlusMicros("?")
					+ " where store_name = ? and fence = ? and owner = ?")
			.params(batch, last ? 0 : micros(lease.time()), lease.store(), lease.fence(), lease.owner())
			.update();
		if (held == 0) {
			throw new LostException(lease);
		}
	}

	/** Gives a lease back, if it is not lost. */
	void release(Lease lease) {
		this.transaction.executeWithoutResult((status) -> this.jdbc
			.sql("update strates_write_behind set held_until = " + this.database.now()
					+ " where store_name = ? and fence = ? and owner = ?")
			.params(lease.store(), lease.fence(), lease.owner())
			.update());
	}

	private static long micros(Duration time) {
		return time.toNanos() / 1000;
	}

	/**
	 * The right to flush a store.
	 *
	 * @param store the store
	 * @param owner who has it
	 * @param fence grows with each lease of the store
	 * @param applied the batch that was committed last when the lease was taken
	 * @param time how long it lasts without a commit
	 */
	record Lease(String store, String owner, long fence, @Nullable String applied, Duration time) {
	}

	/** Thrown when another flusher has taken over. */
	static final class LostException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		LostException(Lease lease) {
			super("Store '" + lease.store() + "' is flushed by another since " + lease.owner()
					+ " had not committed for longer than " + lease.time());
		}

	}

}
