package io.strates.store;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

import io.strates.cache.TierUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * Says what failures have to do with the database.
 */
final class Failures {

	private static final int DEEPEST = 50;

	/** Of the class of conflicts, but the database does not know how it ended. */
	private static final String COMPLETION_UNKNOWN = "40003";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	/** Data, constraint, and checks of views. */
	private static final Set<String> OF_DATA = Set.of("22", "23", "44");

	/**
	 * Connection, transaction state (a standby is read-only), resources, operator,
	 * system.
	 */
	private static final Set<String> OF_OUTAGES = Set.of("08", "25", "53", "57", "58");

	/** Login, catalog, schema, syntax and rights, objects that are not ready. */
	private static final Set<String> OF_SETUP = Set.of("28", "3D", "3F", "42", "55");

	/** MySQL and MariaDB give it no SQLState of its own. */
	private static final int LOCK_WAIT_TIMEOUT = 1205;

	/** Nor these. */
	private static final Set<Integer> READ_ONLY_SERVER = Set.of(1290, 1836);

	private Failures() {
	}

	/** What is the reason of a failure. */
	enum Kind {

		/** Another transaction: nothing has happened, and the same may go through. */
		CONFLICT,

		/** What was written: nothing has happened, and the same never goes through. */
		DATA,

		/** The database as a whole, for now. */
		OUTAGE,

		/** The database as a whole, until somebody sets it up otherwise. */
		SETUP,

		/** Something else that the database says. */
		OTHER,

		/** The database fails, and does not say why. */
		UNTOLD,

		/** The database has nothing to do with it. */
		NONE

	}

	static Kind kind(Throwable failure) {
		int depth = 0;
		for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause(), depth++) {
			Kind kind = (each instanceof SQLException sql) ? ofSql(sql) : ofSpring(each);
			if (kind != Kind.NONE) {
				return kind;
			}
		}
		return Kind.NONE;
	}

	private static Kind ofSpring(Throwable failure) {
		if (failure instanceof ConcurrencyFailureException) {
			return Kind.CONFLICT;
		}
		if (failure instanceof DataIntegrityViolationException) {
			return Kind.DATA;
		}
		return (failure instanceof CannotCreateTransactionException || failure instanceof TransactionTimedOutException)
				? Kind.OUTAGE : Kind.NONE;
	}

	private static Kind ofSql(SQLException failure) {
		// Batches say what happened in the next exception.
		SQLException told = (failure.getNextException() != null) ? failure.getNextException() : failure;
		Kind kind = ofState(told);
		if (kind != Kind.OTHER && kind != Kind.UNTOLD) {
			return kind;
		}
		boolean outage = told instanceof SQLTransientException || told instanceof SQLRecoverableException
				|| told instanceof SQLNonTransientConnectionException || READ_ONLY_SERVER.contains(told.getErrorCode());
		return outage ? Kind.OUTAGE : kind;
	}

	private static Kind ofState(SQLException failure) {
		String state = failure.getSQLState();
		if (failure.getErrorCode() == LOCK_WAIT_TIMEOUT || LOCK_NOT_AVAILABLE.equals(state)) {
			return Kind.CONFLICT;
		}
		if (state == null || state.length() != 5) {
			return Kind.UNTOLD;
		}
		String stateClass = state.substring(0, 2);
		if (stateClass.equals("40")) {
			return state.equals(COMPLETION_UNKNOWN) ? Kind.OUTAGE : Kind.CONFLICT;
		}
		if (OF_DATA.contains(stateClass)) {
			return Kind.DATA;
		}
		if (OF_OUTAGES.contains(stateClass)) {
			return Kind.OUTAGE;
		}
		return OF_SETUP.contains(stateClass) ? Kind.SETUP : Kind.OTHER;
	}

	/**
	 * Whether the same queued write may go through later, whatever it contains. Nobody
	 * else's work is part of it, so that whatever sounds like an outage is one.
	 */
	static boolean ofDatabase(Throwable failure) {
		Kind kind = kind(failure);
		if (kind == Kind.CONFLICT || kind == Kind.OUTAGE || kind == Kind.SETUP) {
			return true;
		}
		int depth = 0;
		for (Throwable each = failure; each != null && depth < DEEPEST; each = each.getCause(), depth++) {
			if (each instanceof TransientDataAccessException || each instanceof RecoverableDataAccessException
					|| each instanceof DataAccessResourceFailureException || each instanceof IOException
					|| each instanceof TierUnavailableException) {
				return true;
			}
		}
		return false;
	}

	/** The failure and what is at the bottom of it. */
	static String text(@Nullable Throwable failure) {
		if (failure == null) {
			return "unknown";
		}
		Throwable root = failure;
		for (int depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
			root = root.getCause();
		}
		return root.equals(failure) ? failure.toString() : failure.getClass().getSimpleName() + ": " + root;
	}

}
