package io.strates.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.cache.redis.RedisTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.release.ReleasePreparation;
import io.strates.release.ReleaseService;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the node that releases leaves in Redis for the other. */
class SharedWarmUpIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final DevDatabase database = DevPostgres.newDatabase();

	private final String space = UUID.randomUUID().toString();

	private final Reader here = new Reader("here");

	private final Reader there = new Reader("there");

	@AfterEach
	void stop() {
		this.here.close();
		this.there.close();
	}

	private UUID sealed(String name) {
		try (Build build = this.here.node.builds.open("catalog", "berlin")) {
			Catalog catalog = new Catalog(1, "berlin", 3);
			build.writer().write(catalog);
			for (int id = 1; id <= 3; id++) {
				build.writer().write(new Product(id, name, id, catalog));
			}
			return build.seal().buildStrate();
		}
	}

	@Test
	void otherNodeFindsTheNextBuildInRedisBeforeThePointerMovesAndLoadsNothing() {
		this.here.node.releases.release(sealed("anorak"));
		assertThat(this.here.live(1)).isEqualTo("anorak");
		assertThat(this.here.live(2)).isEqualTo("anorak");
		this.here.loads.clear();
		UUID next = sealed("boots");
		List<String> seen = new ArrayList<>();
		ReleasePreparation look = (build, live) -> {
			this.here.settle();
			seen.add(this.there.live(1) + " " + this.there.preview(build.buildStrate(), 1));
		};

		this.here.releases(look).release(next);

		assertThat(seen).containsExactly("anorak boots");
		assertThat(this.here.loads).containsExactly(Set.of(1L, 2L));
		await().atMost(PATIENCE).until(() -> this.there.live(1).equals("boots"));
		assertThat(this.there.live(2)).isEqualTo("boots");
		assertThat(this.there.loads).isEmpty();
	}

	record View(String name) {
	}

	/** A node with a read model, which notes what it loads. */
	private final class Reader implements AutoCloseable {

		private final List<Set<Long>> loads = new CopyOnWriteArrayList<>();

		private final RedisClient client = RedisClient
			.create(RedisURI.create(DevRedis.shared().host(), DevRedis.shared().port()));

		private final RedisTier redis = new RedisTier(this.client, Duration.ofSeconds(10),
				CircuitBreaker.ofDefaults("l2"));

		private final Tiers tiers = Tiers.builder(SharedWarmUpIntegrationTests.this.space)
			.remote(this.redis, JacksonCodecs.smile())
			.build();

		private final TestNode node;

		private final QueryService queries;

		private final WarmUp warmUp;

		Reader(String name) {
			this.node = TestNode.builder(SharedWarmUpIntegrationTests.this.database)
				.name(name)
				.pollInterval(Duration.ofMillis(50))
				.build();
			ReadModels models = new ReadModels(this.tiers, this.node.pins, this.node.mapping.model());
			models.declare(ReadModel.of(View.class, Long.class, "catalog", (pin, ids) -> {
				this.loads.add(new TreeSet<>(ids));
				return this.node.products.findAllById(ids)
					.stream()
					.collect(Collectors.toMap(Product::getId, (product) -> new View(product.getName())));
			}).warmUp(5));
			this.warmUp = new WarmUp(models);
			this.queries = this.node.queries().readModels(models).pointers(this.node.watcher, PATIENCE).build();
			await().atMost(PATIENCE).ignoreExceptions().until(() -> this.redis.fetch(List.of("?")).size() == 1);
		}

		/** Releases after warming up, and after a look at what that has done. */
		ReleaseService releases(ReleasePreparation look) {
			return ReleaseService.of(this.node.mapping.model(), this.node.releaseTable, this.node.buildTable,
					this.node.transaction, this.node.watcher, List.of(this.warmUp, look));
		}

		/** Returns when Redis has taken all that was stored before. */
		void settle() {
			this.redis.fetch(List.of("?"));
		}

		String live(long id) {
			return name(this.queries.pinned("catalog", "berlin").get(View.class, id));
		}

		String preview(UUID build, long id) {
			return name(this.queries.pinned(PinRequest.build("catalog", "berlin", build)).get(View.class, id));
		}

		private String name(@Nullable View view) {
			return (view != null) ? view.name() : "nothing";
		}

		@Override
		public void close() {
			this.warmUp.close();
			this.tiers.close();
			this.client.shutdown(0, 1, TimeUnit.SECONDS);
			this.node.close();
		}

	}

}
