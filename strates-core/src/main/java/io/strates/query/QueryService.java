package io.strates.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.strates.build.BuildService;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedSchema;
import io.strates.internal.Arguments;
import io.strates.internal.jdbc.Database;
import io.strates.release.Release;
import io.strates.release.ReleaseService;
import io.strates.release.ReleaseWatcher;
import org.jspecify.annotations.Nullable;

/**
 * Pins builds for reading and answers questions about them: the front door of reading.
 *
 * {@snippet class = io.strates.SnippetsTests region = read}
 *
 * <p>
 * <b>Consistency:</b> a pin is resolved once per unit of work, which is the surrounding
 * transaction or, without one, the outermost block; whatever is released meanwhile, that
 * unit keeps reading its build. Several scopes, and several scope ids one inside the
 * other, can be pinned at a time. <b>Concurrency:</b> thread-safe; a pin belongs to the
 * thread that took it and is not inherited. <b>Lifecycle:</b> a pin ends with its block,
 * also when that throws. <b>Failures:</b> besides those that a method names, a
 * {@code null} argument is refused with a {@link NullPointerException} that names it, and
 * the database's own failures arrive as
 * {@link org.springframework.dao.DataAccessException}.
 *
 * <p>
 * <b>What the work throws</b> passes a {@code pinned} block unchanged and unwrapped,
 * checked exceptions included, although {@code pinned} declares none: work that throws an
 * {@code IOException} makes {@code pinned} throw that very {@code IOException}. Java lets
 * nobody catch a checked exception by its type that no call in the block declares, so a
 * caller that has to catch it catches {@code Exception} and looks at the type, or
 * declares it and lets it pass. A {@link PinHandle} in a {@code try} statement has no
 * such limit.
 *
 * @since 0.1.0
 */
/*
 * Longer than 300 lines because each method tells when and how it fails, and because of
 * the builder, which names each part of the service once and belongs next to it.
 */
public interface QueryService {

	/**
	 * Begins to describe a service that resolves pins from the release pointers in the
	 * database, on the connection of the caller's transaction where there is one: a
	 * replica that has not seen a release does not show it.
	 * @return a builder whose parts are all missing
	 */
	static Builder builder() {
		return new Builder();
	}

	/**
	 * Reads the live state of a scope id.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param work what to do; what it throws arrives unwrapped, as described above
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws io.strates.release.NothingReleasedException if nothing is released and that
	 * may not be read as empty
	 * @throws PinConflictException if this unit of work reads another build of the scope
	 * id
	 */
	default <T extends @Nullable Object> T pinned(String scope, String scopeId, Callable<T> work) {
		return pinned(PinRequest.released(scope, scopeId), work);
	}

	/**
	 * Reads the state that a request names.
	 * @param request the state to read
	 * @param work what to do; what it throws arrives unwrapped, as described above
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws io.strates.release.NothingReleasedException if nothing is released and that
	 * may not be read as empty
	 * @throws io.strates.release.ReleaseNotFoundException if there is no such release, or
	 * its rows are collected
	 * @throws io.strates.build.BuildNotFoundException if the scope id has no such build
	 * @throws io.strates.build.BuildStateException if the build is not sealed or is
	 * collected
	 * @throws IllegalArgumentException if the request is for an instant in the future
	 * @throws PinConflictException if this unit of work reads another build of the scope
	 * id
	 */
	default <T extends @Nullable Object> T pinned(PinRequest request, Callable<T> work) {
		return pinned(List.of(request), work);
	}

	/**
	 * Reads the states that several requests name, each of another scope.
	 * @param requests the states to read
	 * @param work what to do; what it throws arrives unwrapped, as described above
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws IllegalArgumentException if two requests are of the same scope, or ask for
	 * an instant in the future
	 * @throws io.strates.StratesException as {@link #pinned(PinRequest, Callable)} does,
	 * before any work is done
	 */
	<T extends @Nullable Object> T pinned(List<PinRequest> requests, Callable<T> work);

	/**
	 * Returns the read models of the live state. In a unit of work that reads the scope
	 * id already, these are of the same build. Outside any, no statement is needed while
	 * this node knows what is live, which is so until it has been out of touch for longer
	 * than the staleness that the application allows; a release of this node is known
	 * here when its call returns.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the read models of one build
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws io.strates.release.NothingReleasedException if nothing is released and that
	 * may not be read as empty
	 */
	PinnedReads pinned(String scope, String scopeId);

	/**
	 * Returns the read models of the state that a request names. In a transaction, that
	 * is what the transaction reads of the scope id from here on.
	 * @param request the state to read
	 * @return the read models of one build
	 * @throws io.strates.StratesException as {@link #pinned(PinRequest, Callable)} does
	 */
	PinnedReads pinned(PinRequest request);

	/**
	 * Takes a pin until it is closed, for code that cannot be written as a block.
	 * @param requests the states to read
	 * @return the handle; to be closed by the same thread, inner ones first
	 * @throws IllegalArgumentException if two requests are of the same scope, or ask for
	 * an instant in the future
	 * @throws io.strates.StratesException as {@link #pinned(PinRequest, Callable)} does;
	 * then nothing is pinned
	 */
	PinHandle pin(List<PinRequest> requests);

	/**
	 * Returns the pin of a scope in the current thread, for example to bind its build in
	 * native SQL.
	 * @param scope a declared scope
	 * @return the pin
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 * @throws io.strates.entity.NotPinnedException if the scope is not pinned
	 */
	Pin current(String scope);

	/**
	 * Returns the live release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the release, or nothing if there was none
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	Optional<Release> currentRelease(String scope, String scopeId);

	/**
	 * Returns the release log, as {@link ReleaseService#history(String, String)}, whose
	 * neighbour can limit it, does.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return all releases, the newest first
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares the
	 * scope
	 */
	List<Release> history(String scope, String scopeId);

	/**
	 * Returns how many rows of each entity a sealed build holds.
	 * @param buildStrate the id of the build
	 * @return the counts by the entity's name
	 * @throws io.strates.build.BuildNotFoundException if there is no such build
	 */
	Map<String, Long> rowCounts(UUID buildStrate);

	/**
	 * Returns what changed between two builds of one scope id, by the database: which ids
	 * of an entity were added, removed, or have at least one attribute, association or
	 * element with another value.
	 *
	 * <p>
	 * In a unit of work that has pinned the scope id, {@link PinRequest#released} means
	 * what is pinned, as it does for an inner pin; otherwise what is live at the call.
	 * Nothing is pinned by comparing, and any two states can be compared inside a pin: to
	 * compare with what is live, name it by its {@linkplain PinRequest#release number}.
	 * @param entity a stratified entity
	 * @param from the state to start from
	 * @param to the state to arrive at
	 * @return the changes, in the order of the ids; to be closed. Rows are fetched as
	 * they are consumed, inside a transaction that ends with the stream
	 * @throws IllegalArgumentException if the states are of different scope ids, the
	 * entity is not stratified or of another scope, or an instant is in the future
	 * @throws io.strates.StratesException as {@link #pinned(PinRequest, Callable)} does
	 * where a state cannot be read
	 */
	Stream<Difference> difference(Class<?> entity, PinRequest from, PinRequest to);

	/**
	 * A pin that is held until it is closed. Closing twice is harmless.
	 *
	 * @since 0.1.0
	 */
	interface PinHandle extends AutoCloseable {

		/**
		 * Returns the pins that were taken.
		 * @return the pins, in the order of the requests
		 */
		List<Pin> pins();

		@Override
		void close();

	}

	/**
	 * Describes a service. Each part is given once; what has no default is required.
	 *
	 * @since 0.1.0
	 */
	final class Builder {

		private @Nullable StratifiedModel model;

		private @Nullable Supplier<StratifiedSchema> schema;

		private @Nullable Pins pins;

		private @Nullable BuildService builds;

		private @Nullable ReleaseService releases;

		private @Nullable NothingReleased nothingReleased;

		private final List<PinListener> listeners = new ArrayList<>();

		private @Nullable DataSource dataSource;

		private @Nullable Database database;

		private @Nullable ReadModels readModels;

		private @Nullable ReleaseWatcher watcher;

		private Duration staleness = Duration.ZERO;

		private Builder() {
		}

		/**
		 * Says which scopes there are.
		 * @param model the declared scopes
		 * @return this builder
		 */
		public Builder model(StratifiedModel model) {
			this.model = Arguments.once(this.model, model, "model");
			return this;
		}

		/**
		 * Says which tables differences compare.
		 * @param schema the stratified tables, asked for with the first difference
		 * @return this builder
		 */
		public Builder schema(Supplier<StratifiedSchema> schema) {
			this.schema = Arguments.once(this.schema, schema, "schema");
			return this;
		}

		/**
		 * Says where pins are held.
		 * @param pins the pins of threads
		 * @return this builder
		 */
		public Builder pins(Pins pins) {
			this.pins = Arguments.once(this.pins, pins, "pins");
			return this;
		}

		/**
		 * Says who tells of builds.
		 * @param builds the builds
		 * @return this builder
		 */
		public Builder builds(BuildService builds) {
			this.builds = Arguments.once(this.builds, builds, "builds");
			return this;
		}

		/**
		 * Says who tells what is released.
		 * @param releases the releases
		 * @return this builder
		 */
		public Builder releases(ReleaseService releases) {
			this.releases = Arguments.once(this.releases, releases, "releases");
			return this;
		}

		/**
		 * Says what is read where nothing is released; by default, pinning fails there.
		 * @param nothingReleased what is read
		 * @return this builder
		 */
		public Builder nothingReleased(NothingReleased nothingReleased) {
			this.nothingReleased = Arguments.once(this.nothingReleased, nothingReleased, "nothingReleased");
			return this;
		}

		/**
		 * Adds a listener.
		 * @param listener told of every pin
		 * @return this builder
		 */
		public Builder listener(PinListener listener) {
			this.listeners.add(Arguments.notNull(listener, "listener"));
			return this;
		}

		/**
		 * Says where the business rows are.
		 * @param dataSource their data source
		 * @param database the database behind it
		 * @return this builder
		 */
		public Builder rows(DataSource dataSource, Database database) {
			this.dataSource = Arguments.once(this.dataSource, dataSource, "rows");
			this.database = Arguments.notNull(database, "database");
			return this;
		}

		/**
		 * Says which read models there are; by default, none.
		 * @param readModels the read models
		 * @return this builder
		 */
		public Builder readModels(ReadModels readModels) {
			this.readModels = Arguments.once(this.readModels, readModels, "readModels");
			return this;
		}

		/**
		 * Says how this node learns what is live; by default, the database is asked each
		 * time.
		 * @param watcher knows the pointers
		 * @param staleness how long its last look may be past
		 * @return this builder
		 */
		public Builder pointers(ReleaseWatcher watcher, Duration staleness) {
			this.watcher = Arguments.once(this.watcher, watcher, "pointers");
			this.staleness = Arguments.notNull(staleness, "staleness");
			return this;
		}

		/**
		 * Creates the service.
		 * @return the service
		 * @throws IllegalStateException if a required part is missing
		 */
		public QueryService build() {
			return new DefaultQueryService(new DefaultQueryService.Parts(Arguments.given(this.model, "model"),
					Arguments.given(this.schema, "schema"), Arguments.given(this.pins, "pins"),
					Arguments.given(this.builds, "builds"), Arguments.given(this.releases, "releases"),
					(this.nothingReleased != null) ? this.nothingReleased : NothingReleased.FAIL,
					List.copyOf(this.listeners), Arguments.given(this.dataSource, "rows"),
					Arguments.given(this.database, "rows"), this.readModels, this.watcher, this.staleness));
		}

	}

}
