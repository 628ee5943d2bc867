package io.strates.build;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.strates.entity.StratifiedSchema;
import io.strates.internal.Arguments;
import io.strates.internal.BoundBuilds;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;

/**
 * Opens builds and tells of them: the front door of writing.
 *
 * {@snippet class = io.strates.SnippetsTests region = build}
 *
 * <p>
 * <b>Consistency:</b> answers come from the metadata in the database, so two calls may
 * differ. <b>Atomicity:</b> each method is a transaction of its own unless the caller is
 * in one, except {@link #open}, whose row is committed at once so that other nodes see
 * it: what the caller's transaction has released but not committed is no base for it.
 * After a crash an open build is left without a live writer, and garbage collection fails
 * and removes it. <b>Concurrency:</b> thread-safe; as many branches of all open builds
 * run at a time as the service was told to allow. <b>Lifecycle:</b> created by
 * {@link #builder()}, in an application of the starter by its context, and closed by
 * whoever created it; then open builds have no heartbeat. <b>Failures:</b> each method
 * names its own; where the database cannot be reached, all of them throw
 * {@link org.springframework.dao.DataAccessException}.
 *
 * @since 0.1.0
 */
/*
 * Longer than 300 lines because of its builder, which names each part of the service once
 * with its checks and belongs next to what it builds; the service itself is small.
 */
public interface BuildService extends AutoCloseable {

	/**
	 * Begins to put a service together.
	 * @return a builder without any setting
	 */
	static Builder builder() {
		return new Builder();
	}

	/**
	 * Opens a build.
	 * @param scope a declared scope
	 * @param scopeId the aggregate to build, 1 to 128 characters
	 * @return the open build; to be closed
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the scope id is blank or too long
	 * @throws NullPointerException if the scope or the scope id is {@code null}
	 */
	default Build open(String scope, String scopeId) {
		return open(scope, scopeId, BuildOptions.defaults());
	}

	/**
	 * Opens a build with a label, metadata or a listener of its own.
	 * @param scope a declared scope
	 * @param scopeId the aggregate to build, 1 to 128 characters
	 * @param options what else to say of the build
	 * @return the open build; to be closed
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the scope id is blank or too long
	 * @throws NullPointerException if the scope, the scope id or the options are
	 * {@code null}
	 */
	Build open(String scope, String scopeId, BuildOptions options);

	/**
	 * Returns a build.
	 * @param buildStrate the id of the build
	 * @return what the metadata say of it
	 * @throws BuildNotFoundException if there is none
	 * @throws NullPointerException if the id is {@code null}
	 */
	BuildInfo get(UUID buildStrate);

	/**
	 * Returns the builds of a scope id.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the builds, the newest first
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws NullPointerException if the scope or the scope id is {@code null}
	 */
	List<BuildInfo> list(String scope, String scopeId);

	/**
	 * Returns the newest builds of a scope id.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param limit how many builds to return at most
	 * @return the builds, the newest first
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws IllegalArgumentException if the limit is not positive
	 */
	List<BuildInfo> list(String scope, String scopeId, int limit);

	/**
	 * Gives up a build that is being written, also by another node: its writer's next
	 * chunk is refused. Waits for chunks in flight. A build that has failed stays as it
	 * is.
	 * @param buildStrate the id of the build
	 * @param reason why, for people
	 * @return the failed build
	 * @throws BuildNotFoundException if there is none
	 * @throws BuildStateException if the build is sealed, released, rejected or collected
	 * @throws IllegalStateException if the current transaction has written rows to the
	 * build, for which this would wait for ever
	 * @throws NullPointerException if the id or the reason is {@code null}
	 */
	BuildInfo fail(UUID buildStrate, String reason);

	/**
	 * Ends the heartbeat: builds that are still open count as abandoned after a while.
	 * For whoever has put the service together; in an application of the starter its
	 * context does it. Closing twice is harmless.
	 */
	@Override
	default void close() {
	}

	/**
	 * Puts a {@link BuildService} together. The starter does so for every application
	 * that does not declare a service of its own.
	 *
	 * <p>
	 * <b>Concurrency:</b> confined to one thread. <b>Failures:</b> a wrong value fails in
	 * its setter, and so does a second one; {@link #build()} fails if a setting is
	 * missing that has no default.
	 */
	final class Builder {

		private static final int CHUNK_SIZE = 2000;

		private static final Duration HEARTBEAT = Duration.ofSeconds(10);

		private static final int MAX_OWNER = 255;

		private @Nullable Supplier<StratifiedSchema> schema;

		private @Nullable WritePermits permits;

		private @Nullable RowStore rowStore;

		private @Nullable BoundBuilds boundBuilds;

		private @Nullable TransactionOperations joining;

		private @Nullable TransactionOperations own;

		private @Nullable Executor branchExecutor;

		private @Nullable String owner;

		private @Nullable Integer chunkSize;

		private @Nullable Integer parallelism;

		private @Nullable Duration heartbeat;

		private @Nullable InstantSource clock;

		private final List<BuildListener> listeners = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Says which tables hold stratified rows. Has no default.
		 * @param schema asked when the first build is opened
		 * @return this builder
		 * @throws IllegalStateException if it is set already
		 */
		public Builder schema(Supplier<StratifiedSchema> schema) {
			this.schema = Arguments.once(this.schema, schema, "schema");
			return this;
		}

		/**
		 * Says how builds are locked for writing, and with it where their metadata are.
		 * Has no default.
		 * @param permits the same that guards repositories and the entity manager
		 * @return this builder
		 * @throws IllegalStateException if they are set already
		 */
		public Builder permits(WritePermits permits) {
			this.permits = Arguments.once(this.permits, permits, "permits");
			return this;
		}

		/**
		 * Says how entities become rows. Has no default.
		 * @param rowStore the adapter of the persistence provider
		 * @return this builder
		 * @throws IllegalStateException if it is set already
		 */
		public Builder rowStore(RowStore rowStore) {
			this.rowStore = Arguments.once(this.rowStore, rowStore, "rowStore");
			return this;
		}

		/**
		 * Says where repositories find the build that a thread works on. Has no default.
		 * @param boundBuilds the same that the mapping uses
		 * @return this builder
		 * @throws IllegalStateException if they are set already
		 */
		public Builder boundBuilds(BoundBuilds boundBuilds) {
			this.boundBuilds = Arguments.once(this.boundBuilds, boundBuilds, "boundBuilds");
			return this;
		}

		/**
		 * Says how transactions of the database are run. Has no default.
		 * @param joining joins the caller's transaction, or runs one if there is none
		 * @param own always runs a transaction of its own, at READ COMMITTED
		 * @return this builder
		 * @throws IllegalStateException if they are set already
		 */
		public Builder transactions(TransactionOperations joining, TransactionOperations own) {
			this.joining = Arguments.once(this.joining, joining, "transactions");
			this.own = Arguments.once(this.own, own, "transactions");
			return this;
		}

		/**
		 * Says what runs the branches of builds. Has no default.
		 * @param branchExecutor best one of virtual threads, or a pool of as many threads
		 * as branches may run at a time; stays open when the service is closed
		 * @return this builder
		 * @throws IllegalStateException if it is set already
		 */
		public Builder branchExecutor(Executor branchExecutor) {
			this.branchExecutor = Arguments.once(this.branchExecutor, branchExecutor, "branchExecutor");
			return this;
		}

		/**
		 * Names this node in the metadata of its builds. Has no default.
		 * @param owner a name that is unique among the nodes that share a database, 1 to
		 * 255 characters
		 * @return this builder
		 * @throws IllegalArgumentException if it is blank or longer
		 * @throws IllegalStateException if it is set already
		 */
		public Builder owner(String owner) {
			String given = Arguments.once(this.owner, owner, "owner");
			if (given.isBlank() || given.length() > MAX_OWNER) {
				throw new IllegalArgumentException(
						"The owner of builds is '" + given + "'; use 1 to " + MAX_OWNER + " characters");
			}
			this.owner = given;
			return this;
		}

		/**
		 * Says how many rows of an entity one transaction stores: 2000 by default.
		 * @param chunkSize 1 or more
		 * @return this builder
		 * @throws IllegalArgumentException if it is not positive
		 * @throws IllegalStateException if it is set already
		 */
		public Builder chunkSize(int chunkSize) {
			requirePositive("chunk size", chunkSize, chunkSize);
			this.chunkSize = Arguments.once(this.chunkSize, chunkSize, "chunkSize");
			return this;
		}

		/**
		 * Says how many branches run at a time: as many as there are processors by
		 * default.
		 * @param parallelism 1 or more; each takes a connection while it stores rows
		 * @return this builder
		 * @throws IllegalArgumentException if it is not positive
		 * @throws IllegalStateException if it is set already
		 */
		public Builder parallelism(int parallelism) {
			requirePositive("parallelism", parallelism, parallelism);
			this.parallelism = Arguments.once(this.parallelism, parallelism, "parallelism");
			return this;
		}

		/**
		 * Says how often an open build tells that its writer lives: every ten seconds by
		 * default.
		 * @param heartbeat a millisecond or more, and much less than the time after which
		 * garbage collection takes a writer for dead
		 * @return this builder
		 * @throws IllegalArgumentException if it is shorter
		 * @throws IllegalStateException if it is set already
		 */
		public Builder heartbeat(Duration heartbeat) {
			Duration given = Arguments.once(this.heartbeat, heartbeat, "heartbeat");
			requirePositive("heartbeat", given.toMillis(), given);
			this.heartbeat = given;
			return this;
		}

		/**
		 * Adds a listener that is told of every build, after those added before.
		 * @param listener called by the threads that do the work
		 * @return this builder
		 */
		public Builder listener(BuildListener listener) {
			this.listeners.add(Arguments.notNull(listener, "listener"));
			return this;
		}

		/**
		 * Says where the time comes from that stands in the ids of builds and in
		 * progress: the system's clock by default.
		 * @param clock the source of time
		 * @return this builder
		 * @throws IllegalStateException if it is set already
		 */
		public Builder clock(InstantSource clock) {
			this.clock = Arguments.once(this.clock, clock, "clock");
			return this;
		}

		/**
		 * Creates the service and starts its heartbeat.
		 * @return the service; to be closed
		 * @throws IllegalStateException if something is not set that has no default
		 */
		public BuildService build() {
			Supplier<StratifiedSchema> schema = Arguments.given(this.schema, "schema");
			WritePermits permits = Arguments.given(this.permits, "permits");
			BuildTable table = permits.table();
			BuildSettings settings = new BuildSettings(orElse(this.chunkSize, CHUNK_SIZE),
					orElse(this.parallelism, Runtime.getRuntime().availableProcessors()),
					orElse(this.heartbeat, HEARTBEAT), Arguments.given(this.owner, "owner"),
					Arguments.given(this.branchExecutor, "branchExecutor"));
			return new DefaultBuildService(new DefaultBuildService.Parts(schema, table, permits,
					Arguments.given(this.rowStore, "rowStore"), new BuildSealer(schema, table.jdbc(), table.database()),
					new TableStatistics(schema, table.jdbc(), table.database()),
					Arguments.given(this.boundBuilds, "boundBuilds"), Arguments.given(this.joining, "transactions"),
					Arguments.given(this.own, "transactions"), settings, new BuildListeners(this.listeners),
					orElse(this.clock, InstantSource.system())));
		}

		private static void requirePositive(String what, long amount, Object given) {
			if (amount <= 0) {
				throw new IllegalArgumentException("The " + what + " of builds is " + given + "; it must be positive");
			}
		}

		private static <T> T orElse(@Nullable T value, T otherwise) {
			return (value != null) ? value : otherwise;
		}

	}

}
