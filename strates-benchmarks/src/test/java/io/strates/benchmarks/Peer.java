package io.strates.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.anno.CacheConsts;
import com.alicp.jetcache.anno.CacheType;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.JetCacheCodec;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import com.alicp.jetcache.template.CacheBuilderTemplate;
import com.alicp.jetcache.template.NotifyMonitorInstaller;
import com.alicp.jetcache.template.QuickConfig;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider;
import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.cache.CacheSettings;
import io.strates.cache.CacheWrite;
import io.strates.cache.CoherentCache;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.api.options.LocalCachedMapOptions.CacheProvider;
import org.redisson.api.options.LocalCachedMapOptions.EvictionPolicy;
import org.redisson.config.Config;

import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * One node of an application that caches articles, set up as the documentation of what it
 * caches with sets it up.
 */
abstract class Peer implements AutoCloseable {

	static final int MAXIMUM = 10_000;

	static final Duration LOCAL_LIFE = Duration.ofMinutes(5);

	static final Duration REMOTE_LIFE = Duration.ofMinutes(30);

	final HikariDataSource dataSource;

	final ArticleTable table;

	Peer(Servers servers) {
		this.dataSource = servers.dataSource();
		this.table = new ArticleTable(this.dataSource);
	}

	/** Makes a node of the kind that is named. */
	static Peer of(String name, Servers servers, String space) {
		return switch (name) {
			case "strates" -> new Strates(servers, space);
			case "jetcache" -> new JetCache(servers, space);
			case "spring-caffeine" -> new SpringCaffeine(servers);
			case "spring-redis" -> new SpringRedis(servers, space);
			case "redisson" -> new RedissonMap(servers, space);
			case "hibernate" -> new Hibernate(servers);
			default -> throw new IllegalArgumentException(name);
		};
	}

	/** Reads from memory, else from Redis, else from the database. */
	abstract Object get(long id);

	/** Reads from Redis. */
	Object getRemote(long id) {
		throw new UnsupportedOperationException();
	}

	/** Writes the database and what is cached. */
	abstract void put(Article article);

	int stock(long id) {
		return (get(id) instanceof Article article) ? article.stock() : -1;
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

	private static RedisClient client(Servers servers) {
		return RedisClient.create(RedisURI.create(servers.redisHost(), servers.redisPort()));
	}

	/** A coherent cache of this project. */
	private static final class Strates extends Peer {

		private final Node node;

		private final CoherentCache<Long, Article> cache;

		private final CoherentCache<Long, Article> remote;

		Strates(Servers servers, String space) {
			super(servers);
			this.node = Node.start(servers, space);
			CacheSettings settings = CacheSettings.DEFAULT.withLocalMaximum(MAXIMUM)
				.withLocalTimeToLive(LOCAL_LIFE)
				.withRemoteTimeToLive(REMOTE_LIFE);
			this.cache = this.node.articles("articles", settings);
			this.remote = this.node.articles("remote", settings.withUseLocal(false));
		}

		@Override
		Object get(long id) {
			return this.cache.get(id, this.table::load);
		}

		@Override
		Object getRemote(long id) {
			return this.remote.get(id, this.table::load);
		}

		@Override
		void put(Article article) {
			try (CacheWrite<Long, Article> write = this.cache.write(List.of(article.id()), Set.of())) {
				this.table.upsert(article, write::awaitFences);
				write.committed(Map.of(article.id(), article));
			}
		}

		@Override
		public void close() {
			this.node.close();
			super.close();
		}

	}

	/** Both tiers, local ones told of changes; Java serialization, its default. */
	private static final class JetCache extends Peer {

		private final RedisClient client;

		private final SimpleCacheManager manager = new SimpleCacheManager();

		private final Cache<Long, Article> cache;

		private final Cache<Long, Article> remote;

		@SuppressWarnings("unchecked")
		JetCache(Servers servers, String space) {
			super(servers);
			this.client = client(servers);
			CaffeineCacheBuilder<?> local = CaffeineCacheBuilder.createCaffeineCacheBuilder()
				.keyConvertor(Fastjson2KeyConvertor.INSTANCE)
				.limit(MAXIMUM);
			RedisLettuceCacheBuilder<?> redis = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
				.keyConvertor(Fastjson2KeyConvertor.INSTANCE)
				.valueEncoder(JavaValueEncoder.INSTANCE)
				.valueDecoder(JavaValueDecoder.INSTANCE)
				.broadcastChannel(space + "-changes")
				.keyPrefix(space)
				.redisClient(this.client)
				.pubSubConnection(this.client.connectPubSub(new JetCacheCodec()));
			CacheBuilderTemplate template = new CacheBuilderTemplate(false, Map.of(CacheConsts.DEFAULT_AREA, local),
					Map.of(CacheConsts.DEFAULT_AREA, redis));
			template.getCacheMonitorInstallers().add(new NotifyMonitorInstaller((area) -> redis));
			this.manager.setCacheBuilderTemplate(template);
			QuickConfig.Builder config = QuickConfig.newBuilder("articles").expire(REMOTE_LIFE);
			this.cache = this.manager
				.getOrCreateCache(config.localExpire(LOCAL_LIFE).cacheType(CacheType.BOTH).syncLocal(true).build());
			this.remote = this.manager.getOrCreateCache(
					QuickConfig.newBuilder("remote").expire(REMOTE_LIFE).cacheType(CacheType.REMOTE).build());
		}

		@Override
		Object get(long id) {
			return this.cache.computeIfAbsent(id, this.table::select);
		}

		@Override
		Object getRemote(long id) {
			return this.remote.computeIfAbsent(id, this.table::select);
		}

		@Override
		void put(Article article) {
			this.table.upsert(article);
			this.cache.put(article.id(), article);
		}

		@Override
		public void close() {
			this.manager.close();
			this.client.shutdown(0, 1, TimeUnit.SECONDS);
			super.close();
		}

	}

	/** Spring's cache in memory: it has no manager with two tiers. */
	private static class SpringCaffeine extends Peer {

		private final org.springframework.cache.Cache cache;

		SpringCaffeine(Servers servers) {
			this(servers, () -> {
				CaffeineCacheManager manager = new CaffeineCacheManager();
				manager
					.setCaffeine(Caffeine.newBuilder().maximumSize(MAXIMUM).expireAfterWrite(LOCAL_LIFE).recordStats());
				return manager;
			});
		}

		SpringCaffeine(Servers servers, Supplier<CacheManager> manager) {
			super(servers);
			this.cache = manager.get().getCache("articles");
		}

		@Override
		Object get(long id) {
			return this.cache.get(id, () -> this.table.select(id));
		}

		@Override
		void put(Article article) {
			this.table.upsert(article);
			this.cache.put(article.id(), article);
		}

	}

	/** Spring's cache in Redis; Java serialization, its default. */
	private static final class SpringRedis extends SpringCaffeine {

		private final LettuceConnectionFactory connections;

		SpringRedis(Servers servers, String space) {
			this(servers, space, new LettuceConnectionFactory(
					new RedisStandaloneConfiguration(servers.redisHost(), servers.redisPort())));
		}

		private SpringRedis(Servers servers, String space, LettuceConnectionFactory connections) {
			super(servers, () -> {
				connections.afterPropertiesSet();
				connections.start();
				return RedisCacheManager.builder(connections)
					.cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
						.entryTtl(REMOTE_LIFE)
						.prefixCacheNameWith(space))
					.build();
			});
			this.connections = connections;
		}

		@Override
		Object getRemote(long id) {
			return get(id);
		}

		@Override
		public void close() {
			this.connections.destroy();
			super.close();
		}

	}

	/**
	 * A map in Redis, with a local copy that others are told to drop; Kryo, its default.
	 */
	private static final class RedissonMap extends Peer {

		private final RedissonClient client;

		private final RLocalCachedMap<Long, Article> cache;

		private final RMap<Long, Article> remote;

		RedissonMap(Servers servers, String space) {
			super(servers);
			Config config = new Config();
			config.useSingleServer().setAddress("redis://" + servers.redisHost() + ":" + servers.redisPort());
			this.client = Redisson.create(config);
			this.cache = this.client.getLocalCachedMap(LocalCachedMapOptions.<Long, Article>name(space)
				.cacheProvider(CacheProvider.CAFFEINE)
				.evictionPolicy(EvictionPolicy.LFU)
				.cacheSize(MAXIMUM)
				.timeToLive(LOCAL_LIFE));
			this.remote = this.client.getMap(space + "-remote");
		}

		@Override
		Object get(long id) {
			Article article = this.cache.get(id);
			if (article == null) {
				article = this.table.select(id);
				this.cache.fastPut(id, article);
			}
			return article;
		}

		@Override
		Object getRemote(long id) {
			Article article = this.remote.get(id);
			if (article == null) {
				article = this.table.select(id);
				this.remote.fastPut(id, article);
			}
			return article;
		}

		@Override
		void put(Article article) {
			this.table.upsert(article);
			this.cache.fastPut(article.id(), article);
		}

		@Override
		public void close() {
			this.client.shutdown();
			super.close();
		}

	}

	/** Entities in the second-level cache, through JCache, of Caffeine. */
	private static final class Hibernate extends Peer {

		private final SessionFactory sessions;

		Hibernate(Servers servers) {
			super(servers);
			Configuration configuration = new Configuration().addAnnotatedClass(ArticleRow.class);
			configuration.getProperties().put("hibernate.connection.datasource", this.dataSource);
			// Nodes of one process would share the default one.
			configuration.getProperties()
				.put("hibernate.javax.cache.cache_manager", new CaffeineCachingProvider().getCacheManager());
			configuration.setProperty("hibernate.cache.use_second_level_cache", "true")
				.setProperty("hibernate.cache.region.factory_class", "jcache");
			this.sessions = configuration.buildSessionFactory();
		}

		@Override
		Object get(long id) {
			return this.sessions.fromSession((session) -> session.find(ArticleRow.class, id));
		}

		@Override
		void put(Article article) {
			this.sessions.inTransaction((session) -> session.merge(new ArticleRow(article)));
		}

		@Override
		int stock(long id) {
			return ((ArticleRow) get(id)).stock();
		}

		@Override
		public void close() {
			this.sessions.close();
			super.close();
		}

	}

}
