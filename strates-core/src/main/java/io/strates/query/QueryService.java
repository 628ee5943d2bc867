package io.strates.query;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.strates.release.Release;
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
 * thread that took it and is not inherited.
 *
 * @since 0.1.0
 */
public interface QueryService {

	/**
	 * Reads the live state of a scope id.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @param work what to do; may throw checked exceptions, which arrive unwrapped
	 * @param <T> the type of the result
	 * @return the result of the work
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
	 * @param work what to do; may throw checked exceptions, which arrive unwrapped
	 * @param <T> the type of the result
	 * @return the result of the work
	 * @throws io.strates.release.NothingReleasedException if nothing is released and that
	 * may not be read as empty
	 * @throws io.strates.release.ReleaseNotFoundException if there is no such release, or
	 * its rows are collected
	 * @throws io.strates.build.BuildNotFoundException if the scope id has no such build
	 * @throws io.strates.build.BuildStateException if the build is not sealed or is
	 * collected
	 * @throws PinConflictException if this unit of work reads another build of the scope
	 * id
	 */
	default <T extends @Nullable Object> T pinned(PinRequest request, Callable<T> work) {
		return pinned(List.of(request), work);
	}

	/**
	 * Reads the states that several requests name, each of another scope.
	 * @param requests the states to read
	 * @param work what to do; may throw checked exceptions, which arrive unwrapped
	 * @param <T> the type of the result
	 * @return the result of the work
	 */
	<T extends @Nullable Object> T pinned(List<PinRequest> requests, Callable<T> work);

	/**
	 * Takes a pin until it is closed, for code that cannot be written as a block.
	 * @param requests the states to read
	 * @return the handle; to be closed by the same thread, inner ones first
	 */
	PinHandle pin(List<PinRequest> requests);

	/**
	 * Returns the pin of a scope in the current thread, for example to bind its build in
	 * native SQL.
	 * @param scope a declared scope
	 * @return the pin
	 * @throws io.strates.entity.NotPinnedException if the scope is not pinned
	 */
	Pin current(String scope);

	/**
	 * Returns the live release.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return the release, or nothing if there was none
	 */
	Optional<Release> currentRelease(String scope, String scopeId);

	/**
	 * Returns the release log.
	 * @param scope a declared scope
	 * @param scopeId the aggregate
	 * @return all releases, the newest first
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
	 * @param entity a stratified entity
	 * @param from the state to start from
	 * @param to the state to arrive at
	 * @return the changes, in the order of the ids; to be closed. Rows are fetched as
	 * they are consumed, inside a transaction that ends with the stream
	 * @throws IllegalArgumentException if the states are of different scope ids, or the
	 * entity is of another scope
	 */
	Stream<Difference> difference(Class<?> entity, PinRequest from, PinRequest to);

	/**
	 * A pin that is held until it is closed. Closing twice is harmless.
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

}
