package io.strates.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.strates.boot.actuate.StratesDescriptor.CacheDescriptor;
import io.strates.cache.ChannelStatistics;
import io.strates.cache.CoherenceStatistics;
import io.strates.cache.Tiers;
import io.strates.store.DeadLetter;
import io.strates.store.QueuedWrites;
import io.strates.store.StoreStatistics;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import io.strates.store.WriteMode;
import org.jspecify.annotations.Nullable;

/**
 * The tiers as the node sees them that answers.
 *
 * @param channel how it hears the other nodes
 * @param caches its caches, by name; a store has one of its own name for entities, and
 * one for searches
 * @param stores its stores, by name
 * @since 0.1.0
 */
public record StratesTiersDescriptor(ChannelDescriptor channel, Map<String, CacheDescriptor> caches,
		Map<String, StoreDescriptor> stores) {

	static StratesTiersDescriptor of(Tiers tiers, @Nullable TieredStores stores) {
		Map<String, StoreDescriptor> described = new TreeMap<>();
		if (stores != null) {
			stores.all().forEach((store) -> described.put(store.name(), StoreDescriptor.of(store)));
		}
		return new StratesTiersDescriptor(ChannelDescriptor.of(tiers), caches(tiers), described);
	}

	static Map<String, CacheDescriptor> caches(Tiers tiers) {
		Map<String, CacheDescriptor> caches = new TreeMap<>();
		tiers.statistics().forEach((cache) -> caches.put(cache.name(), CacheDescriptor.of(cache)));
		tiers.coherentCaches().forEach((name, cache) -> caches.put(name, CacheDescriptor.of(cache)));
		return caches;
	}

	/**
	 * How a node hears the others.
	 *
	 * @param trusted whether its own last message came back in time; while it does not,
	 * values that change are relied on in memory for a second
	 * @param messages how many messages of other nodes came
	 * @param lastMessage how long ago the last message of any node came
	 * @param lag how long its own last message took to come back
	 * @param gaps how often messages were missing, so that memory was emptied
	 * @param answering whether the second tier answers, which it does not while the
	 * breaker is open
	 * @param breaker the state of the breaker before it, {@code OPEN} also while there is
	 * no connection, or {@code none} without a second tier
	 * @param debts how many keys it has yet to be told of, since it was away when they
	 * were written
	 */
	public record ChannelDescriptor(boolean trusted, long messages, @Nullable Duration lastMessage,
			@Nullable Duration lag, long gaps, boolean answering, String breaker, int debts) {

		static ChannelDescriptor of(Tiers tiers) {
			ChannelStatistics channel = tiers.channel();
			return new ChannelDescriptor(channel.trusted(), channel.received(), channel.silence(), channel.lag(),
					channel.gaps(), tiers.answering(), channel.breaker(), tiers.debts());
		}

	}

	/**
	 * What keeps a cache coherent.
	 *
	 * @param writes how many keys this node wrote
	 * @param fillsRefused how many values were not kept, since their key was written
	 * meanwhile
	 * @param invalidationsReceived how many keys other nodes told to be written or
	 * removed
	 * @param staleAnswers how often a value was served although its time was over
	 */
	public record CoherenceDescriptor(long writes, long fillsRefused, long invalidationsReceived, long staleAnswers) {

		static CoherenceDescriptor of(CoherenceStatistics coherence) {
			return new CoherenceDescriptor(coherence.writes(), coherence.fillsRefused(),
					coherence.invalidationsReceived(), coherence.staleAnswers());
		}

	}

	/**
	 * What a store did on this node.
	 *
	 * @param writeMode when its writes reach the tiers
	 * @param tags the attributes whose values are tags
	 * @param gets how many entities were asked for by id
	 * @param puts how many entities were written
	 * @param deletes how many ids were deleted
	 * @param searches how many searches were run or answered from memory
	 * @param failures how many operations failed
	 * @param queuedWrites how many ids have a write that is not yet in the database, on
	 * all nodes; -1 if the journal does not answer
	 * @param deadWrites how many ids have a write that the database has refused for good;
	 * -1 if the journal does not answer
	 */
	public record StoreDescriptor(WriteMode writeMode, List<String> tags, long gets, long puts, long deletes,
			long searches, long failures, long queuedWrites, long deadWrites) {

		static StoreDescriptor of(TieredStore<?, ?> store) {
			StoreStatistics did = store.statistics();
			return new StoreDescriptor(store.settings().writeMode(), store.settings().tags(), did.gets(), did.puts(),
					did.deletes(), did.searches(), did.failures(), did.queuedWrites(), did.deadWrites());
		}

	}

	/**
	 * One cache, and the store that it belongs to.
	 *
	 * @param name the name of the cache
	 * @param cache what it did
	 * @param store what its store did, or {@code null} if it belongs to none
	 * @param writes the queued writes of that store, or {@code null} if it queues none
	 */
	public record SelectedDescriptor(String name, CacheDescriptor cache, @Nullable StoreDescriptor store,
			@Nullable WritesDescriptor writes) {
	}

	/**
	 * The queued writes of a store; of each no more than a hundred.
	 *
	 * @param queued the ids that have a write that is not yet in the database, the oldest
	 * first
	 * @param dead the writes that the database has refused for good
	 */
	public record WritesDescriptor(List<String> queued, List<DeadWriteDescriptor> dead) {

		static WritesDescriptor of(QueuedWrites writes) {
			return new WritesDescriptor(writes.queued(StratesDescriptor.MOST),
					writes.dead(StratesDescriptor.MOST).stream().map(DeadWriteDescriptor::of).toList());
		}

	}

	/**
	 * A write that the database has refused for good.
	 *
	 * @param id the id of the entity
	 * @param cause why the database refused it the last time
	 * @param diedAt when it was given up
	 * @param attempts how often it was tried
	 */
	public record DeadWriteDescriptor(String id, String cause, Instant diedAt, int attempts) {

		static DeadWriteDescriptor of(DeadLetter letter) {
			return new DeadWriteDescriptor(letter.write().id(), letter.cause(), letter.diedAt(), letter.attempts());
		}

	}

	/**
	 * What was done with a dead write.
	 *
	 * @param store the store
	 * @param id the id of the entity
	 * @param action what was done: {@code retry} or {@code drop}
	 */
	public record SettledDescriptor(String store, String id, String action) {
	}

	/**
	 * What was invalidated.
	 *
	 * @param cache the cache
	 * @param key the key, if it was one
	 * @param tag the tag, if it was one
	 * @param found whether the memory of this node or the second tier had anything under
	 * the key, or {@code null} if it was no key. Other nodes forget it either way
	 * @param debts how many keys the second tier, and with it the other nodes, have yet
	 * to be told of
	 */
	public record InvalidationDescriptor(String cache, @Nullable String key, @Nullable String tag,
			@Nullable Boolean found, int debts) {
	}

	/**
	 * Whether a message came back.
	 *
	 * @param heard whether one came since it was asked
	 * @param waited how long that took
	 * @param channel the channel after it
	 */
	public record ProbeDescriptor(boolean heard, Duration waited, ChannelDescriptor channel) {
	}

}
