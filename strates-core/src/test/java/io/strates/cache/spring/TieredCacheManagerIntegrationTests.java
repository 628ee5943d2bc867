package io.strates.cache.spring;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.cache.CoherentTier;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.cache.spring.Library.Book;
import io.strates.dev.DevRedis;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache.ValueWrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Cached methods of two nodes on a real Redis. */
class TieredCacheManagerIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Map<String, String> database = Library.database();

	private final RedisClient client = RedisClient
		.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

	private final String space = "test:" + UUID.randomUUID();

	private final Node here = new Node(tier(), this.database, (manager) -> manager);

	private final Node there = new Node(tier(), this.database, (manager) -> manager);

	private CoherentTier tier() {
		return RedisCoherentTier.builder(this.client, this.space, CircuitBreaker.ofDefaults(this.space))
			.timeout(Duration.ofSeconds(10))
			.build();
	}

	@BeforeEach
	void connect() {
		await().atMost(PATIENCE)
			.until(() -> this.here.tiers().channel().trusted() && this.there.tiers().channel().trusted());
	}

	@AfterEach
	void close() {
		this.here.close();
		this.there.close();
		this.client.shutdown();
	}

	/** What is in the tiers, without a call that would put it there. */
	private static @Nullable Object known(Node node, String isbn) {
		ValueWrapper value = Objects.requireNonNull(node.manager().getCache("books")).get(isbn);
		return (value != null) ? value.get() : null;
	}

	@Test
	void answerOfOneNodeIsThatOfTheOtherUntilItIsEvicted() {
		this.database.put("1", "old");
		this.here.library().find("1");
		await().atMost(PATIENCE).until(() -> known(this.there, "1") != null);
		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "old"));
		assertThat(this.there.library().calls()).isZero();

		this.here.library().change("1", "new");

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new")));
	}

	@Test
	void answerComputedBeforeAnotherNodesEvictIsNeverKept() {
		for (int round = 0; round < 100; round++) {
			String isbn = "isbn" + round;
			this.database.put(isbn, "old");
			this.here.library().meanwhile(() -> this.there.library().change(isbn, "new"));

			this.here.library().find(isbn);

			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(this.here.library().find(isbn)).isEqualTo(new Book(isbn, "new")));
			assertThat(this.there.library().find(isbn)).isEqualTo(new Book(isbn, "new"));
		}
	}

	@Test
	void putOfOneNodeIsTheAnswerOfTheOther() {
		this.database.put("1", "old");
		this.there.library().find("1");

		this.here.library().rename("1", "new");

		// A reader that met the end of the write would keep it from the tiers.
		await().atMost(PATIENCE).until(() -> new Book("1", "new").equals(known(this.there, "1")));
		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().calls()).isZero();
	}

}
