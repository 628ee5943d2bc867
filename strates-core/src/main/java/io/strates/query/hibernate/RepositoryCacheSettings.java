package io.strates.query.hibernate;

import java.time.Duration;
import java.util.Set;

/**
 * How much a {@link RepositoryCache} keeps.
 *
 * @param maximumSize how many rows of each entity the memory of a node holds at most; 0
 * for none at all
 * @param remoteTimeToLive how long the second tier may keep a row
 * @param loadTimeout how long a reader waits for the load of another
 * @param except the names of entities and of their classes of which nothing is kept
 * @since 0.1.0
 */
public record RepositoryCacheSettings(long maximumSize, Duration remoteTimeToLive, Duration loadTimeout,
		Set<String> except) {

	private static final long MAXIMUM_SIZE = 10_000;

	private static final Duration REMOTE_TIME_TO_LIVE = Duration.ofHours(24);

	private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Checks the settings.
	 * @throws IllegalArgumentException if the number is negative or a time not positive
	 */
	public RepositoryCacheSettings {
		if (maximumSize < 0 || remoteTimeToLive.toMillis() <= 0 || loadTimeout.toMillis() <= 0) {
			throw new IllegalArgumentException("Repositories cannot keep " + maximumSize + " rows of each entity, for "
					+ remoteTimeToLive + " in L2, and wait " + loadTimeout
					+ " for a load; set a number that is not negative, and times of a millisecond or more");
		}
		except = Set.copyOf(except);
	}

	/**
	 * Returns the defaults: 10,000 rows of each entity in memory, a day in the second
	 * tier, 30 seconds for a load.
	 * @return the settings
	 */
	public static RepositoryCacheSettings defaults() {
		return new RepositoryCacheSettings(MAXIMUM_SIZE, REMOTE_TIME_TO_LIVE, LOAD_TIMEOUT, Set.of());
	}

	/** How many rows of an entity are kept; 0 for none. */
	long maximumSize(Class<?> entity) {
		return (this.except.contains(entity.getSimpleName()) || this.except.contains(entity.getName())) ? 0
				: this.maximumSize;
	}

}
