package io.strates.query;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

import io.strates.internal.Arguments;

/**
 * A declaration of values that are made from the rows of a build and cached with it.
 *
 * <p>
 * A build never changes, so a value that was made from it never becomes stale: it is kept
 * under the build and its id, in the memory of the node and in the second tier, until it
 * makes room for others or the build is collected. Values are shared by all callers, so
 * they have to be immutable: a record (whose lists, sets and maps are copied), an enum, a
 * {@code java.time} type, or a type declared as such.
 *
 * @param <ID> the type of the ids
 * @param <V> the type of the values
 * @since 0.1.0
 */
public final class ReadModel<ID, V> {

	private static final Set<Class<?>> ID_TYPES = Set.of(Long.class, Integer.class, String.class, UUID.class);

	private static final long MAXIMUM_SIZE = 10_000;

	private static final Duration REMOTE_TIME_TO_LIVE = Duration.ofHours(24);

	private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(30);

	private final Class<V> type;

	private final Class<ID> idType;

	private final String scope;

	private final ReadModelLoader<ID, V> loader;

	private final long maximumSize;

	private final Duration remoteTimeToLive;

	private final Duration loadTimeout;

	private final int warmUp;

	private ReadModel(Class<V> type, Class<ID> idType, String scope, ReadModelLoader<ID, V> loader, long maximumSize,
			Duration remoteTimeToLive, Duration loadTimeout, int warmUp) {
		this.type = type;
		this.idType = idType;
		this.scope = scope;
		this.loader = loader;
		this.maximumSize = maximumSize;
		this.remoteTimeToLive = remoteTimeToLive;
		this.loadTimeout = loadTimeout;
		this.warmUp = warmUp;
	}

	/**
	 * Declares a read model with default settings: 10,000 values in memory, a day in the
	 * second tier, 30 seconds for a load, no warm-up.
	 * @param type the type of the values, which names the read model
	 * @param idType the type of the ids: {@code Long}, {@code Integer}, {@code String} or
	 * {@code UUID}
	 * @param scope the scope whose builds it is made from
	 * @param loader makes the values
	 * @param <ID> the type of the ids
	 * @param <V> the type of the values
	 * @return the declaration
	 * @throws IllegalArgumentException if the ids are of another type
	 */
	public static <ID, V> ReadModel<ID, V> of(Class<V> type, Class<ID> idType, String scope,
			ReadModelLoader<ID, V> loader) {
		Arguments.notNull(type, "type");
		Arguments.notNull(idType, "idType");
		if (!ID_TYPES.contains(idType)) {
			throw new IllegalArgumentException("Read model " + type.getName() + " has ids of type " + idType.getName()
					+ "; use Long, Integer, String or UUID");
		}
		return new ReadModel<>(type, idType, Arguments.notNull(scope, "scope"), Arguments.notNull(loader, "loader"),
				MAXIMUM_SIZE, REMOTE_TIME_TO_LIVE, LOAD_TIMEOUT, 0);
	}

	/**
	 * Returns this declaration with another maximum.
	 * @param values how many values the memory of a node holds at most
	 * @return the declaration
	 * @throws IllegalArgumentException if that is less than one
	 */
	public ReadModel<ID, V> maximumSize(long values) {
		require(values >= 1, "maximum size", values, "set at least 1");
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, values, this.remoteTimeToLive,
				this.loadTimeout, this.warmUp);
	}

	/**
	 * Returns this declaration with another time to live in the second tier.
	 * @param time how long the second tier may keep a value
	 * @return the declaration
	 * @throws IllegalArgumentException if that is less than a millisecond
	 */
	public ReadModel<ID, V> remoteTimeToLive(Duration time) {
		require(time.toMillis() > 0, "time to live in L2", time, "set a millisecond or more");
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, this.maximumSize, time,
				this.loadTimeout, this.warmUp);
	}

	/**
	 * Returns this declaration with another time limit for loads.
	 * @param limit how long a reader waits for a load of another thread
	 * @return the declaration
	 * @throws IllegalArgumentException if that is less than a millisecond
	 */
	public ReadModel<ID, V> loadTimeout(Duration limit) {
		require(limit.toMillis() > 0, "time limit of a load", limit, "set a millisecond or more");
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, this.maximumSize, this.remoteTimeToLive,
				limit, this.warmUp);
	}

	/**
	 * Returns this declaration with a warm-up: before a build becomes live, the values
	 * that are hottest on the node that releases it are made from it, so that they are in
	 * the memory of that node and in the second tier when the pointer moves. Other nodes
	 * fetch those that are hottest with them as soon as they know of the release. A
	 * release inside a transaction of the caller is warmed up after its commit.
	 * @param values how many values at most; 0 for no warm-up
	 * @return the declaration
	 * @throws IllegalArgumentException if the number is negative
	 */
	public ReadModel<ID, V> warmUp(int values) {
		require(values >= 0, "number of values to warm up", values, "set 0 or more");
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, this.maximumSize, this.remoteTimeToLive,
				this.loadTimeout, values);
	}

	private void require(boolean valid, String what, Object value, String remedy) {
		if (!valid) {
			throw new IllegalArgumentException(
					"Read model " + this.type.getName() + ": the " + what + " is " + value + "; " + remedy);
		}
	}

	/**
	 * Returns the type of the values, which names the read model.
	 * @return the type
	 */
	public Class<V> type() {
		return this.type;
	}

	/**
	 * Returns the scope whose builds it is made from.
	 * @return the scope
	 */
	public String scope() {
		return this.scope;
	}

	Class<ID> idType() {
		return this.idType;
	}

	ReadModelLoader<ID, V> loader() {
		return this.loader;
	}

	long maximumSize() {
		return this.maximumSize;
	}

	Duration remoteTimeToLive() {
		return this.remoteTimeToLive;
	}

	Duration loadTimeout() {
		return this.loadTimeout;
	}

	int warmUp() {
		return this.warmUp;
	}

	@Override
	public String toString() {
		return "read model " + this.type.getName() + " of scope " + this.scope;
	}

}
