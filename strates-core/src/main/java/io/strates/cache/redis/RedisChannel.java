package io.strates.cache.redis;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.strates.cache.ChannelStatistics;
import io.strates.cache.CoherentTier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one node hears of others. It is trusted from when a message of its own came back
 * in time, after the listener was told to doubt, until one does not or the subscription
 * is lost.
 *
 * <p>
 * Messages are handed on by one thread, so that the client's threads are never held up.
 * One that is held up itself hears its own messages late, and thereby loses trust.
 */
final class RedisChannel implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RedisChannel.class);

	private static final int MAX_PENDING = 100_000;

	private final AbstractRedisClient client;

	private final Connector connector;

	private final byte[] name;

	private final String origin;

	private final Duration lateAfter;

	private final Duration untrustedAfter;

	private final Duration deadAfter;

	private final OriginSequences sequences;

	private final Consumer<ChannelMessage> foreign;

	private final ExecutorService subscriber = Executors
		.newSingleThreadExecutor((task) -> RedisCoherentTier.daemon(task, "strates-coherence-subscriber"));

	private final ThreadPoolExecutor dispatcher = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new ArrayBlockingQueue<>(MAX_PENDING),
			(task) -> RedisCoherentTier.daemon(task, "strates-coherence-listener"));

	private final AtomicBoolean subscribing = new AtomicBoolean();

	private final AtomicBoolean warnedOfMessage = new AtomicBoolean();

	private final AtomicBoolean warnedOfAbsence = new AtomicBoolean();

	private final AtomicLong received = new AtomicLong();

	private final AtomicLong gaps = new AtomicLong();

	private volatile CoherentTier.@Nullable Listener listener;

	private volatile @Nullable Subscription current;

	private volatile @Nullable Subscription trusted;

	/** When the last own message was sent that came back. */
	private volatile long backSent;

	private volatile @Nullable Duration lag;

	private volatile @Nullable Long heardAt;

	private volatile boolean closed;

	RedisChannel(AbstractRedisClient client, Connector connector, String name, String origin, Duration interval,
			Duration lateAfter, Consumer<ChannelMessage> foreign) {
		this.client = client;
		this.connector = connector;
		this.name = RedisSession.utf8(name);
		this.origin = origin;
		this.lateAfter = lateAfter;
		this.untrustedAfter = interval.plus(lateAfter);
		this.deadAfter = this.untrustedAfter.plus(lateAfter);
		this.sequences = new OriginSequences(!(client instanceof RedisClusterClient));
		this.foreign = foreign;
	}

	byte[] name() {
		return this.name;
	}

	void listen(CoherentTier.Listener listener) {
		if (this.listener != null) {
			throw new IllegalStateException("The tier has a listener already: " + this.listener);
		}
		this.listener = listener;
		subscribe();
	}

	boolean trusted() {
		Subscription subscription = this.trusted;
		return subscription != null && subscription == this.current && !older(this.untrustedAfter);
	}

	private boolean older(Duration limit) {
		return System.nanoTime() - this.backSent > limit.toNanos();
	}

	/**
	 * Called with each probe.
	 * @param answering whether Redis answers, so that a silent subscription must be dead
	 */
	void tend(boolean answering) {
		Subscription subscription = this.current;
		if (subscription == null) {
			subscribe();
		}
		else if (answering && subscription.isOlderThan(this.deadAfter) && older(this.deadAfter)) {
			logger.debug("The subscription is silent and made anew");
			subscription.end();
		}
	}

	/** The tier was out of reach of this node, though other nodes may have been heard. */
	void returned() {
		CoherentTier.Listener told = this.listener;
		if (told != null) {
			told.returned();
		}
	}

	/** Memory is in doubt for another reason than a message. */
	void doubt() {
		hand(() -> {
			CoherentTier.Listener told = this.listener;
			if (told != null) {
				told.doubted();
			}
		});
	}

	/** Another process has taken the place of the one that was told of writes. */
	void replaced() {
		CoherentTier.Listener told = this.listener;
		if (told != null) {
			told.replaced();
		}
		doubt();
	}

	private void subscribe() {
		if (this.closed || this.listener == null || !this.subscribing.compareAndSet(false, true)) {
			return;
		}
		try {
			this.subscriber.execute(this::tryToSubscribe);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The channel is closed");
		}
	}

	private void tryToSubscribe() {
		try {
			if (this.current == null && !this.closed) {
				open();
				this.warnedOfAbsence.set(false);
			}
		}
		catch (RuntimeException ex) {
			if (this.warnedOfAbsence.compareAndSet(false, true)) {
				logger.warn("Redis cannot be subscribed to; until it can, memory is relied on for moments only: {}",
						ex.toString());
			}
		}
		finally {
			this.subscribing.set(false);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void open() {
		StatefulRedisPubSubConnection<byte[], byte[]> connection = this.connector.connect(this::connect);
		Subscription subscription = new Subscription(connection);
		this.current = subscription;
		connection.addListener((RedisConnectionStateListener) subscription);
		connection.addListener(subscription.messages);
		connection.async().subscribe(this.name);
		if (this.closed || !connection.isOpen()) {
			subscription.end();
		}
	}

	private StatefulRedisPubSubConnection<byte[], byte[]> connect() {
		if (this.client instanceof RedisClusterClient cluster) {
			return cluster.connectPubSub(ByteArrayCodec.INSTANCE);
		}
		return ((RedisClient) this.client).connectPubSub(ByteArrayCodec.INSTANCE);
	}

	private void hand(Runnable task) {
		try {
			this.dispatcher.execute(task);
		}
		catch (RejectedExecutionException ex) {
			Subscription subscription = this.current;
			if (!this.closed && subscription != null) {
				logger.warn("{} messages are pending; the subscription is made anew and memory emptied", MAX_PENDING);
				subscription.end();
			}
		}
	}

	private void dispatch(Subscription from, byte[] bytes) {
		long now = System.nanoTime();
		this.heardAt = now;
		ChannelMessage message = ChannelMessage.parse(bytes);
		CoherentTier.Listener told = this.listener;
		if (message == null || told == null) {
			this.received.incrementAndGet();
			if (this.warnedOfMessage.compareAndSet(false, true)) {
				logger.warn("There was a message on the channel that cannot be read; it is ignored, and so are others"
						+ " like it, without a warning each");
			}
			return;
		}
		try {
			dispatch(from, message, told, now);
		}
		catch (RuntimeException ex) {
			logger.warn("A message of another node could not be heeded; memory is in doubt", ex);
			told.doubted();
		}
	}

	private void dispatch(Subscription from, ChannelMessage message, CoherentTier.Listener told, long now) {
		boolean own = message.origin().equals(this.origin);
		if (!own) {
			this.received.incrementAndGet();
		}
		if (this.sequences.lost(message)) {
			this.gaps.incrementAndGet();
			told.doubted();
		}
		switch (message.kind()) {
			case INVALIDATED -> {
				if (!own) {
					told.invalidated(message.keys());
					this.foreign.accept(message);
				}
			}
			case LANDED -> told.landed(message.keys());
			case PROBE -> {
				if (own) {
					cameBack(from, message.sent(), told, now);
				}
			}
		}
	}

	private void cameBack(Subscription from, long sent, CoherentTier.Listener told, long now) {
		this.lag = Duration.ofNanos(now - sent);
		if (now - sent > this.lateAfter.toNanos()) {
			return;
		}
		if (from != this.trusted || older(this.untrustedAfter)) {
			this.sequences.forget();
			told.doubted();
		}
		this.backSent = sent;
		this.trusted = from;
	}

	ChannelStatistics statistics(String breaker) {
		Long heard = this.heardAt;
		Duration silence = (heard != null) ? Duration.ofNanos(Math.max(0, System.nanoTime() - heard)) : null;
		return new ChannelStatistics(trusted(), this.received.get(), silence, this.lag, this.gaps.get(), breaker);
	}

	@Override
	public void close() {
		this.closed = true;
		this.subscriber.shutdownNow();
		this.dispatcher.shutdownNow();
		Subscription subscription = this.current;
		if (subscription != null) {
			subscription.end();
		}
	}

	/** One connection, which is never used again once it was lost. */
	private final class Subscription implements RedisConnectionStateListener {

		private final StatefulRedisPubSubConnection<byte[], byte[]> connection;

		private final AtomicBoolean ended = new AtomicBoolean();

		private final long openedAt = System.nanoTime();

		private final RedisPubSubAdapter<byte[], byte[]> messages = new RedisPubSubAdapter<>() {
			@Override
			public void message(byte[] channel, byte[] message) {
				hand(() -> dispatch(Subscription.this, message));
			}
		};

		Subscription(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
			this.connection = connection;
		}

		boolean isOlderThan(Duration age) {
			return System.nanoTime() - this.openedAt > age.toNanos();
		}

		@Override
		public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
			end();
		}

		@SuppressWarnings("FutureReturnValueIgnored")
		void end() {
			if (this.ended.compareAndSet(false, true)) {
				RedisChannel.this.current = null;
				this.connection.closeAsync();
				subscribe();
			}
		}

	}

}
