package io.strates.query;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

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
 * @param type the type of the values, which names the read model
 * @param idType the type of the ids
 * @param scope the scope whose builds it is made from
 * @param loader makes the values
 * @param maximumSize how many values the memory of a node holds at most
 * @param remoteTimeToLive how long the second tier may keep a value
 * @param loadTimeout how long a reader waits for a load of another thread
 * @since 0.1.0
 */
public record ReadModel<ID, V>(Class<V> type, Class<ID> idType, String scope, ReadModelLoader<ID, V> loader,
		long maximumSize, Duration remoteTimeToLive, Duration loadTimeout) {

	private static final Set<Class<?>> ID_TYPES = Set.of(Long.class, Integer.class, String.class, UUID.class);

	private static final long MAXIMUM_SIZE = 10_000;

	private static final Duration REMOTE_TIME_TO_LIVE = Duration.ofHours(24);

	private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Checks the declaration.
	 * @throws IllegalArgumentException if the ids are of a type that has no unambiguous
	 * text
	 */
	public ReadModel {
		Objects.requireNonNull(type, "type");
		Objects.requireNonNull(loader, "loader");
		if (!ID_TYPES.contains(idType)) {
			throw new IllegalArgumentException("Read model " + type.getName() + " has ids of type " + idType.getName()
					+ "; use Long, Integer, String or UUID");
		}
	}

	/**
	 * Declares a read model with default settings: 10,000 values in memory, a day in the
	 * second tier, 30 seconds for a load.
	 * @param type the type of the values, which names the read model
	 * @param idType the type of the ids
	 * @param scope the scope whose builds it is made from
	 * @param loader makes the values
	 * @param <ID> the type of the ids
	 * @param <V> the type of the values
	 * @return the declaration
	 */
	public static <ID, V> ReadModel<ID, V> of(Class<V> type, Class<ID> idType, String scope,
			ReadModelLoader<ID, V> loader) {
		return new ReadModel<>(type, idType, scope, loader, MAXIMUM_SIZE, REMOTE_TIME_TO_LIVE, LOAD_TIMEOUT);
	}

	/**
	 * Returns this declaration with another maximum.
	 * @param values how many values the memory of a node holds at most
	 * @return the declaration
	 */
	public ReadModel<ID, V> maximumSize(long values) {
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, values, this.remoteTimeToLive,
				this.loadTimeout);
	}

	/**
	 * Returns this declaration with another time to live in the second tier.
	 * @param time how long the second tier may keep a value
	 * @return the declaration
	 */
	public ReadModel<ID, V> remoteTimeToLive(Duration time) {
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, this.maximumSize, time,
				this.loadTimeout);
	}

	/**
	 * Returns this declaration with another time limit for loads.
	 * @param limit how long a reader waits for a load of another thread
	 * @return the declaration
	 */
	public ReadModel<ID, V> loadTimeout(Duration limit) {
		return new ReadModel<>(this.type, this.idType, this.scope, this.loader, this.maximumSize, this.remoteTimeToLive,
				limit);
	}

}
