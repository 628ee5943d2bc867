package io.strates.build;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Gathers statistics of tables that have none, after the first chunk of each entity.
 */
/*
 * PostgreSQL plans the check of a foreign key once per session. Planned on a table
 * without statistics, "build_strate = $1 and id = $2" may go through any index that
 * begins with build_strate, and then reads the whole build for each row, which makes an
 * import quadratic. Statistics of a few rows are enough to prefer the key, and new ones
 * discard the plans of all sessions.
 */
final class FirstStatistics implements BuildListener {

	private final TableStatistics statistics;

	private final TransactionOperations newTransaction;

	private final Set<String> entities = ConcurrentHashMap.newKeySet();

	FirstStatistics(TableStatistics statistics, TransactionOperations newTransaction) {
		this.statistics = statistics;
		this.newTransaction = newTransaction;
	}

	@Override
	public void progressed(BuildProgress progress) {
		if (this.entities.add(progress.entity())) {
			this.newTransaction.executeWithoutResult(
					(transaction) -> this.statistics.analyzeIfUnknown(progress.scope(), progress.entity()));
		}
	}

}
