package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.AbstractRedisClient;
import io.strates.cache.CoherentTier;
import io.strates.cache.redis.RedisCoherentTier;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The second tier of values that change, in Redis. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ LettuceConnectionFactory.class, AbstractRedisClient.class })
@ConditionalOnSingleCandidate(LettuceConnectionFactory.class)
@ConditionalOnBooleanProperty(name = "strates.cache.redis.enabled", matchIfMissing = true)
class CoherentTierConfiguration {

	/**
	 * The tier's own probe ends the open state as soon as Redis answers it; this is only
	 * for how long no reader has to try.
	 */
	private static final Duration REST = Duration.ofSeconds(5);

	@Bean
	@ConditionalOnMissingBean(CoherentTier.class)
	RedisCoherentTier stratesRedisCoherentTier(LettuceConnectionFactory connections, StratesProperties properties,
			Environment environment) {
		StratesProperties.Cache.Redis redis = properties.cache().redis();
		CircuitBreaker breaker = RedisBreaker.of("strates-coherence", redis.timeout(), REST);
		return RedisCoherentTier
			.builder(connections.getRequiredNativeClient(), properties.cache().namespace(environment), breaker)
			.timeout(redis.timeout())
			.fence(redis.fence())
			.probeInterval(redis.probeInterval())
			.build();
	}

	/** It would take the end of the client for an outage. */
	@Bean
	EarlyClose stratesCoherentTierClose(CoherentTier tier) {
		return new EarlyClose(EarlyClose.TIERS, tier::close, () -> {
		});
	}

}
