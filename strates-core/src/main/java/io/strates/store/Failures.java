package io.strates.store;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

import io.strates.cache.TierUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * Tells failures of the database as a whole, which say nothing about a row, from those of
 * the rows.
 */
final class Failures {

	/**
	 * Classes of SQLState: connection, transaction state (a standby is read-only), login,
	 * catalog, schema, rollback by the server, syntax and rights, resources, locks,
	 * operator, system.
	 */
	private static final Set<String> WHOLE = Set.of("08", "25", "28", "3D", "3F", "40", "42", "53", "55", "57", "58");

	/** MySQL and MariaDB give these no SQLState: lock wait timeout, read-only server. */
	private static final Set<Integer> WHOLE_CODES = Set.of(1205, 1290, 1836);

	private Failures() {
	}

	/** Whether the same write may go through later, whatever it contains. */
	static boolean ofDatabase(Throwable failure) {
		int depth = 0;
		for (Throwable each = failure; each != null && depth < 50; each = each.getCause(), depth++) {
			if (isOutage(each) || (each instanceof SQLException sql && isOutage(sql))) {
				return true;
			}
		}
		return false;
	}

	private static boolean isOutage(Throwable failure) {
		return failure instanceof CannotCreateTransactionException || failure instanceof TransactionTimedOutException
				|| failure instanceof TransientDataAccessException || failure instanceof RecoverableDataAccessException
				|| failure instanceof DataAccessResourceFailureException || failure instanceof IOException
				|| failure instanceof TierUnavailableException;
	}

	private static boolean isOutage(SQLException failure) {
		if (failure instanceof SQLTransientException || failure instanceof SQLRecoverableException
				|| failure instanceof SQLNonTransientConnectionException) {
			return true;
		}
		String state = failure.getSQLState();
		return (state != null && state.length() == 5 && WHOLE.contains(state.substring(0, 2)))
				|| WHOLE_CODES.contains(failure.getErrorCode());
	}

	/** The failure and what is at the bottom of it. */
	static String text(@Nullable Throwable failure) {
		if (failure == null) {
			return "unknown";
		}
		Throwable root = failure;
		for (int depth = 0; root.getCause() != null && depth < 50; depth++) {
			root = root.getCause();
		}
		return root.equals(failure) ? failure.toString() : failure.getClass().getSimpleName() + ": " + root;
	}

}
