package io.strates.cache.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.strates.cache.CoherentTier;
import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevRedis;

import static org.awaitility.Awaitility.await;

/** A node with a client of its own, and what its listener was told. */
final class RedisNode implements AutoCloseable {

	static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String PASS = """
			for _, f in ipairs(redis.call('KEYS', ARGV[1])) do
				local fields = redis.call('HGETALL', f)
				for i = 1, #fields, 2 do
					if fields[i] == 'e' or string.sub(fields[i], 1, 2) == 'w:' then
						redis.call('HSET', f, fields[i], string.format('%.0f', fields[i + 1] - ARGV[2]))
					end
				end
				redis.call('PEXPIRE', f, string.format('%.0f', redis.call('PTTL', f) - ARGV[2]))
			end
			""";

	final CircuitBreaker breaker = CircuitBreaker.of("l2",
			CircuitBreakerConfig.custom()
				.slidingWindowSize(4)
				.minimumNumberOfCalls(4)
				.waitDurationInOpenState(Duration.ofMillis(500))
				.build());

	final RedisCoherentTier tier;

	private final String space;

	private final AbstractRedisClient client;

	private final RedisClient others;

	private final List<String> events = new CopyOnWriteArrayList<>();

	/** Another connection than the tier's, to the first master. */
	RedisCommands<String, String> redis;

	private StatefulRedisConnection<String, String> connection;

	RedisNode(DevRedis server, String space) {
		this(server, server.host(), server.port(), space, UnaryOperator.identity());
	}

	/** Returns a node of a Cluster. */
	static RedisNode inCluster(DevRedis server, String space) {
		return new RedisNode(server, RedisClusterClient.create(RedisURI.create(server.host(), server.port())), space,
				UnaryOperator.identity());
	}

	RedisNode(DevRedis server, String host, int port, String space, UnaryOperator<RedisCoherentTier.Builder> setUp) {
		this(server, RedisClient.create(RedisURI.create(host, port)), space, setUp);
	}

	private RedisNode(DevRedis server, AbstractRedisClient client, String space,
			UnaryOperator<RedisCoherentTier.Builder> setUp) {
		this.space = space;
		this.client = client;
		this.others = RedisClient.create(RedisURI.create(server.host(), server.port()));
		this.tier = setUp
			.apply(RedisCoherentTier.builder(this.client, space, this.breaker).timeout(Duration.ofSeconds(10)))
			.build();
		this.tier.listen(new CoherentTier.Listener() {
			@Override
			public void invalidated(Collection<String> keys) {
				RedisNode.this.events.add("invalidated " + keys);
			}

			@Override
			public void landed(Collection<String> keys) {
				RedisNode.this.events.add("landed " + keys);
			}

			@Override
			public void doubted() {
				RedisNode.this.events.add("doubted" + (RedisNode.this.tier.trusted() ? " while trusted" : ""));
			}
		});
	}

	void awaitTrust() {
		await().atMost(PATIENCE).until(() -> this.tier.trusted() && answers());
		if (this.connection == null || !this.connection.isOpen()) {
			this.connection = this.others.connect();
			this.redis = this.connection.sync();
		}
	}

	boolean answers() {
		try {
			this.tier.fetch(List.of("?"));
			return true;
		}
		catch (TierUnavailableException ex) {
			return false;
		}
	}

	void awaitEvent(String event) {
		await().atMost(PATIENCE).until(() -> this.events.contains(event));
	}

	/** Waits until so many messages of its own have come back. */
	void awaitProbes(int count) {
		for (int probe = 0; probe < count; probe++) {
			Duration before = this.tier.channel().lag();
			await().atMost(PATIENCE)
				.until(() -> !String.valueOf(before).equals(String.valueOf(this.tier.channel().lag())));
		}
	}

	List<String> events() {
		return List.copyOf(this.events);
	}

	/**
	 * Returns what other nodes told it. Doubts are left out: a machine that stalls for
	 * more than a second brings one more.
	 */
	List<String> news() {
		return this.events.stream().filter((event) -> !event.equals("doubted")).toList();
	}

	void forgetEvents() {
		this.events.clear();
	}

	String valueKey(String key) {
		return this.redis.keys(this.space + ":*:{" + key + "}v").get(0);
	}

	/** Makes Redis think that what it guards was written that long ago. */
	void letPass(Duration time) {
		if (this.client instanceof RedisClusterClient cluster) {
			try (StatefulRedisClusterConnection<String, String> masters = cluster.connect()) {
				masters.getPartitions()
					.forEach((node) -> letPass(masters.getConnection(node.getNodeId()).sync(), time));
			}
		}
		else {
			letPass(this.redis, time);
		}
	}

	private void letPass(RedisCommands<String, String> master, Duration time) {
		master.eval(PASS, ScriptOutputType.STATUS, new String[0], this.space + ":*}f", Long.toString(time.toMillis()));
	}

	@Override
	public void close() {
		this.tier.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.others.shutdown(0, 1, TimeUnit.SECONDS);
	}

}
