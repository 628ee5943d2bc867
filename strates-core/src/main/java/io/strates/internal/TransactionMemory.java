package io.strates.internal;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a feature remembers of the transaction of the current thread: set aside while that
 * is suspended, forgotten when it ends.
 *
 * <p>
 * Thread-safe; each transaction has a memory of its own.
 *
 * @param <T> what is remembered
 */
public final class TransactionMemory<T> {

	private final Supplier<T> empty;

	/**
	 * Creates a memory that holds nothing yet.
	 * @param empty creates what a transaction begins with
	 */
	public TransactionMemory(Supplier<T> empty) {
		this.empty = empty;
	}

	/**
	 * Returns what the current transaction remembers.
	 * @return the memory, or {@code null} if there is none yet or no transaction
	 */
	@SuppressWarnings("unchecked")
	public @Nullable T find() {
		return (T) TransactionSynchronizationManager.getResource(this);
	}

	/**
	 * Returns what the current transaction remembers, and begins to remember.
	 * @return the memory, or {@code null} outside transactions
	 */
	public @Nullable T open() {
		T found = find();
		if (found != null || !TransactionSynchronizationManager.isSynchronizationActive()
				|| !TransactionSynchronizationManager.isActualTransactionActive()) {
			return found;
		}
		T created = this.empty.get();
		remember(created);
		return created;
	}

	/**
	 * Begins to remember, in a transaction that remembers nothing yet.
	 * @param memory what the current transaction is to remember
	 */
	public void remember(T memory) {
		TransactionSynchronizationManager.bindResource(this, memory);
		TransactionSynchronizationManager.registerSynchronization(new Keep());
	}

	/** Keeps the memory with its transaction. */
	private final class Keep implements TransactionSynchronization {

		private @Nullable Object suspended;

		@Override
		public void suspend() {
			this.suspended = TransactionSynchronizationManager.unbindResourceIfPossible(TransactionMemory.this);
		}

		@Override
		public void resume() {
			if (this.suspended != null) {
				TransactionSynchronizationManager.bindResource(TransactionMemory.this, this.suspended);
			}
		}

		@Override
		public void afterCompletion(int status) {
			TransactionSynchronizationManager.unbindResourceIfPossible(TransactionMemory.this);
		}

	}

}
