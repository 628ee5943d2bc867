package io.strates.store;

import java.sql.SQLException;
import java.util.Set;

import io.strates.cache.TierUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.UnexpectedRollbackException;

/**
 * Turns what databases throw into what callers can react to.
 */
final class StoreFailures {

	private static final String SERIALIZATION = "40";

	/** Of the same class, but the database does not know. */
	private static final String COMPLETION_UNKNOWN = "40003";

	/** Data, constraint, and checks of views: what is written is the reason. */
	private static final Set<String> OF_DATA = Set.of("22", "23", "44");

	private StoreFailures() {
	}

	static RuntimeException ofRead(String store, RuntimeException failure) {
		boolean database = failure instanceof CannotCreateTransactionException
				|| failure instanceof TierUnavailableException || failure instanceof TransactionTimedOutException
				|| sql(failure) != null;
		return database ? new StoreUnavailableException("Store '" + store
				+ "' cannot read its database, and no tier has what was asked for; see the cause, and ask again",
				failure) : failure;
	}

	/** Whether the database has said that nothing of a write is there. */
	static boolean isDefinite(Throwable failure) {
		return failure instanceof UnexpectedRollbackException || isRetryable(failure) || isOfData(failure);
	}

	static RuntimeException ofWrite(String store, boolean committing, RuntimeException failure) {
		if (isRetryable(failure)) {
			return new WriteRejectedException("A write in store '" + store
					+ "' ran into another transaction; nothing of it happened, write again", true, failure);
		}
		if (isOfData(failure)) {
			return new WriteRejectedException(
					"A write in store '" + store + "' was refused by the database; see the cause", false, failure);
		}
		if (failure instanceof UnexpectedRollbackException) {
			return new WriteRejectedException("A write in store '" + store
					+ "' was rolled back, since something in its transaction asked for that", false, failure);
		}
		if (committing) {
			return new WriteOutcomeUnknownException(
					"A write in store '" + store
							+ "' was to be committed, and the database did not say whether it is; read again to know",
					failure);
		}
		if (failure instanceof CannotCreateTransactionException || failure instanceof TransactionTimedOutException
				|| isOutage(failure)) {
			return new StoreUnavailableException(
					"Store '" + store + "' cannot write its database; nothing happened, write again", failure);
		}
		if (failure instanceof TierUnavailableException) {
			return new StoreUnavailableException(
					"Store '" + store + "' cannot reach its journal; nothing happened, write again", failure);
		}
		return (sql(failure) == null) ? failure : new WriteRejectedException(
				"A write in store '" + store + "' was refused by the database; see the cause", false, failure);
	}

	private static boolean isRetryable(Throwable failure) {
		return failure instanceof ConcurrencyFailureException || SERIALIZATION.equals(stateClass(failure));
	}

	private static boolean isOfData(Throwable failure) {
		String state = stateClass(failure);
		return failure instanceof DataIntegrityViolationException || (state != null && OF_DATA.contains(state));
	}

	private static boolean isOutage(Throwable failure) {
		SQLException sql = sql(failure);
		String state = stateClass(failure);
		return sql != null && (state == null || Set.of("08", "25", "53", "57", "58").contains(state));
	}

	private static @Nullable String stateClass(Throwable failure) {
		SQLException sql = sql(failure);
		String state = (sql != null) ? sql.getSQLState() : null;
		if (state == null || state.length() != 5 || state.equals(COMPLETION_UNKNOWN)) {
			return null;
		}
		return state.substring(0, 2);
	}

	/** Batches say what happened in the next exception. */
	private static @Nullable SQLException sql(Throwable failure) {
		int depth = 0;
		for (Throwable each = failure; each != null && depth < 50; each = each.getCause(), depth++) {
			if (each instanceof SQLException sql) {
				return (sql.getNextException() != null) ? sql.getNextException() : sql;
			}
		}
		return null;
	}

}
