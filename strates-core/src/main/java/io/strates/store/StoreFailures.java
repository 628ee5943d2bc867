package io.strates.store;

import io.strates.cache.TierUnavailableException;
import io.strates.store.Failures.Kind;

import org.springframework.transaction.UnexpectedRollbackException;

/**
 * Turns what databases throw into what callers can react to.
 */
final class StoreFailures {

	private StoreFailures() {
	}

	static RuntimeException ofRead(String store, RuntimeException failure) {
		boolean outside = failure instanceof TierUnavailableException || Failures.kind(failure) != Kind.NONE;
		return outside ? new StoreUnavailableException("Store '" + store
				+ "' cannot read its database, and no tier has what was asked for; see the cause, and ask again",
				failure) : failure;
	}

	/** Whether the database has said that nothing of a write is there. */
	static boolean isDefinite(Throwable failure) {
		Kind kind = Failures.kind(failure);
		return failure instanceof UnexpectedRollbackException || kind == Kind.CONFLICT || kind == Kind.DATA;
	}

	static RuntimeException ofWrite(String store, boolean committing, RuntimeException failure) {
		Kind kind = Failures.kind(failure);
		if (failure instanceof UnexpectedRollbackException && kind != Kind.CONFLICT && kind != Kind.DATA) {
			return new WriteRejectedException("A write in store '" + store
					+ "' was rolled back, since something in its transaction asked for that", false, failure);
		}
		if (committing && !isDefinite(failure)) {
			return new WriteOutcomeUnknownException(
					"A write in store '" + store
							+ "' was to be committed, and the database did not say whether it is; read again to know",
					failure);
		}
		if (failure instanceof TierUnavailableException) {
			return new StoreUnavailableException(
					"Store '" + store + "' cannot reach its journal; nothing happened, write again", failure);
		}
		return switch (kind) {
			case CONFLICT -> new WriteRejectedException("A write in store '" + store
					+ "' ran into another transaction; nothing of it happened, write again", true, failure);
			case DATA, SETUP, OTHER -> new WriteRejectedException(
					"A write in store '" + store + "' was refused by the database; see the cause", false, failure);
			case OUTAGE, UNTOLD -> new StoreUnavailableException(
					"Store '" + store + "' cannot write its database; nothing happened, write again", failure);
			case NONE -> failure;
		};
	}

}
