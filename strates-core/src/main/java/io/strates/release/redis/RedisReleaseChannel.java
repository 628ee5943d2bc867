package io.strates.release.redis;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.strates.release.Release;
import io.strates.release.ReleaseChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;

/**
 * Announces releases on a Redis channel. The text of a message is for people who watch
 * the channel; its receipt, and every (re)subscription, only makes a node look at the
 * database.
 *
 * <p>
 * <b>Failures:</b> never waits for Redis, neither at the start nor after a release. While
 * Redis is away, announcements are lost and the subscription is tried again every few
 * seconds.
 *
 * @since 0.1.0
 */
public final class RedisReleaseChannel implements ReleaseChannel {

	private static final Logger logger = LoggerFactory.getLogger(RedisReleaseChannel.class);

	private static final Duration RETRY = Duration.ofSeconds(5);

	private static final int MAX_PENDING = 64;

	private final StringRedisTemplate redis;

	private final RedisConnectionFactory connections;

	private final String channel;

	/**
	 * A client waits long for a Redis that has just gone: not with the thread that
	 * released.
	 */
	private final ThreadPoolExecutor announcer;

	private final CountDownLatch closed = new CountDownLatch(1);

	private @Nullable RedisMessageListenerContainer container;

	/**
	 * Creates the channel.
	 * @param connections the connections to Redis
	 * @param channel the name of the channel, the same on all nodes of an application
	 */
	public RedisReleaseChannel(RedisConnectionFactory connections, String channel) {
		this.connections = connections;
		this.redis = new StringRedisTemplate(connections);
		this.channel = channel;
		this.announcer = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_PENDING),
				(task) -> daemon(task, "strates-announce"), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.announcer.allowCoreThreadTimeOut(true);
	}

	@Override
	public void announce(Release release) {
		this.announcer.execute(() -> send(release));
	}

	private void send(Release release) {
		try {
			this.redis.convertAndSend(this.channel,
					release.scope() + "|" + release.scopeId() + "|" + release.buildStrate() + "|" + release.number());
		}
		catch (RuntimeException ex) {
			logger.warn("{} was not announced on Redis; other nodes find it with their next poll: {}",
					release.describe(), ex.toString());
		}
	}

	@Override
	public void listen(Runnable news) {
		daemon(() -> subscribe(news), "strates-subscribe").start();
	}

	private void subscribe(Runnable news) {
		boolean warned = false;
		while (this.closed.getCount() > 0) {
			try {
				subscribeOnce(news);
				return;
			}
			catch (RuntimeException ex) {
				if (!warned) {
					logger.warn("Redis cannot be subscribed to, which is tried again every {}; until then"
							+ " releases of other nodes are found by polling: {}", RETRY, ex.toString());
					warned = true;
				}
			}
			try {
				if (this.closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
					return;
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	/** A container whose start has failed is not used again. */
	private void subscribeOnce(Runnable news) {
		// The container's own attempts would be logged as errors.
		this.connections.getConnection().close();
		RedisMessageListenerContainer created = new RedisMessageListenerContainer();
		created.setConnectionFactory(this.connections);
		created.setTaskExecutor(Runnable::run);
		// A client that blocks while it is subscribed needs a thread for that.
		created.setSubscriptionExecutor((task) -> daemon(task, "strates-subscription").start());
		created.setRecoveryInterval(RETRY.toMillis());
		created.addMessageListener(new News(news), new ChannelTopic(this.channel));
		created.afterPropertiesSet();
		try {
			created.start();
		}
		catch (RuntimeException ex) {
			created.stop();
			throw ex;
		}
		synchronized (this) {
			if (this.closed.getCount() > 0) {
				this.container = created;
				return;
			}
		}
		created.stop();
	}

	@Override
	public synchronized boolean isListening() {
		return this.container != null && this.container.isListening();
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.announcer.shutdown();
		RedisMessageListenerContainer running;
		synchronized (this) {
			running = this.container;
			this.container = null;
		}
		if (running != null) {
			running.stop();
		}
	}

	private static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/** Messages and subscriptions alike are news. */
	private record News(Runnable news) implements MessageListener, SubscriptionListener {

		@Override
		public void onMessage(Message message, byte @Nullable [] pattern) {
			this.news.run();
		}

		@Override
		public void onChannelSubscribed(byte[] channel, long count) {
			this.news.run();
		}

	}

}
