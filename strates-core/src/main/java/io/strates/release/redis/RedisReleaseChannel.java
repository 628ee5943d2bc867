package io.strates.release.redis;

import io.strates.release.Release;
import io.strates.release.ReleaseChannel;
import org.jspecify.annotations.Nullable;

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
 * @since 0.1.0
 */
public final class RedisReleaseChannel implements ReleaseChannel {

	private final StringRedisTemplate redis;

	private final RedisConnectionFactory connections;

	private final String channel;

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
	}

	@Override
	public void announce(Release release) {
		this.redis.convertAndSend(this.channel,
				release.scope() + "|" + release.scopeId() + "|" + release.buildStrate() + "|" + release.number());
	}

	@Override
	public synchronized void listen(Runnable news) {
		RedisMessageListenerContainer created = new RedisMessageListenerContainer();
		created.setConnectionFactory(this.connections);
		created.setTaskExecutor(Runnable::run);
		created.addMessageListener(new News(news), new ChannelTopic(this.channel));
		created.afterPropertiesSet();
		created.start();
		this.container = created;
	}

	@Override
	public synchronized void close() {
		if (this.container != null) {
			this.container.stop();
			this.container = null;
		}
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
