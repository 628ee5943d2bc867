package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.AbstractRedisClient;
import io.strates.cache.RemoteTier;
import io.strates.cache.redis.RedisTier;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The second tier in Redis. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ LettuceConnectionFactory.class, AbstractRedisClient.class })
@ConditionalOnSingleCandidate(LettuceConnectionFactory.class)
@ConditionalOnBooleanProperty(name = "strates.cache.redis.enabled", matchIfMissing = true)
class RemoteTierConfiguration {

	private static final Duration REST = Duration.ofSeconds(1);

	@Bean
	@ConditionalOnMissingBean(RemoteTier.class)
	RedisTier stratesRedisTier(LettuceConnectionFactory connections, StratesProperties properties) {
		Duration timeout = properties.cache().redis().timeout();
		CircuitBreaker breaker = RedisBreaker.of("strates-l2", timeout, REST);
		return new RedisTier(connections.getRequiredNativeClient(), timeout, breaker);
	}

}
