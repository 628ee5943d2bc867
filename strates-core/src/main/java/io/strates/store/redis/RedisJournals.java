package io.strates.store.redis;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.AbstractRedisClient;
import io.strates.internal.redis.RedisLink;
import io.strates.internal.redis.RedisQuestions;
import io.strates.store.WriteJournal;

/**
 * Journals of write-behind in Redis, one for each store: standalone, behind Sentinels, or
 * a Cluster, as the client is set up.
 *
 * <p>
 * What is in a journal survives the application, and Redis itself as far as Redis
 * persists: set {@code appendonly yes}, and a {@code maxmemory-policy} that evicts no
 * keys without a time to live. <b>Concurrency:</b> thread-safe; all nodes share a
 * journal. All keys of a store are in one slot. <b>Lifecycle:</b> they share a connection
 * of their own, which is made in the background, so that an application starts without
 * Redis; {@link #close()} ends it and leaves the client open, which is the application's.
 * <b>Failures:</b> no call waits longer than the time limit for a command, and none is
 * sent while the circuit breaker is open.
 *
 * @since 0.1.0
 */
public final class RedisJournals implements AutoCloseable {

	/** Sooner than for caches: writes are refused meanwhile. */
	private static final Duration RETRY = Duration.ofMillis(250);

	private final RedisLink link;

	private final String namespace;

	private final Duration timeout;

	private final RedisQuestions questions;

	/**
	 * Creates access to the journals.
	 * @param client the client
	 * @param namespace what all keys begin with
	 * @param timeout how long a command may take
	 * @param breaker decides when Redis is not asked
	 */
	public RedisJournals(AbstractRedisClient client, String namespace, Duration timeout, CircuitBreaker breaker) {
		this.link = new RedisLink(client, "The journal of write-behind", "writes that need its journal are refused",
				RETRY);
		this.namespace = namespace;
		this.timeout = timeout;
		this.questions = new RedisQuestions(this.link, breaker);
	}

	/**
	 * Returns the journal of a store.
	 * @param store the name of the store
	 * @return the journal; closing it does nothing
	 */
	public WriteJournal journal(String store) {
		return new RedisJournal(this.questions, this.namespace, store, this.timeout);
	}

	/**
	 * Waits until the first attempt to connect has succeeded or failed, so that journals
	 * are not asked too early for nothing. Logs a warning if neither is so within the
	 * limit.
	 * @param limit how long it waits at most
	 */
	public void awaitConnection(Duration limit) {
		this.link.awaitAttempt(limit);
	}

	@Override
	public void close() {
		this.link.close();
	}

}
