package io.strates.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.event.command.CommandListener;
import io.lettuce.core.event.command.CommandStartedEvent;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A store whose Redis keeps its connections and answers nothing. */
class HungRedisIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** Part of the ids whose commands are counted. */
	private static final String COUNTED = "counted-";

	/** Counts the commands that carry an id. */
	private static final class Commands implements CommandListener {

		private final AtomicInteger sent = new AtomicInteger();

		@Override
		public void commandStarted(CommandStartedEvent event) {
			CommandArgs<?, ?> args = event.getCommand().getArgs();
			if (args != null) {
				ByteBuf bytes = Unpooled.buffer();
				args.encode(bytes);
				if (bytes.toString(StandardCharsets.ISO_8859_1).contains(COUNTED)) {
					this.sent.incrementAndGet();
				}
			}
		}

	}

	@Test
	void storeGoesOnAndSendsNothingOnceTheBreakerIsOpen() {
		Commands commands = new Commands();
		CircuitBreaker breaker = CircuitBreaker.of("l2",
				CircuitBreakerConfig.custom()
					.slidingWindowSize(10)
					.minimumNumberOfCalls(5)
					.waitDurationInOpenState(Duration.ofHours(1))
					.build());
		try (DevRedis redis = DevRedis.startEmbedded()) {
			RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
			client.addListener(commands);
			try (RedisCoherentTier tier = RedisCoherentTier.builder(client, "hung", breaker)
				.timeout(Duration.ofMillis(500))
				.build();
					StoreNode node = StoreNode.on(DevPostgres.newDatabase())
						.entities(Gadget.class)
						.tier(tier)
						.build()) {
				node.stores.add(Gadget.class);
				TieredStore<Gadget, String> gadgets = node.stores.store(Gadget.class, String.class);
				await().atMost(PATIENCE).until(tier::trusted);
				gadgets.put(new Gadget(COUNTED + "0", "well"));
				assertThat(commands.sent).hasPositiveValue();

				redis.suspend();

				await().atMost(PATIENCE).until(() -> {
					gadgets.put(new Gadget("other", "hung"));
					assertThat(gadgets.get("other").name).isEqualTo("hung");
					return breaker.getState() == CircuitBreaker.State.OPEN;
				});
				commands.sent.set(0);
				for (int number = 0; number < 100; number++) {
					String id = COUNTED + number;
					gadgets.put(new Gadget(id, "open"));
					assertThat(gadgets.get(id).name).isEqualTo("open");
					assertThat(gadgets.find(id + "-absent")).isEmpty();
				}
				assertThat(commands.sent).hasValue(0);
				assertThat(node.jdbc.sql("select count(*) from gadget where name = 'open'").query(Long.class).single())
					.isEqualTo(100);
				redis.resume();
			}
			finally {
				client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
			}
		}
	}

}
