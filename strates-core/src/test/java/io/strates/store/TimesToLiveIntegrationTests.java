package io.strates.store;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How long a real Redis keeps entities that were written or warmed together. */
class TimesToLiveIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int COUNT = 50;

	private static final long FULL = Duration.ofDays(100).toMillis();

	/** More than a test takes, and far less than chance takes away. */
	private static final long HOUR = Duration.ofHours(1).toMillis();

	private final String space = UUID.randomUUID().toString();

	private final RedisClient client = RedisClient
		.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

	private final RedisCommands<String, String> redis = this.client.connect().sync();

	private StoreNode node;

	@BeforeEach
	void start() {
		RedisCoherentTier tier = RedisCoherentTier.builder(this.client, this.space, CircuitBreaker.ofDefaults("l2"))
			.timeout(Duration.ofSeconds(10))
			.build();
		this.node = StoreNode.on(DevPostgres.newDatabase()).entities(Gadget.class).tier(tier).build();
		await().atMost(PATIENCE).until(() -> tier.answering() && tier.trusted());
	}

	@AfterEach
	void stop() {
		this.node.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

	private TieredStore<Gadget, String> store(double jitter) {
		TieredSettings settings = TieredSettings.of(Gadget.class);
		this.node.stores.add(Gadget.class,
				settings.withCache(settings.cache().withRemoteTimeToLive(Duration.ofMillis(FULL)).withJitter(jitter)));
		return this.node.stores.store(Gadget.class, String.class);
	}

	private void writeTogether(TieredStore<Gadget, String> gadgets) {
		gadgets.putAll(IntStream.range(0, COUNT).mapToObj((number) -> new Gadget("g" + number, "v1")).toList());
	}

	private void warm(TieredStore<Gadget, String> gadgets) {
		this.node.jdbc.sql("insert into gadget (id, name, score) select 'g' || n, 'v1', 0 from generate_series(1, ?) n")
			.param(COUNT)
			.update();
		assertThat(gadgets.warm(0)).isEqualTo(COUNT);
	}

	/** The milliseconds for which each entity is kept from now on. */
	private List<Long> left() {
		String pattern = this.space + ":*:{c:gadget:*}v";
		await().atMost(PATIENCE).until(() -> this.redis.keys(pattern).size() == COUNT);
		return this.redis.keys(pattern).stream().map(this.redis::pttl).toList();
	}

	/** That fifty chances lie so close together does not happen. */
	private static void assertSpread(List<Long> left) {
		assertThat(left).allSatisfy((time) -> assertThat(time).isBetween(FULL / 2 - HOUR, FULL));
		assertThat(Collections.max(left) - Collections.min(left)).isGreaterThan(FULL / 10);
	}

	@Test
	void entitiesThatAreWrittenTogetherDoNotExpireTogether() {
		writeTogether(store(0.5));

		assertSpread(left());
	}

	@Test
	void entitiesThatAreWarmedTogetherDoNotExpireTogether() {
		warm(store(0.5));

		assertSpread(left());
	}

	@Test
	void withoutJitterWrittenEntitiesAreKeptForTheFullTime() {
		writeTogether(store(0));

		assertThat(left()).allSatisfy((time) -> assertThat(time).isBetween(FULL - HOUR, FULL));
	}

	@Test
	void withoutJitterWarmedEntitiesAreKeptForTheFullTime() {
		warm(store(0));

		assertThat(left()).allSatisfy((time) -> assertThat(time).isBetween(FULL - HOUR, FULL));
	}

}
