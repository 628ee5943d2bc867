package io.strates.boot.autoconfigure;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.strates.query.NothingReleased;
import io.strates.store.WriteBehindSettings;
import io.strates.store.WriteMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.support.CronExpression;

/**
 * Configuration properties of Strates.
 *
 * @param enabled Whether stratified entities are mapped and the services of Strates are
 * configured.
 * @param node Name of this node in the metadata of builds, unique among the nodes that
 * share a database. Made of host name, process id and a random part unless it is set.
 * @param schema Tables that hold the metadata of builds and releases
 * @param build How builds are written
 * @param release How nodes learn of releases
 * @param query How released states are read
 * @param cache How values that were read are kept
 * @param store Stores of entities that change
 * @param gc Which builds garbage collection keeps, and when it runs
 * @since 0.1.0
 */
@ConfigurationProperties(prefix = "strates", ignoreUnknownFields = false)
public record StratesProperties(@DefaultValue("true") boolean enabled, @Nullable String node,
		@DefaultValue Schema schema, @DefaultValue Build build, @DefaultValue Release release,
		@DefaultValue Query query, @DefaultValue Cache cache, @DefaultValue Store store, @DefaultValue Gc gc) {

	private static final int MAX_NODE = 200;

	private static final Pattern BRACES = Pattern.compile("[{}]");

	/**
	 * Checks the name of the node, and that writers tell often enough that they live.
	 */
	public StratesProperties {
		require(node == null || (!node.isBlank() && node.length() <= MAX_NODE), "strates.node", node,
				"Use 1 to " + MAX_NODE + " characters, or leave it out");
		require(build.heartbeat().multipliedBy(2).compareTo(gc.abandonedAfter()) <= 0, "strates.build.heartbeat",
				build.heartbeat(), "Use at most half of strates.gc.abandoned-after (" + gc.abandonedAfter()
						+ "), or the writer of a build would count as dead between two signs of life");
	}

	/**
	 * Tables that hold the metadata of builds and releases.
	 *
	 * @param initialize When to create the metadata tables.
	 * @param exportTo File to which to write the DDL of the metadata tables and of all
	 * entities, as a basis for migrations with Flyway or Liquibase. The application then
	 * ends with exit code 0, and leaves the database alone.
	 */
	public record Schema(@DefaultValue("embedded") DatabaseInitializationMode initialize, @Nullable File exportTo) {

		/**
		 * Takes a file without a name for none.
		 */
		public Schema {
			exportTo = (exportTo != null && !exportTo.getPath().isEmpty()) ? exportTo : null;
		}

	}

	/**
	 * How builds are written.
	 *
	 * @param chunkSize Number of rows of an entity that one transaction stores.
	 * @param parallelism Number of branches that run at a time, over all builds of the
	 * node. Half the size of the connection pool, but at most the number of processors,
	 * unless it is set.
	 * @param heartbeat Interval at which an open build tells that its writer lives. Has
	 * to be shorter than 'strates.gc.abandoned-after'.
	 */
	public record Build(@DefaultValue("2000") int chunkSize, @Nullable Integer parallelism,
			@DefaultValue("10s") Duration heartbeat) {

		/**
		 * Checks that all values are positive.
		 */
		public Build {
			require(chunkSize > 0, "strates.build.chunk-size", chunkSize, "Use 1 row or more");
			require(parallelism == null || parallelism > 0, "strates.build.parallelism", parallelism,
					"Use 1 branch or more, or leave it out");
			requirePositive("strates.build.heartbeat", heartbeat);
		}

	}

	/**
	 * How nodes learn of releases.
	 *
	 * @param pollInterval Interval at which each node looks for releases of other nodes.
	 * @param redis Announcements through Redis, which make other nodes look at once
	 */
	public record Release(@DefaultValue("2s") Duration pollInterval, @DefaultValue Release.Redis redis) {

		/**
		 * Checks that the interval is positive.
		 */
		public Release {
			requirePositive("strates.release.poll-interval", pollInterval);
		}

		/**
		 * Announcements through Redis.
		 *
		 * @param enabled Whether to announce releases through Redis where there is a
		 * connection to it.
		 * @param channel Name of the Redis channel, the same on all nodes of an
		 * application. Contains the name of the application unless it is set.
		 */
		public record Redis(@DefaultValue("true") boolean enabled, @Nullable String channel) {

			/**
			 * Checks the name of the channel.
			 */
			public Redis {
				require(channel == null || !channel.isBlank(), "strates.release.redis.channel", channel,
						"Name a channel, or leave it out");
			}

		}

	}

	/**
	 * How released states are read.
	 *
	 * @param nothingReleased What reading a scope id of which nothing is released does.
	 * @param guardJdbc Whether to refuse plain JDBC, such as that of JdbcTemplate, that
	 * names a table of stratified entities without fixing a build.
	 * @param pointerStaleness Time for which a node that has lost touch may go on reading
	 * what it last knew to be live. Zero asks the database each time.
	 * @param warmUpPatience Time for which a release waits for other nodes to make what
	 * is hot in their memory from the next build.
	 * @param entityCache What is kept of entities that repositories find by id
	 */
	public record Query(@DefaultValue("fail") NothingReleased nothingReleased, @DefaultValue("false") boolean guardJdbc,
			@DefaultValue("10s") Duration pointerStaleness, @DefaultValue("2s") Duration warmUpPatience,
			@DefaultValue EntityCache entityCache) {

		/**
		 * Checks that no time is negative.
		 */
		public Query {
			requireNotNegative("strates.query.pointer-staleness", pointerStaleness);
			requireNotNegative("strates.query.warm-up-patience", warmUpPatience);
		}

		/**
		 * What is kept of entities that repositories find by id.
		 *
		 * @param enabled Whether findById, findAllById and existsById of repositories are
		 * answered from memory and Redis where a build is pinned outside of transactions.
		 * @param maximumSize Number of rows of each entity that the memory of a node
		 * holds at most.
		 * @param timeToLive Time for which Redis may keep a row, or 'never' for no end.
		 * @param except Comma-separated list of entities, by simple or full class name,
		 * that are read from the database each time.
		 */
		public record EntityCache(@DefaultValue("true") boolean enabled, @DefaultValue("10000") long maximumSize,
				@DefaultValue("24h") Duration timeToLive, @DefaultValue Set<String> except) {

			/**
			 * Checks that number and time are positive.
			 */
			public EntityCache {
				require(maximumSize > 0, "strates.query.entity-cache.maximum-size", maximumSize,
						"Use 1 row or more, or set strates.query.entity-cache.enabled to false");
				requirePositive("strates.query.entity-cache.time-to-live", timeToLive);
			}

		}

	}

	/**
	 * How values that were read are kept.
	 *
	 * @param namespace Prefix of all keys in Redis, the same on all nodes of an
	 * application and on no other. Contains the name of the application unless it is set.
	 * @param codec How values are encoded in Redis.
	 * @param singleNode Whether no other node writes what this one keeps, so that values
	 * that change can be relied on in memory without Redis.
	 * @param redis The second tier
	 * @param manager Caches of methods that are annotated with Cacheable
	 * @param defaults What such caches are like, unless a property of their own says
	 * something else
	 * @param caches Settings of single caches by name, such as
	 * strates.cache.caches.books.maximum, and the type of their values, such as
	 * strates.cache.caches.books.type.
	 */
	public record Cache(@Nullable String namespace, @DefaultValue("auto") Codec codec,
			@DefaultValue("false") boolean singleNode, @DefaultValue Cache.Redis redis,
			@DefaultValue Cache.Manager manager, @DefaultValue Cache.Defaults defaults,
			@DefaultValue Map<String, Cache.Named> caches) {

		/**
		 * Checks the prefix.
		 */
		public Cache {
			require(namespace == null || !namespace.isBlank(), "strates.cache.namespace", namespace,
					"Name a prefix, or leave it out");
			require(namespace == null || !BRACES.matcher(namespace).find(), "strates.cache.namespace", namespace,
					"Use a prefix without braces, which would mark the part of a key that decides on its place in a"
							+ " Redis Cluster");
		}

		String namespace(Environment environment) {
			return (this.namespace != null) ? this.namespace : "strates:"
					+ BRACES.matcher(environment.getProperty("spring.application.name", "application")).replaceAll("_");
		}

		/**
		 * How values are encoded.
		 */
		public enum Codec {

			/** Smile where it is on the class path, else JSON. */
			AUTO,

			/** Smile, which needs jackson-dataformat-smile. */
			SMILE,

			/** JSON, for people who want to read what Redis holds. */
			JSON

		}

		/**
		 * The second tier.
		 *
		 * @param enabled Whether to keep values in Redis too where there is a connection
		 * to it.
		 * @param timeout Time that a command may take before the tier is passed by.
		 * @param fence Time after which what a writer that has died left behind is kept
		 * again. Has to be longer than any transaction that writes.
		 * @param probeInterval Interval at which each node sends itself a message, to
		 * find out whether it hears the others.
		 */
		public record Redis(@DefaultValue("true") boolean enabled, @DefaultValue("250ms") Duration timeout,
				@DefaultValue("60s") Duration fence, @DefaultValue("500ms") Duration probeInterval) {

			/**
			 * Checks that the times are positive.
			 */
			public Redis {
				requirePositive("strates.cache.redis.timeout", timeout);
				require(fence.toSeconds() > 0, "strates.cache.redis.fence", fence,
						"Use a duration of at least a second, longer than any transaction that writes");
				requirePositive("strates.cache.redis.probe-interval", probeInterval);
			}

		}

		/**
		 * Caches of methods that are annotated with Cacheable.
		 *
		 * @param enabled Whether the tiers are the caches of an application that enables
		 * caching. True unless it is set, where the application has no cache manager and
		 * sets nothing below 'spring.cache'.
		 * @param names Comma-separated list of the names of all caches. Made when they
		 * are asked for unless it is set.
		 * @param allowNullValues Whether a method may answer null; if not, that is
		 * refused.
		 */
		public record Manager(@Nullable Boolean enabled, @Nullable List<String> names,
				@DefaultValue("true") boolean allowNullValues) {
		}

		/**
		 * What caches are like.
		 *
		 * @param maximum Number of keys that L1 holds at most.
		 * @param localTimeToLive Time for which L1 keeps a value, or 'never' for no end.
		 * @param remoteTimeToLive Time for which L2 keeps a value, or 'never' for no end.
		 * @param absentTimeToLive Time for which it is kept that a method answered null.
		 * As any value unless it is set.
		 * @param jitter Part, from 0 up to 1, by which times to live are shortened at
		 * random.
		 * @param loadTimeout Time for which a caller waits for the call of another.
		 * @param softTimeout Time after which a caller takes a value whose time is over
		 * rather than wait. Zero for never. For methods with 'sync'.
		 * @param maxStale Time after its end for which a value may be served while the
		 * method fails. Zero for not at all. For methods with 'sync'.
		 * @param refreshAhead Part of its time in L1 after which a value that is read is
		 * computed again in the background. Zero for never. For methods with 'sync'.
		 * @param oneLoadPerCluster Whether one node alone computes a value that all nodes
		 * want. For methods with 'sync'.
		 */
		public record Defaults(@Nullable Long maximum, @Nullable Duration localTimeToLive,
				@Nullable Duration remoteTimeToLive, @Nullable Duration absentTimeToLive, @Nullable Double jitter,
				@Nullable Duration loadTimeout, @Nullable Duration softTimeout, @Nullable Duration maxStale,
				@Nullable Double refreshAhead, @Nullable Boolean oneLoadPerCluster) implements CacheAttributes {
		}

		/**
		 * What one cache is like.
		 *
		 * @param type Type of the values. What the methods of the cache answer unless it
		 * is set.
		 * @param maximum Number of keys that L1 holds at most.
		 * @param localTimeToLive Time for which L1 keeps a value, or 'never' for no end.
		 * @param remoteTimeToLive Time for which L2 keeps a value, or 'never' for no end.
		 * @param absentTimeToLive Time for which it is kept that a method answered null.
		 * As any value unless it is set.
		 * @param jitter Part, from 0 up to 1, by which times to live are shortened at
		 * random.
		 * @param loadTimeout Time for which a caller waits for the call of another.
		 * @param softTimeout Time after which a caller takes a value whose time is over
		 * rather than wait. Zero for never. For methods with 'sync'.
		 * @param maxStale Time after its end for which a value may be served while the
		 * method fails. Zero for not at all. For methods with 'sync'.
		 * @param refreshAhead Part of its time in L1 after which a value that is read is
		 * computed again in the background. Zero for never. For methods with 'sync'.
		 * @param oneLoadPerCluster Whether one node alone computes a value that all nodes
		 * want. For methods with 'sync'.
		 */
		public record Named(@Nullable Class<?> type, @Nullable Long maximum, @Nullable Duration localTimeToLive,
				@Nullable Duration remoteTimeToLive, @Nullable Duration absentTimeToLive, @Nullable Double jitter,
				@Nullable Duration loadTimeout, @Nullable Duration softTimeout, @Nullable Duration maxStale,
				@Nullable Double refreshAhead, @Nullable Boolean oneLoadPerCluster) implements CacheAttributes {
		}

	}

	/**
	 * Stores of entities that change.
	 *
	 * @param enabled Whether entities that are declared to have a store get one.
	 * @param defaults What all stores are like, unless their annotation or a property of
	 * their own says something else
	 * @param types Settings of single stores by name, such as
	 * strates.store.types.watch.maximum.
	 * @param writeBehind How writes reach the database that are written behind
	 * @param encryption Keys of encrypted attributes
	 */
	public record Store(@DefaultValue("true") boolean enabled, @DefaultValue Store.Type defaults,
			@DefaultValue Map<String, Store.Type> types, @DefaultValue Store.WriteBehind writeBehind,
			@DefaultValue Store.Encryption encryption) {

		/**
		 * Checks what is not for all types.
		 */
		public Store {
			types.forEach((type, own) -> require(own.name() == null || !own.name().isBlank(),
					"strates.store.types." + type + ".name", own.name(), "Name the store, or leave it out"));
			require(defaults.name() == null, "strates.store.defaults.name", defaults.name(),
					"Set it of each type, with @Tiered(name) or strates.store.types.<name>.name");
			require(defaults.writeMode() == null, "strates.store.defaults.write-mode", defaults.writeMode(),
					"Set it of each type, with @Tiered(writeMode) or strates.store.types.<name>.write-mode");
		}

		/**
		 * What stores are like.
		 *
		 * @param name Name of the store in what Redis holds of it, its journal included,
		 * in messages between nodes, meters and endpoints, if it is to be another than
		 * that of the annotation. The properties keep the annotation's. To be changed
		 * only while all nodes are stopped and nothing waits to be written.
		 * @param maximum Number of entities that L1 holds at most.
		 * @param localTimeToLive Time for which L1 keeps an entity, or 'never' for no
		 * end.
		 * @param remoteTimeToLive Time for which L2 keeps an entity, or 'never' for no
		 * end.
		 * @param absentTimeToLive Time for which it is kept that an id has no entity.
		 * Zero for not at all.
		 * @param jitter Part, from 0 up to 1, by which times to live are shortened at
		 * random.
		 * @param loadTimeout Time for which a reader waits for a load.
		 * @param softTimeout Time after which a reader takes an entity whose time is over
		 * rather than wait for the load. Zero for never.
		 * @param maxStale Time after its end for which an entity may be served while the
		 * database does not answer. Zero for not at all.
		 * @param refreshAhead Part of its time in L1 after which an entity that is read
		 * is loaded again in the background. Zero for never.
		 * @param oneLoadPerCluster Whether one node alone loads an entity that all nodes
		 * want.
		 * @param writeMode When a write reaches the tiers.
		 * @param eviction Policy by which L1 gives up entities. There is only one,
		 * 'w-tinylfu'.
		 */
		public record Type(@Nullable String name, @Nullable Long maximum, @Nullable Duration localTimeToLive,
				@Nullable Duration remoteTimeToLive, @Nullable Duration absentTimeToLive, @Nullable Double jitter,
				@Nullable Duration loadTimeout, @Nullable Duration softTimeout, @Nullable Duration maxStale,
				@Nullable Double refreshAhead, @Nullable Boolean oneLoadPerCluster, @Nullable WriteMode writeMode,
				@Nullable String eviction) implements CacheAttributes {
		}

		/**
		 * How writes reach the database that are written behind.
		 *
		 * @param durable Whether acknowledged writes have to survive the process, which
		 * needs Redis. Where there is Redis they do, unless this is set.
		 * @param interval Time for which a write waits at most, while all goes well.
		 * @param threshold Number of waiting writes that are written at once.
		 * @param batchSize Most writes that one transaction holds.
		 * @param capacity Most writes that wait; whoever writes more has to wait.
		 * @param patience Time for which a write waits for room, or for the journal.
		 * @param maxAttempts Number of times that the database may refuse a write before
		 * it is given up and kept aside. While the database is away nothing is used up.
		 * @param closeLimit Time that the last writes may take when the application
		 * stops.
		 */
		public record WriteBehind(@Nullable Boolean durable, @DefaultValue("500ms") Duration interval,
				@DefaultValue("100") int threshold, @DefaultValue("500") int batchSize,
				@DefaultValue("100000") int capacity, @DefaultValue("5s") Duration patience,
				@DefaultValue("5") int maxAttempts, @DefaultValue("20s") Duration closeLimit) {

			/**
			 * Checks that all values are positive.
			 */
			public WriteBehind {
				requirePositive("strates.store.write-behind.interval", interval);
				require(threshold > 0, "strates.store.write-behind.threshold", threshold, "Use 1 write or more");
				require(batchSize > 0, "strates.store.write-behind.batch-size", batchSize, "Use 1 write or more");
				require(capacity > 0, "strates.store.write-behind.capacity", capacity, "Use 1 write or more");
				requireNotNegative("strates.store.write-behind.patience", patience);
				require(maxAttempts > 0, "strates.store.write-behind.max-attempts", maxAttempts,
						"Use 1 attempt or more");
				requirePositive("strates.store.write-behind.close-limit", closeLimit);
			}

			WriteBehindSettings settings() {
				WriteBehindSettings defaults = WriteBehindSettings.DEFAULTS;
				return new WriteBehindSettings(this.interval, this.threshold, this.batchSize, this.capacity,
						this.maxAttempts, defaults.firstDelay(), defaults.longestDelay(), this.patience,
						this.closeLimit, this.closeLimit, defaults.lease());
			}

		}

		/**
		 * Keys of encrypted attributes.
		 *
		 * @param current Id of the key that is used for what is written. May be left out
		 * if there is one key.
		 * @param keys Keys by id, each the Base64 of 32 bytes. Those that are not current
		 * are for what was written with them.
		 */
		public record Encryption(@Nullable String current, @DefaultValue Map<String, String> keys) {

			/** Without the keys. */
			@Override
			public String toString() {
				return "encryption with the key " + this.current + " of " + this.keys.keySet();
			}

		}

	}

	/**
	 * Which builds garbage collection keeps, and when it runs.
	 *
	 * @param keepReleases Number of the newest releases to keep of each scope id,
	 * counting the live one.
	 * @param keepFailed Time to keep a failed build.
	 * @param keepRejected Time to keep a build that a rollback has left.
	 * @param keepUnreleased Time to keep a sealed build that was never released.
	 * @param abandonedAfter Time without a sign of life after which the writer of a build
	 * counts as dead.
	 * @param batchSize Most rows that one transaction removes; fewer where they take
	 * longer than about 100 ms.
	 * @param pause Pause between two such transactions.
	 * @param schedule Cron expression at which to collect, or 'off'. Runs on one node at
	 * a time.
	 */
	public record Gc(@DefaultValue("3") int keepReleases, @DefaultValue("24h") Duration keepFailed,
			@DefaultValue("7d") Duration keepRejected, @DefaultValue("7d") Duration keepUnreleased,
			@DefaultValue("5m") Duration abandonedAfter, @DefaultValue("5000") int batchSize,
			@DefaultValue("0ms") Duration pause, @DefaultValue("0 20 * * * *") String schedule) {

		private static final String OFF = "off";

		/**
		 * Checks that values are positive where they have to be, and the schedule.
		 */
		public Gc {
			require(keepReleases > 0, "strates.gc.keep-releases", keepReleases,
					"Use 1 or more: the live release is always kept");
			requireNotNegative("strates.gc.keep-failed", keepFailed);
			requireNotNegative("strates.gc.keep-rejected", keepRejected);
			requireNotNegative("strates.gc.keep-unreleased", keepUnreleased);
			requirePositive("strates.gc.abandoned-after", abandonedAfter);
			require(batchSize > 0, "strates.gc.batch-size", batchSize, "Use 1 row or more");
			requireNotNegative("strates.gc.pause", pause);
			require(isOff(schedule) || CronExpression.isValidExpression(schedule), "strates.gc.schedule", schedule,
					"Use a cron expression of six fields, such as '0 20 * * * *' for twenty past every hour, or 'off'");
		}

		boolean isScheduled() {
			return !isOff(this.schedule);
		}

		private static boolean isOff(String schedule) {
			return schedule.isBlank() || schedule.equals(OFF) || schedule.equals("-") || schedule.equals("false");
		}

	}

	private static void requirePositive(String property, Duration value) {
		require(value.toMillis() > 0, property, value, "Use a duration of at least a millisecond, such as 10s");
	}

	private static void requireNotNegative(String property, Duration value) {
		require(!value.isNegative(), property, value, "Use a duration that is not negative, such as 24h");
	}

	private static void require(boolean valid, String property, @Nullable Object value, String remedy) {
		if (!valid) {
			throw new StratesStartException("Property " + property + " has the value '" + value + "'",
					"Change " + property + ". " + remedy + ".");
		}
	}

	/** What properties say of caches, whatever keeps its values in them. */
	interface CacheAttributes {

		@Nullable Long maximum();

		@Nullable Duration localTimeToLive();

		@Nullable Duration remoteTimeToLive();

		@Nullable Duration absentTimeToLive();

		@Nullable Double jitter();

		@Nullable Duration loadTimeout();

		@Nullable Duration softTimeout();

		@Nullable Duration maxStale();

		@Nullable Double refreshAhead();

		@Nullable Boolean oneLoadPerCluster();

	}

}
