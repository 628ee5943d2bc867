package io.strates.release.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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

	private static final int MAX_AWAITED = 10_000;

	private final StringRedisTemplate redis;

	private final RedisConnectionFactory connections;

	private final String channel;

	/**
	 * A client waits long for a Redis that has just gone: not with the thread that
	 * released.
	 */
	private final ThreadPoolExecutor announcer;

	/** Prepares for what other nodes release, one build after another. */
	private final ThreadPoolExecutor preparer;

	private final String node = UUID.randomUUID().toString();

	private final CountDownLatch closed = new CountDownLatch(1);

	/** Preparations that this node waits for, and how many other nodes have yet to do. */
	private final Map<String, CountDownLatch> awaited = new ConcurrentHashMap<>();

	private volatile @Nullable Consumer<UUID> preparation;

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
		this.preparer = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_PENDING),
				(task) -> daemon(task, "strates-prepare"), new ThreadPoolExecutor.DiscardOldestPolicy());
		this.preparer.allowCoreThreadTimeOut(true);
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

	/*
	 * Redis tells how many have received a message: this node is one of them if it
	 * listens, the others answer when they are done. In a Cluster it tells of those who
	 * listen on the node that it is sent to; the rest is not waited for.
	 */
	@Override
	public void prepare(UUID buildStrate, Duration limit) {
		String call = this.node + "/" + UUID.randomUUID();
		CountDownLatch answers = new CountDownLatch(MAX_AWAITED);
		this.awaited.put(call, answers);
		this.announcer.execute(() -> ask(call, buildStrate, answers));
		try {
			if (!answers.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
				logger.info("Not all other nodes have prepared for build {} within {}", buildStrate, limit);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.awaited.remove(call);
		}
	}

	private void ask(String call, UUID buildStrate, CountDownLatch answers) {
		long others = 0;
		try {
			Long receivers = this.redis.convertAndSend(prepareChannel(), call + "|" + buildStrate);
			others = ((receivers != null) ? receivers : 0) - (isListening() ? 1 : 0);
		}
		catch (RuntimeException ex) {
			logger.debug("Other nodes were not asked to prepare: {}", ex.toString());
		}
		for (long more = others; more < MAX_AWAITED; more++) {
			answers.countDown();
		}
	}

	@Override
	public void onPrepare(Consumer<UUID> preparation) {
		this.preparation = preparation;
	}

	private String prepareChannel() {
		return this.channel + ":prepare";
	}

	private String preparedChannel() {
		return this.channel + ":prepared";
	}

	private void prepare(String message) {
		int end = message.indexOf('|');
		Consumer<UUID> prepared = this.preparation;
		if (end < 0 || message.startsWith(this.node + "/")) {
			return;
		}
		this.preparer.execute(() -> {
			try {
				if (prepared != null) {
					prepared.accept(UUID.fromString(message.substring(end + 1)));
				}
			}
			catch (RuntimeException ex) {
				logger.warn("Not everything that is hot was prepared for build {}; it is read when it is asked for",
						message.substring(end + 1), ex);
			}
			finally {
				answer(message.substring(0, end));
			}
		});
	}

	private void answer(String call) {
		try {
			this.redis.convertAndSend(preparedChannel(), call);
		}
		catch (RuntimeException ex) {
			logger.debug("The node that asked to prepare waits in vain: {}", ex.toString());
		}
	}

	private void prepared(String call) {
		CountDownLatch answers = this.awaited.get(call);
		if (answers != null) {
			answers.countDown();
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
		created.addMessageListener((message, pattern) -> prepare(text(message)), new ChannelTopic(prepareChannel()));
		created.addMessageListener((message, pattern) -> prepared(text(message)), new ChannelTopic(preparedChannel()));
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

	private static String text(Message message) {
		return new String(message.getBody(), StandardCharsets.UTF_8);
	}

	@Override
	public synchronized boolean isListening() {
		return this.container != null && this.container.isListening();
	}

	@Override
	public void close() {
		this.closed.countDown();
		this.announcer.shutdown();
		this.preparer.shutdownNow();
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
