package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;

/** When Redis is not asked. */
final class RedisBreaker {

	private static final int CALLS = 10;

	private static final Duration MARGIN = Duration.ofSeconds(1);

	private RedisBreaker() {
	}

	/**
	 * Returns a breaker that opens when half of the last calls have failed.
	 * @param name the name of the breaker
	 * @param timeout how long a command may take
	 * @param rest how long nobody tries again
	 */
	static CircuitBreaker of(String name, Duration timeout, Duration rest) {
		return CircuitBreaker.of(name,
				CircuitBreakerConfig.custom()
					.slidingWindowSize(CALLS)
					.minimumNumberOfCalls(CALLS / 2)
					.waitDurationInOpenState(rest)
					.permittedNumberOfCallsInHalfOpenState(1)
					.maxWaitDurationInHalfOpenState(timeout.plus(MARGIN))
					.build());
	}

}
