package io.strates.store;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Keys in a real Redis of two stores, of which one's name begins with the other's. */
class StoreKeysIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Entity
	@Tiered(name = "a")
	static class Alpha {

		@Id
		@Nullable String id;

		Alpha() {
		}

		Alpha(String id) {
			this.id = id;
		}

	}

	@Entity
	@Tiered(name = "a:b")
	static class Beta {

		@Id
		@Nullable String id;

		Beta() {
		}

		Beta(String id) {
			this.id = id;
		}

	}

	private final String space = UUID.randomUUID().toString();

	private final RedisClient client = RedisClient
		.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

	private final RedisCommands<String, String> redis = this.client.connect().sync();

	private StoreNode node;

	private TieredStore<Alpha, String> alphas;

	private TieredStore<Beta, String> betas;

	@BeforeEach
	void start() {
		RedisCoherentTier tier = RedisCoherentTier.builder(this.client, this.space, CircuitBreaker.ofDefaults("l2"))
			.timeout(Duration.ofSeconds(10))
			.build();
		this.node = StoreNode.on(DevPostgres.newDatabase()).entities(Alpha.class, Beta.class).tier(tier).build();
		this.node.stores.add(Alpha.class);
		this.node.stores.add(Beta.class);
		this.alphas = this.node.stores.store(Alpha.class, String.class);
		this.betas = this.node.stores.store(Beta.class, String.class);
		await().atMost(PATIENCE).until(() -> tier.answering() && tier.trusted());
	}

	@AfterEach
	void stop() {
		this.node.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

	private List<String> values(String name) {
		return this.redis.keys(this.space + ":*:{c:" + name + ":*}v")
			.stream()
			.map((key) -> key.substring(key.indexOf('{')))
			.toList();
	}

	@Test
	void keysBeginWithTheNamespaceAndTheNameOfTheirStore() {
		this.alphas.put(new Alpha("b:1"));
		this.betas.put(new Beta("1"));

		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(values("a")).containsExactly("{c:a:b%3A1}v");
			assertThat(values("a%3Ab")).containsExactly("{c:a%3Ab:1}v");
		});
	}

	@Test
	void whatOneStoreWritesForgetsOrDoesNotHaveIsNothingToTheOther() {
		this.alphas.put(new Alpha("b:1"));
		this.betas.put(new Beta("1"));
		assertThat(this.alphas.find("1")).isEmpty();
		assertThat(this.betas.find("b:1")).isEmpty();

		this.alphas.delete("b:1");
		assertThat(this.betas.lookUp("1").origin()).isEqualTo(Origin.L1);
		this.alphas.invalidateAll();
		assertThat(this.betas.lookUp("1").origin()).isEqualTo(Origin.L1);
		assertThat(values("a%3Ab")).hasSize(1);
		this.betas.invalidate("1");
		assertThat(this.betas.lookUp("1").origin()).isEqualTo(Origin.L3);
	}

}
