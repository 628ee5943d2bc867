package io.strates.boot.actuate;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import io.strates.boot.actuate.StratesDescriptor.CacheDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.ChannelDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.InvalidationDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.ProbeDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.SelectedDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.SettledDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.StoreDescriptor;
import io.strates.boot.actuate.StratesTiersDescriptor.WritesDescriptor;
import io.strates.cache.CacheExplanation;
import io.strates.cache.CacheInspection;
import io.strates.cache.CoherentCache;
import io.strates.cache.Tiers;
import io.strates.cache.spring.TieredCacheManager;
import io.strates.store.QueuedWrites;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Actuator endpoint that shows the caches and the channel of the node that answers, tells
 * why it answers a key as it does, and invalidates on every node.
 *
 * <p>
 * A cache is selected by its name, or by the end of it, after a slash or a dot, if no
 * other cache ends in the same; a key by what a person writes for it: the id of an
 * entity, or the argument of a method.
 *
 * @since 0.1.0
 */
@Endpoint(id = "stratestiers")
public class StratesTiersEndpoint {

	/** What is selected to wait for a message. */
	static final String PROBE = "probe";

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private static final Duration STEP = Duration.ofMillis(20);

	private final Tiers tiers;

	private final @Nullable TieredStores stores;

	private final @Nullable TieredCacheManager methods;

	/**
	 * Creates the endpoint.
	 * @param tiers the tiers of this node
	 * @param stores the stores on them, or {@code null} if there are none
	 * @param methods the caches of methods on them, or {@code null} if there are none
	 */
	public StratesTiersEndpoint(Tiers tiers, @Nullable TieredStores stores, @Nullable TieredCacheManager methods) {
		this.tiers = tiers;
		this.stores = stores;
		this.methods = methods;
	}

	/**
	 * Returns the channel, all caches and all stores.
	 * @return what this node did
	 */
	@ReadOperation
	public StratesTiersDescriptor tiers() {
		return StratesTiersDescriptor.of(this.tiers, this.stores);
	}

	/**
	 * Returns one cache, and the store that it belongs to with its queued and dead
	 * writes.
	 * @param cache its name, or the end of it
	 * @return what it did, and its settings
	 */
	@ReadOperation
	public SelectedDescriptor cache(@Selector String cache) {
		String name = selected(cache);
		CoherentCache<?, ?> coherent = this.tiers.coherentCaches().get(name);
		CacheDescriptor did = (coherent != null) ? CacheDescriptor.of(coherent)
				: CacheDescriptor.of(this.tiers.statistics(name));
		TieredStore<?, ?> store = store(name);
		return (store != null)
				? new SelectedDescriptor(name, did, StoreDescriptor.of(store),
						store.queuedWrites().map(WritesDescriptor::of).orElse(null))
				: new SelectedDescriptor(name, did, null, null);
	}

	/**
	 * Queues a write again that the database has refused for good, or drops it.
	 * @param store the name of the store, or the end of it
	 * @param action {@code retry} or {@code drop}
	 * @param id the text of the id; parts that are separated by slashes belong together
	 * @return what was done
	 */
	@WriteOperation
	public SettledDescriptor settle(@Selector String store, String action,
			@Selector(match = Selector.Match.ALL_REMAINING) String... id) {
		String name = selected(store);
		TieredStore<?, ?> found = store(name);
		QueuedWrites writes = (found != null) ? found.queuedWrites().orElse(null) : null;
		if (writes == null) {
			throw new NoSuchCacheException(
					"'" + name + "' queues no writes; stores do whose write mode is WRITE_BEHIND");
		}
		String text = String.join("/", id);
		boolean done = switch (action) {
			case "retry" -> writes.retry(text);
			case "drop" -> writes.drop(text);
			default -> {
				String message = "Action '" + action
						+ "' does not exist; send {\"action\":\"retry\"} or {\"action\":\"drop\"}";
				throw new InvalidEndpointRequestException(message, message);
			}
		};
		if (!done) {
			throw new NoSuchCacheException("Store '" + name + "' has no dead write of '" + text + "'; GET stratestiers/"
					+ name + " lists them below the actuator's path");
		}
		return new SettledDescriptor(name, text, action);
	}

	private @Nullable TieredStore<?, ?> store(String name) {
		if (this.stores != null) {
			for (TieredStore<?, ?> store : this.stores.all()) {
				if (store.name().equals(name)) {
					return store;
				}
			}
		}
		return null;
	}

	/**
	 * Tells why this node answers a key as it does. Nothing is loaded, counted or kept.
	 * @param cache the name of the cache, or the end of it
	 * @param key the text of the key; parts that are separated by slashes belong together
	 * @return what each tier has of it, and what the next read does
	 */
	@ReadOperation
	public CacheExplanation explain(@Selector String cache,
			@Selector(match = Selector.Match.ALL_REMAINING) String... key) {
		return inspection(selected(cache)).explain(String.join("/", key));
	}

	/**
	 * Forgets what a cache holds in every tier of every node: all of it, or what carries
	 * a tag.
	 * @param cache the name of the cache, or the end of it
	 * @param tag the tag, that of a store as {@code attribute=value}, or {@code null} for
	 * everything
	 * @return what was invalidated
	 */
	@DeleteOperation
	public InvalidationDescriptor invalidate(@Selector String cache, @Nullable String tag) {
		String name = selected(cache);
		CoherentCache<?, ?> coherent = coherent(name);
		TieredStore<?, ?> store = store(name);
		if (tag == null) {
			coherent.invalidateAll();
		}
		else if (store != null) {
			int end = tag.indexOf('=');
			store.invalidateTag((end < 0) ? tag : tag.substring(0, end), (end < 0) ? null : tag.substring(end + 1));
		}
		else {
			coherent.invalidateTag(tag);
		}
		return new InvalidationDescriptor(name, null, tag, null, this.tiers.debts());
	}

	/**
	 * Forgets a key in every tier of every node, whether this node knows of it or not.
	 * @param cache the name of the cache, or the end of it
	 * @param key the text of the key; parts that are separated by slashes belong together
	 * @return what was invalidated
	 */
	@DeleteOperation
	public InvalidationDescriptor invalidateKey(@Selector String cache,
			@Selector(match = Selector.Match.ALL_REMAINING) String... key) {
		String name = selected(cache);
		String text = String.join("/", key);
		CacheInspection inspection = inspection(name);
		boolean found = isFound(inspection.explain(text));
		inspection.invalidate(text);
		return new InvalidationDescriptor(name, text, null, found, this.tiers.debts());
	}

	/**
	 * Waits until a message comes through the channel; each node sends itself one about
	 * twice a second.
	 * @param operation has to be {@code probe}
	 * @return whether one came
	 */
	@WriteOperation
	public ProbeDescriptor probe(@Selector String operation) {
		if (!operation.equals(PROBE)) {
			throw new NoSuchCacheException("Operation '" + operation + "' does not exist; select '" + PROBE + "'");
		}
		long start = System.nanoTime();
		while (true) {
			Duration waited = Duration.ofNanos(System.nanoTime() - start);
			ChannelDescriptor channel = ChannelDescriptor.of(this.tiers);
			Duration silence = channel.lastMessage();
			boolean heard = silence != null && silence.compareTo(waited) < 0;
			if (heard || channel.breaker().equals("none") || waited.compareTo(PATIENCE) > 0
					|| Thread.currentThread().isInterrupted()) {
				return new ProbeDescriptor(heard, waited.truncatedTo(ChronoUnit.MILLIS), channel);
			}
			LockSupport.parkNanos(STEP.toNanos());
		}
	}

	private static boolean isFound(CacheExplanation explained) {
		return explained.memory() != null || switch (explained.remote()) {
			case PRESENT, OUTDATED, UNREADABLE -> true;
			case MISSING, FENCED, AWAY, NONE -> false;
		};
	}

	/** Stores and methods know what people write for their keys. */
	private CacheInspection inspection(String name) {
		CacheInspection tiers = coherent(name).inspection();
		TieredStore<?, ?> store = store(name);
		if (store != null) {
			return store.inspection();
		}
		return (this.methods != null) ? this.methods.inspections().getOrDefault(name, tiers) : tiers;
	}

	private CoherentCache<?, ?> coherent(String name) {
		CoherentCache<?, ?> cache = this.tiers.coherentCaches().get(name);
		if (cache == null) {
			String message = "Cache '" + name + "' holds what was made of released builds, which never changes: there"
					+ " is nothing to invalidate or to explain; GET strates tells which build is live";
			throw new InvalidEndpointRequestException(message, message);
		}
		return cache;
	}

	private String selected(String selector) {
		Set<String> names = new TreeSet<>(this.tiers.coherentCaches().keySet());
		this.tiers.statistics().forEach((cache) -> names.add(cache.name()));
		if (names.contains(selector)) {
			return selector;
		}
		Predicate<String> meant = (name) -> name.endsWith("/" + selector) || name.endsWith("." + selector)
				|| name.endsWith("$" + selector);
		List<String> found = names.stream().filter(meant).toList();
		if (found.isEmpty()) {
			throw new NoSuchCacheException("Cache '" + selector + "' does not exist; there are " + names);
		}
		if (found.size() > 1) {
			String message = "Cache '" + selector + "' could be one of " + found + "; select one by its whole name";
			throw new InvalidEndpointRequestException(message, message);
		}
		return found.get(0);
	}

}
