package io.strates.internal.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to Redis that is made in the background by whoever asks first, and again
 * some time after an attempt has failed. Once made, the client keeps it. Nobody waits for
 * it.
 */
public final class RedisLink implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RedisLink.class);

	private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

	private static final Duration FAREWELL = Duration.ofSeconds(1);

	private final AbstractRedisClient client;

	private final String name;

	private final String meanwhile;

	private final Duration retry;

	private final ExecutorService connector;

	private final AtomicBoolean connecting = new AtomicBoolean();

	private final CountDownLatch attempted = new CountDownLatch(1);

	private volatile long failedAt;

	private volatile boolean failed;

	private volatile boolean closed;

	private volatile @Nullable StatefulConnection<String, byte[]> connection;

	/**
	 * Begins to connect.
	 * @param client makes the connection: a {@link RedisClient} or a
	 * {@link RedisClusterClient}
	 * @param name what is connected, as logs call it
	 * @param meanwhile what becomes of whoever needs it while Redis cannot be reached, as
	 * logs say it
	 * @param retry how long after a failure the next attempt begins at the earliest
	 */
	public RedisLink(AbstractRedisClient client, String name, String meanwhile, Duration retry) {
		this.client = client;
		this.name = name;
		this.meanwhile = meanwhile;
		this.retry = retry;
		this.connector = Executors.newSingleThreadExecutor((task) -> {
			Thread thread = new Thread(task, "strates-redis");
			thread.setDaemon(true);
			return thread;
		});
		commands();
	}

	/**
	 * Returns the commands.
	 * @return the commands, or {@code null} while there is no connection
	 */
	public @Nullable RedisClusterAsyncCommands<String, byte[]> commands() {
		StatefulConnection<String, byte[]> made = this.connection;
		if (made == null) {
			connect();
			return null;
		}
		if (!made.isOpen()) {
			return null;
		}
		return (made instanceof StatefulRedisClusterConnection<String, byte[]> cluster) ? cluster.async()
				: ((StatefulRedisConnection<String, byte[]>) made).async();
	}

	/**
	 * Waits until the first attempt to connect has succeeded or failed, and logs a
	 * warning if it has not within the limit.
	 * @param limit how long it waits at most
	 */
	public void awaitAttempt(Duration limit) {
		try {
			if (!this.attempted.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
				logger.warn("Redis does not answer within {} ms; {} until it does", limit.toMillis(), this.meanwhile);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void connect() {
		boolean early = this.failed && System.nanoTime() - this.failedAt < this.retry.toNanos();
		if (early || this.closed || !this.connecting.compareAndSet(false, true)) {
			return;
		}
		try {
			this.connector.execute(this::tryToConnect);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} was asked for after it was closed", this.name);
		}
	}

	private void tryToConnect() {
		try {
			this.connection = open();
			logger.info("{} is connected", this.name);
			if (this.closed) {
				disconnect();
			}
		}
		catch (RuntimeException ex) {
			if (!this.failed) {
				logger.warn("Redis cannot be reached; {} until it can: {}", this.meanwhile, ex.toString());
			}
			this.failedAt = System.nanoTime();
			this.failed = true;
		}
		finally {
			this.connecting.set(false);
			this.attempted.countDown();
		}
	}

	private StatefulConnection<String, byte[]> open() {
		if (this.client instanceof RedisClusterClient cluster) {
			return cluster.connect(CODEC);
		}
		if (this.client instanceof RedisClient single) {
			return single.connect(CODEC);
		}
		throw new IllegalStateException("Redis client " + this.client.getClass().getName()
				+ " is none that is known; pass a RedisClient or a RedisClusterClient");
	}

	/**
	 * Waits a moment for an attempt under way: a client that is shut down while it
	 * connects leaves the connection open. Nobody waits for the end of the connection,
	 * which Redis may keep to itself.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.connector.shutdown();
		try {
			this.connector.awaitTermination(FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		disconnect();
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void disconnect() {
		StatefulConnection<String, byte[]> made = this.connection;
		if (made != null) {
			made.closeAsync();
		}
	}

}
