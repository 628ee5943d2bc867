package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.AbstractRedisClient;
import io.strates.store.redis.RedisJournals;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Journals of write-behind, in Redis. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ LettuceConnectionFactory.class, AbstractRedisClient.class })
@ConditionalOnSingleCandidate(LettuceConnectionFactory.class)
class JournalConfiguration {

	private static final Duration REST = Duration.ofSeconds(1);

	/**
	 * Connections are made in the background, which takes a busy machine its time; the
	 * first request would come too early. A Redis that is away says so at once.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** Connects only where a store writes behind. */
	@Bean
	@Lazy
	@ConditionalOnMissingBean
	RedisJournals stratesRedisJournals(LettuceConnectionFactory connections, StratesProperties properties,
			Environment environment) {
		Duration timeout = properties.cache().redis().timeout();
		CircuitBreaker breaker = RedisBreaker.of("strates-journal", timeout, REST);
		return new RedisJournals(connections.getRequiredNativeClient(),
				properties.cache().namespace(environment) + ":journal", timeout, breaker);
	}

	/** Made, and so waited for, once for all stores. */
	@Bean
	@Lazy
	JournalFactory stratesJournalFactory(RedisJournals journals) {
		journals.awaitConnection(PATIENCE);
		return journals::journal;
	}

}
