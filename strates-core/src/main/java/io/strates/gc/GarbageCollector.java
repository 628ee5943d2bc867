package io.strates.gc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.strates.build.BuildTable;
import io.strates.entity.StratifiedSchema;
import io.strates.internal.Arguments;
import io.strates.internal.jdbc.Database;
import io.strates.release.ReleaseTable;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Removes the rows of builds that the retention policy no longer keeps.
 *
 * {@snippet class = io.strates.SnippetsTests region = collect}
 *
 * <p>
 * <b>Consistency:</b> never touches a build that is live, kept by the policy, or has a
 * live writer. <b>Atomicity:</b> each batch of rows is a transaction of its own, of about
 * 100 ms; a build is marked {@code COLLECTING} before its first row goes, so that nobody
 * pins or releases it, and a run that was killed is taken up by the next.
 * <b>Concurrency:</b> one run at a time on all nodes together; it holds a task lease that
 * expires by the database's clock. <b>Lifecycle:</b> holds nothing between two runs and
 * needs no closing. <b>Failures:</b> a build that cannot be removed is kept and reported
 * with the reason; {@link java.util.concurrent.CancellationException} if the thread is
 * interrupted, {@link org.springframework.dao.DataAccessException} if the metadata cannot
 * be read. The next run goes on where one has stopped.
 *
 * @since 0.1.0
 */
public interface GarbageCollector {

	/**
	 * Begins to describe a collector that deletes in the database of the builds.
	 * @return a builder whose parts are all missing
	 */
	static Builder builder() {
		return new Builder();
	}

	/**
	 * Collects. A build that cannot be removed is logged, told to listeners and reported
	 * as kept; the others go on.
	 * @return what was kept and removed, and why; nothing if another node is collecting
	 * @throws java.util.concurrent.CancellationException if the thread is interrupted;
	 * the next run goes on where this one has stopped
	 * @throws org.springframework.dao.DataAccessException if the metadata cannot be read
	 */
	Optional<CollectionReport> collect();

	/**
	 * Tells what a collection would do now, and changes nothing.
	 * @return what would be kept and removed, and why
	 * @throws org.springframework.dao.DataAccessException if the metadata or the rows
	 * cannot be read
	 */
	CollectionReport dryRun();

	/**
	 * Describes a collector. Each part is given once; what has no default is required.
	 *
	 * @since 0.1.0
	 */
	final class Builder {

		private static final int BATCH_SIZE = 5000;

		private static final Duration LEASE = Duration.ofMinutes(1);

		private @Nullable Supplier<StratifiedSchema> schema;

		private @Nullable BuildTable builds;

		private @Nullable ReleaseTable releases;

		private @Nullable JdbcClient jdbc;

		private @Nullable Database database;

		private @Nullable TransactionOperations newTransaction;

		private @Nullable RetentionPolicy policy;

		private @Nullable String owner;

		private @Nullable Integer batchSize;

		private @Nullable Duration pause;

		private @Nullable Duration lease;

		private final List<CollectionListener> listeners = new ArrayList<>();

		private @Nullable InstantSource clock;

		private Builder() {
		}

		/**
		 * Says which tables hold rows of builds.
		 * @param schema the stratified tables, asked for by each run
		 * @return this builder
		 */
		public Builder schema(Supplier<StratifiedSchema> schema) {
			this.schema = Arguments.once(this.schema, schema, "schema");
			return this;
		}

		/**
		 * Says where the metadata of builds are.
		 * @param builds the metadata rows
		 * @return this builder
		 */
		public Builder builds(BuildTable builds) {
			this.builds = Arguments.once(this.builds, builds, "builds");
			return this;
		}

		/**
		 * Says where the release pointers are.
		 * @param releases the pointers and their log
		 * @return this builder
		 */
		public Builder releases(ReleaseTable releases) {
			this.releases = Arguments.once(this.releases, releases, "releases");
			return this;
		}

		/**
		 * Says where the rows are, which is where the metadata are.
		 * @param jdbc the client of the data source
		 * @param database the database behind it
		 * @return this builder
		 */
		public Builder rows(JdbcClient jdbc, Database database) {
			this.jdbc = Arguments.once(this.jdbc, jdbc, "rows");
			this.database = Arguments.notNull(database, "database");
			return this;
		}

		/**
		 * Says how a batch becomes a transaction.
		 * @param newTransaction runs a transaction of its own, at READ COMMITTED
		 * @return this builder
		 */
		public Builder newTransaction(TransactionOperations newTransaction) {
			this.newTransaction = Arguments.once(this.newTransaction, newTransaction, "newTransaction");
			return this;
		}

		/**
		 * Says what to keep.
		 * @param policy the rules
		 * @return this builder
		 */
		public Builder policy(RetentionPolicy policy) {
			this.policy = Arguments.once(this.policy, policy, "policy");
			return this;
		}

		/**
		 * Names the node that collects.
		 * @param owner the name, 1 to 200 characters
		 * @return this builder
		 * @throws IllegalArgumentException if it is blank or too long
		 */
		public Builder owner(String owner) {
			this.owner = CollectionSettings.requireOwner(Arguments.once(this.owner, owner, "owner"));
			return this;
		}

		/**
		 * Bounds the rows of a transaction; 5000 by default.
		 * @param batchSize how many rows one transaction removes at most; it removes
		 * fewer where they take longer than about 100 ms
		 * @return this builder
		 * @throws IllegalArgumentException if it is not positive
		 */
		public Builder batchSize(int batchSize) {
			this.batchSize = CollectionSettings
				.requireBatchSize(Arguments.once(this.batchSize, batchSize, "batchSize"));
			return this;
		}

		/**
		 * Slows a collection down; not at all by default.
		 * @param pause how long to wait between two transactions
		 * @return this builder
		 */
		public Builder pause(Duration pause) {
			this.pause = Arguments.once(this.pause, pause, "pause");
			return this;
		}

		/**
		 * Says when a node that is silent while it collects has to be taken for dead; by
		 * default after a minute and twice the pause.
		 * @param lease how long it keeps others from collecting
		 * @return this builder
		 */
		public Builder lease(Duration lease) {
			this.lease = Arguments.once(this.lease, lease, "lease");
			return this;
		}

		/**
		 * Adds a listener.
		 * @param listener told of every run
		 * @return this builder
		 */
		public Builder listener(CollectionListener listener) {
			this.listeners.add(Arguments.notNull(listener, "listener"));
			return this;
		}

		/**
		 * Says how time is measured; by the system's clock by default.
		 * @param clock the source of elapsed times; what is old is decided by the
		 * database's clock
		 * @return this builder
		 */
		public Builder clock(InstantSource clock) {
			this.clock = Arguments.once(this.clock, clock, "clock");
			return this;
		}

		/**
		 * Creates the collector.
		 * @return the collector
		 * @throws IllegalStateException if a required part is missing
		 * @throws IllegalArgumentException if the lease is not positive, or the pause is
		 * negative or half the lease or longer
		 */
		public GarbageCollector build() {
			return new DefaultGarbageCollector(new DefaultGarbageCollector.Parts(Arguments.given(this.schema, "schema"),
					Arguments.given(this.builds, "builds"), Arguments.given(this.releases, "releases"),
					Arguments.given(this.jdbc, "rows"), Arguments.given(this.database, "rows"),
					Arguments.given(this.newTransaction, "newTransaction"), Arguments.given(this.policy, "policy"),
					settings(), List.copyOf(this.listeners),
					(this.clock != null) ? this.clock : InstantSource.system()));
		}

		private CollectionSettings settings() {
			Duration waited = (this.pause != null) ? this.pause : Duration.ZERO;
			return new CollectionSettings((this.batchSize != null) ? this.batchSize : BATCH_SIZE, waited,
					(this.lease != null) ? this.lease : LEASE.plus(waited.multipliedBy(2)),
					Arguments.given(this.owner, "owner"));
		}

	}

}
