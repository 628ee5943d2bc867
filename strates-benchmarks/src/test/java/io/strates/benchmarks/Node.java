package io.strates.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import io.lettuce.core.protocol.RedisCommand;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.cache.redis.RedisTier;

import static org.awaitility.Awaitility.await;

/** A node of an application, with a client of its own. */
final class Node implements AutoCloseable {

	final Tiers tiers;

	private final RedisClient client;

	private final RedisCoherentTier tier;

	/**
	 * What was sent since the last look, one command each, with the digest of a script.
	 */
	private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();

	private Node(Servers servers, String space, boolean counting) {
		this.client = RedisClient.create(RedisURI.create(servers.redisHost(), servers.redisPort()));
		if (counting) {
			this.client.addListener(new Counter());
		}
		CircuitBreaker breaker = CircuitBreaker.ofDefaults("l2");
		this.tier = RedisCoherentTier.builder(this.client, space, breaker).timeout(Duration.ofSeconds(2)).build();
		this.tiers = Tiers.builder(space)
			.remote(new RedisTier(this.client, Duration.ofSeconds(2), breaker), JacksonCodecs.smile())
			.coherent(this.tier)
			.build();
		await().atMost(Duration.ofSeconds(30)).until(() -> this.tier.trusted() && this.tier.answering());
	}

	static Node start(Servers servers, String space) {
		return new Node(servers, space, false);
	}

	/** Starts a node that counts what it sends, which costs time. */
	static Node startCounting(Servers servers, String space) {
		return new Node(servers, space, true);
	}

	CoherentCache<Long, Article> articles(String name, CacheSettings settings) {
		return this.tiers.coherent(CoherentCacheSpec.of(name, (Long id) -> Long.toString(id),
				JacksonCodecs.smile().codec(Article.class), settings));
	}

	/** Counts what work sends to Redis, each command being a round trip. */
	List<String> sentBy(Runnable work) {
		// What is sent anyway, about twice a second.
		this.sent.clear();
		await().atMost(Duration.ofSeconds(30)).until(() -> this.sent.size() > 1);
		Set<String> probes = new HashSet<>(this.sent);
		this.sent.clear();
		work.run();
		// The last of what is not waited for.
		await().pollDelay(Duration.ofMillis(100)).until(() -> true);
		List<String> commands = new ArrayList<>(this.sent);
		commands.removeIf(probes::contains);
		return commands;
	}

	@Override
	public void close() {
		this.tiers.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

	/** Notes each command. */
	private final class Counter implements CommandListener {

		@Override
		public void commandStarted(CommandStartedEvent event) {
			RedisCommand<Object, Object, Object> command = event.getCommand();
			String type = command.getType().toString();
			String text = String.valueOf(command.getArgs());
			Node.this.sent.add(type.equals("EVALSHA") ? type + " " + digest(text) : type);
		}

		private static String digest(String text) {
			return text.replaceFirst("(?s)^.*?([0-9a-f]{40}).*$", "$1");
		}

	}

}
