package io.strates.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.ImmutableCache;
import io.strates.cache.ImmutableCacheSpec;
import io.strates.store.TieredStore;
import io.strates.store.WriteMode;

/**
 * A node with its caches and stores, and the bare clients of its servers, which are the
 * limit.
 */
final class ServedNode implements AutoCloseable {

	final ArticleTable table;

	final RedisCommands<String, byte[]> redis;

	private final HikariDataSource dataSource;

	private final RedisClient client;

	private final Node node;

	private final StoreNode stores;

	/**
	 * Starts a node.
	 * @param name what it measures
	 * @param articles how many articles its table holds
	 */
	ServedNode(String name, int articles) {
		Servers servers = Servers.find();
		this.dataSource = servers.dataSource();
		this.table = new ArticleTable(this.dataSource);
		this.table.fill(articles);
		this.client = RedisClient.create(RedisURI.create(servers.redisHost(), servers.redisPort()));
		this.redis = this.client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)).sync();
		String space = name + "-" + System.nanoTime();
		this.node = Node.start(servers, space);
		this.stores = new StoreNode(servers, space, this.node, this.dataSource);
	}

	ImmutableCache<Long, Article> immutable(String name) {
		return this.node.tiers.immutable(new ImmutableCacheSpec<>(name, Article.class, (id) -> "one", String::valueOf,
				10_000, Duration.ofHours(1), Duration.ofSeconds(30)));
	}

	CoherentCache<Long, Article> cache(String name, CacheSettings settings) {
		return this.node.articles(name, settings);
	}

	TieredStore<ArticleRow, Long> store(String name, CacheSettings settings) {
		return this.stores.articles(name, settings, WriteMode.WRITE_THROUGH);
	}

	@Override
	public void close() {
		this.stores.close();
		this.node.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.dataSource.close();
	}

}
