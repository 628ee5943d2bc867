package io.strates.gc;

import java.sql.ResultSetMetaData;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.strates.build.BuildInfo;
import io.strates.build.BuildStatus;
import io.strates.build.BuildTable;
import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedTable;
import io.strates.gc.Retention.Verdict;
import io.strates.internal.UuidV7;
import io.strates.internal.jdbc.Database;
import io.strates.release.ReleaseTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Collects with plain deletes, in the database that holds metadata and business rows. */
/*
 * A build goes in three steps, each of which a crash may follow. It is marked COLLECTING
 * under the lock of its row, where everything that speaks for keeping it is looked at
 * again: a release locks that row before it moves the pointer, a chunk of rows holds it
 * shared, so neither can come in between. Then its rows go, in batches. Then it is marked
 * COLLECTED. Whatever is found COLLECTING goes first in the next run.
 *
 * Locks are never waited for: a build whose row is locked is in use, and the next run
 * comes.
 */
final class DefaultGarbageCollector implements GarbageCollector {

	private static final Logger logger = LoggerFactory.getLogger(DefaultGarbageCollector.class);

	private static final String TASK = "garbage-collection";

	private final Parts parts;

	private final Survey survey;

	private final UuidV7 runs;

	private final Map<String, DeletionPlan> plans = new ConcurrentHashMap<>();

	/**
	 * What the collector is made of.
	 *
	 * @param schema the stratified tables, asked for by each run
	 * @param builds the metadata rows of builds
	 * @param releases the release pointers and their log
	 * @param jdbc the client of the data source that holds metadata and business rows
	 * @param database the database behind it
	 * @param newTransaction runs a transaction of its own, at READ COMMITTED
	 * @param policy what to keep
	 * @param settings how rows are removed
	 * @param listeners told of every run
	 * @param clock the source of elapsed times; what is old is decided by the database's
	 * clock
	 */
	record Parts(Supplier<StratifiedSchema> schema, BuildTable builds, ReleaseTable releases, JdbcClient jdbc,
			Database database, TransactionOperations newTransaction, RetentionPolicy policy,
			CollectionSettings settings, List<CollectionListener> listeners, InstantSource clock) {
	}

	DefaultGarbageCollector(Parts parts) {
		this.parts = parts;
		this.survey = new Survey(parts.schema(), parts.builds(), parts.releases(), new Retention(parts.policy()));
		this.runs = new UuidV7(parts.clock());
	}

	@Override
	public Optional<CollectionReport> collect() {
		TaskLease lease = new TaskLease(this.parts.jdbc(), this.parts.database(), TASK,
				this.parts.settings().owner() + " run " + this.runs.next(), this.parts.settings().lease());
		if (!inTransaction(lease::acquire)) {
			return Optional.empty();
		}
		CollectionReport report;
		try {
			report = new Run(lease).collect();
		}
		finally {
			release(lease);
		}
		logger.atLevel((report.removedBuilds() > 0) ? Level.INFO : Level.DEBUG)
			.log("Garbage collection has removed {} builds with {} rows in {} ms", report.removedBuilds(),
					report.removedRows(), report.duration().toMillis());
		tell((listener) -> listener.completed(report));
		return Optional.of(report);
	}

	private void release(TaskLease lease) {
		try {
			inTransaction(() -> {
				lease.release();
				return true;
			});
		}
		catch (RuntimeException ex) {
			logger.warn("The lease of garbage collection was not given back; it ends in {}: {}",
					this.parts.settings().lease(), ex.toString());
		}
	}

	@Override
	public CollectionReport dryRun() {
		Instant begun = this.parts.clock().instant();
		return inTransaction(() -> {
			List<CollectionReport.Entry> entries = new ArrayList<>();
			this.survey.all()
				.forEach((build, verdict) -> entries
					.add(entry(build, verdict, verdict.kept() ? Map.of() : count(build))));
			return new CollectionReport(true, List.copyOf(entries), since(begun));
		});
	}

	private Map<String, Long> count(BuildInfo build) {
		Map<String, Long> rows = new LinkedHashMap<>();
		for (StratifiedTable table : plan(build.scope()).childrenFirst()) {
			long count = this.parts.jdbc()
				.sql("select count(*) from " + table.name() + " where " + table.buildColumn() + " = ?")
				.param(this.parts.database().uuid(build.buildStrate()))
				.query(Long.class)
				.single();
			if (count > 0) {
				rows.put(table.plainName(), count);
			}
		}
		return rows;
	}

	private DeletionPlan plan(String scope) {
		return this.plans.computeIfAbsent(scope, (name) -> {
			StratifiedSchema schema = this.parts.schema().get();
			return new DeletionPlan(schema.childrenFirst(name), schema.references(name), this::isNullable);
		});
	}

	private boolean isNullable(StratifiedReference reference) {
		return Objects.requireNonNull(this.parts.jdbc()
			.sql("select " + reference.column() + " from " + reference.from().name() + " where 1 = 0")
			.query((rows) -> rows.getMetaData().isNullable(1) != ResultSetMetaData.columnNoNulls));
	}

	private static CollectionReport.Entry entry(BuildInfo build, Verdict verdict, Map<String, Long> rows) {
		return new CollectionReport.Entry(build.buildStrate(), build.scope(), build.scopeId(), build.status(),
				!verdict.kept(), verdict.reason(), rows);
	}

	private Duration since(Instant begun) {
		return Duration.between(begun, this.parts.clock().instant());
	}

	private void tell(Consumer<CollectionListener> event) {
		for (CollectionListener listener : this.parts.listeners()) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Collection listener {} failed; the collection goes on", listener, ex);
			}
		}
	}

	private <T> T inTransaction(Supplier<T> work) {
		return Objects.requireNonNull(this.parts.newTransaction().execute((transaction) -> work.get()));
	}

	/** One run that holds the lease. */
	private final class Run {

		private final TaskLease lease;

		private final BatchedRemoval removal;

		private final Instant begun = DefaultGarbageCollector.this.parts.clock().instant();

		private @Nullable String stopped;

		Run(TaskLease lease) {
			Parts parts = DefaultGarbageCollector.this.parts;
			this.lease = lease;
			this.removal = new BatchedRemoval(parts.jdbc(), parts.database(), parts.newTransaction(), parts.settings(),
					lease, parts.clock());
		}

		CollectionReport collect() {
			List<CollectionReport.Entry> entries = new ArrayList<>();
			inTransaction(DefaultGarbageCollector.this.survey::all)
				.forEach((build, verdict) -> entries.add(process(build, verdict)));
			return new CollectionReport(false, List.copyOf(entries), since(this.begun));
		}

		private CollectionReport.Entry process(BuildInfo build, Verdict surveyed) {
			if (surveyed.kept() && !surveyed.abandoned()) {
				return entry(build, surveyed, Map.of());
			}
			if (this.stopped != null) {
				return entry(build, Verdict.keep("not reached: " + this.stopped), Map.of());
			}
			Map<String, Long> rows = new LinkedHashMap<>();
			try {
				Verdict verdict = inTransaction(() -> mark(build));
				if (!verdict.kept()) {
					remove(build, rows);
				}
				return entry(build, verdict, rows);
			}
			catch (TaskLease.LostException ex) {
				logger.warn("Garbage collection stops: {}", ex.getMessage());
				this.stopped = "another node has taken over";
				return entry(build, Verdict.keep("not finished: " + this.stopped), rows);
			}
			catch (CancellationException ex) {
				throw ex;
			}
			catch (RuntimeException ex) {
				logger.warn("{} was not removed completely; the next run tries again", build.describe(), ex);
				tell((listener) -> listener.failed(build, ex));
				return entry(build, Verdict.keep("not finished, the next run tries again: " + ex), rows);
			}
		}

		private Verdict mark(BuildInfo surveyed) {
			this.lease.renew();
			BuildTable builds = DefaultGarbageCollector.this.parts.builds();
			BuildInfo build = builds.tryLock(surveyed.buildStrate());
			if (build == null) {
				return Verdict.keep("in use: somebody has locked it; the next run looks again");
			}
			Verdict verdict = DefaultGarbageCollector.this.survey.again(build);
			if (verdict.abandoned()) {
				builds.setStatus(build.buildStrate(), BuildStatus.FAILED, verdict.reason());
			}
			if (!verdict.kept() && build.status() != BuildStatus.COLLECTING) {
				builds.setStatus(build.buildStrate(), BuildStatus.COLLECTING, null);
			}
			return verdict;
		}

		private void remove(BuildInfo build, Map<String, Long> rows) {
			this.removal.remove(plan(build.scope()), build.buildStrate(), (table, batch) -> {
				rows.merge(table.plainName(), (long) batch, Long::sum);
				Progress progress = new Progress(build.buildStrate(), build.scope(), table.plainName(), batch,
						Collections.unmodifiableMap(new LinkedHashMap<>(rows)), since(this.begun));
				tell((listener) -> listener.progressed(progress));
			});
			inTransaction(() -> {
				this.lease.renew();
				DefaultGarbageCollector.this.parts.builds().setStatus(build.buildStrate(), BuildStatus.COLLECTED, null);
				return true;
			});
		}

	}

	private record Progress(UUID buildStrate, String scope, String table, long batch, Map<String, Long> rows,
			Duration elapsed) implements CollectionProgress {
	}

}
