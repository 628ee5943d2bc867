package io.strates.gc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedTable.Kind;
import io.strates.internal.jdbc.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Removes the rows of one build in batches, each a short transaction.
 */
/*
 * Rows are visited in the order of the key (build, id), each batch beginning behind the
 * last id of the one before. A plain "delete … limit n" would find its n rows only after
 * stepping over the dead ones of all batches before it, which makes the whole quadratic.
 * An element collection has many rows with one id, so there a batch begins at the last id
 * rather than behind it, and steps over the dead rows of one entity at most.
 *
 * On PostgreSQL the planner may think that to read all rows and sort them is cheaper than
 * to follow the key, which would again be quadratic; it is told not to.
 */
final class BatchedRemoval {

	private static final String FOLLOW_THE_KEY = "select set_config('enable_seqscan', 'off', true),"
			+ " set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true)";

	private final JdbcClient jdbc;

	private final Database database;

	private final TransactionOperations newTransaction;

	private final CollectionSettings settings;

	private final TaskLease lease;

	private final InstantSource clock;

	/** Tables differ in what a row costs, so each has a size of its own. */
	private final Map<StratifiedTable, BatchSize> sizes = new HashMap<>();

	/** A delete that does not look at foreign keys, or nothing where none is needed. */
	private final String unchecked;

	/**
	 * Creates the removal for one run.
	 * @param jdbc the client of the business rows
	 * @param database the database behind it
	 * @param newTransaction runs a transaction of its own
	 * @param settings how many rows at a time, and how fast
	 * @param lease the claim of the run, renewed by each batch
	 * @param clock times the batches
	 */
	BatchedRemoval(JdbcClient jdbc, Database database, TransactionOperations newTransaction,
			CollectionSettings settings, TaskLease lease, InstantSource clock) {
		this.jdbc = jdbc;
		this.database = database;
		this.newTransaction = newTransaction;
		this.settings = settings;
		this.lease = lease;
		this.clock = clock;
		this.unchecked = switch (database) {
			case MARIADB -> "set statement foreign_key_checks = 0 for delete ";
			case MYSQL -> "delete /*+ set_var(foreign_key_checks = off) */ ";
			case POSTGRESQL, H2 -> "";
		};
	}

	/** Is told of each committed batch. */
	@FunctionalInterface
	interface Progress {

		void removed(StratifiedTable table, int rows);

	}

	/**
	 * Removes what is left of a build.
	 * @param plan the order of its tables
	 * @param buildStrate the build, which nobody writes any more
	 * @param progress told of each batch that removed rows
	 * @throws TaskLease.LostException if another run has taken over
	 * @throws CancellationException if the thread is interrupted between two batches
	 */
	void remove(DeletionPlan plan, UUID buildStrate, Progress progress) {
		plan.cuts().forEach((table, cuts) -> {
			List<DeletionPlan.Cut> possible = cuts.stream().filter((cut) -> !needsNoCheck(cut)).toList();
			if (!possible.isEmpty()) {
				run(cut(table, possible), buildStrate, (rows) -> {
				});
			}
		});
		for (StratifiedTable table : plan.childrenFirst()) {
			boolean unchecked = plan.cuts().getOrDefault(table, List.of()).stream().anyMatch(this::needsNoCheck);
			run(new Step(table, (unchecked ? this.unchecked + "from " : "delete from ") + table.name(), ""),
					buildStrate, (rows) -> {
						if (rows > 0) {
							progress.removed(table, rows);
						}
					});
		}
	}

	/** Whether the database would not even delete a row that only refers to itself. */
	private boolean needsNoCheck(DeletionPlan.Cut cut) {
		return !cut.nullable() && !this.unchecked.isEmpty();
	}

	/**
	 * Something to do with the rows of a table.
	 *
	 * @param table the table
	 * @param action the statement up to its condition
	 * @param filter an additional condition, or nothing
	 */
	private record Step(StratifiedTable table, String action, String filter) {
	}

	private static Step cut(StratifiedTable table, List<DeletionPlan.Cut> cuts) {
		String set = cuts.stream()
			.map((cut) -> cut.column() + " = " + (cut.nullable() ? "null" : table.idColumn()))
			.collect(Collectors.joining(", "));
		String filter = cuts.stream()
			.map((cut) -> cut.column() + (cut.nullable() ? " is not null" : " <> " + table.idColumn()))
			.collect(Collectors.joining(" or "));
		return new Step(table, "update " + table.name() + " set " + set, " and (" + filter + ")");
	}

	private void run(Step step, UUID buildStrate, IntConsumer committed) {
		BatchSize size = this.sizes.computeIfAbsent(step.table(), (table) -> new BatchSize(this.settings.batchSize()));
		Object last = null;
		boolean more = true;
		while (more) {
			Object from = last;
			Instant begun = this.clock.instant();
			Batch batch = Objects.requireNonNull(this.newTransaction.execute((transaction) -> batch(step,
					Objects.requireNonNull(this.database.uuid(buildStrate)), from, size.rows())));
			size.took(batch.rows(), Duration.between(begun, this.clock.instant()));
			committed.accept(batch.rows());
			last = batch.last();
			more = last != null;
			if (more) {
				pause();
			}
		}
	}

	/**
	 * What a transaction has done.
	 *
	 * @param rows how many rows it has changed
	 * @param last the id of the last row, or {@code null} if there is none behind it
	 */
	private record Batch(int rows, @Nullable Object last) {
	}

	private Batch batch(Step step, Object build, @Nullable Object from, int size) {
		this.lease.renew();
		if (this.database == Database.POSTGRESQL) {
			this.jdbc.sql(FOLLOW_THE_KEY).query((row) -> {
			});
		}
		String id = step.table().idColumn();
		List<Object> params = new ArrayList<>(List.of(build));
		String rows = " where " + step.table().buildColumn() + " = ?" + step.filter();
		if (from != null) {
			rows += " and " + id + ((step.table().kind() == Kind.COLLECTION) ? " >= ?" : " > ?");
			params.add(from);
		}
		rows += " order by " + id;
		Object last = this.jdbc
			.sql("select " + id + " from " + step.table().name() + rows + " limit 1 offset " + (size - 1))
			.params(params)
			.query((row, number) -> row.getObject(1))
			.optional()
			.orElse(null);
		int changed = this.jdbc.sql(step.action() + limited(step.table(), rows, size)).params(params).update();
		return new Batch(changed, last);
	}

	private String limited(StratifiedTable table, String rows, int size) {
		String first = rows + " limit " + size;
		return switch (this.database) {
			case POSTGRESQL -> " where ctid = any(array(select ctid from " + table.name() + first + "))";
			case H2 ->
				" where _rowid_ in (select _rowid_ from " + table.name() + rows + ", _rowid_ limit " + size + ")";
			case MARIADB, MYSQL -> first;
		};
	}

	private void pause() {
		try {
			Thread.sleep(this.settings.pause().toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException("Interrupted between two batches of garbage collection");
		}
	}

}
