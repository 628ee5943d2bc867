package io.strates.sample.server;

import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Starts PostgreSQL and Redis inside this application, each unless its address is
 * configured. Their data go when the application goes.
 */
@Configuration(proxyBeanMethods = false)
class EmbeddedServers {

	@Configuration(proxyBeanMethods = false)
	@Conditional(NoDatabaseCondition.class)
	static class Database {

		@Bean
		DevPostgres embeddedPostgres() {
			return DevPostgres.startEmbeddedUntilClosed();
		}

		@Bean
		JdbcConnectionDetails embeddedPostgresConnection(DevPostgres server) {
			return new PostgresConnectionDetails(server);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(NoRedisCondition.class)
	static class Redis {

		@Bean
		DevRedis embeddedRedis() {
			return DevRedis.startEmbedded();
		}

		@Bean
		DataRedisConnectionDetails embeddedRedisConnection(DevRedis server) {
			return new RedisConnectionDetails(server);
		}

	}

	/** Nobody has said where a database is. */
	static class NoDatabaseCondition extends NothingConfiguredCondition {

		NoDatabaseCondition() {
			super("spring.datasource.url", "spring.datasource.hikari.jdbc-url", "spring.datasource.jndi-name");
		}

	}

	/** Nobody has said where a Redis is. */
	static class NoRedisCondition extends NothingConfiguredCondition {

		NoRedisCondition() {
			super("spring.data.redis.host", "spring.data.redis.url", "spring.data.redis.cluster.nodes[0]",
					"spring.data.redis.cluster.nodes", "spring.data.redis.sentinel.master");
		}

	}

	/**
	 * How to reach the embedded database.
	 *
	 * @param server the server
	 */
	private record PostgresConnectionDetails(DevPostgres server) implements JdbcConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return this.server.jdbcUrl();
		}

		@Override
		public String getUsername() {
			return this.server.username();
		}

		@Override
		public String getPassword() {
			return this.server.password();
		}

	}

	/**
	 * How to reach the embedded Redis.
	 *
	 * @param server the server
	 */
	private record RedisConnectionDetails(DevRedis server) implements DataRedisConnectionDetails {

		@Override
		public Standalone getStandalone() {
			return Standalone.of(this.server.host(), this.server.port());
		}

	}

}
