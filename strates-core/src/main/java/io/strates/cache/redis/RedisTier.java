package io.strates.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.strates.cache.RemoteTier;
import io.strates.cache.TierUnavailableException;
import io.strates.internal.redis.RedisLink;
import io.strates.internal.redis.RedisQuestions;
import io.strates.internal.redis.RedisQuestions.NoAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * A second tier in Redis: standalone, behind Sentinels, or a Cluster, as the client is
 * set up.
 *
 * <p>
 * It has a connection of its own and connects in the background, so that an application
 * starts without Redis. <b>Failures:</b> no call waits longer than the time limit for a
 * command; a circuit breaker fails calls at once while Redis does not answer, and tries
 * again by itself.
 *
 * @since 0.1.0
 */
public final class RedisTier implements RemoteTier {

	private static final int SCAN_STEP = 1_000;

	private static final Duration SCAN_LIMIT = Duration.ofSeconds(10);

	private static final Duration RETRY = Duration.ofSeconds(1);

	private final RedisLink link;

	private final RedisQuestions questions;

	private final CircuitBreaker breaker;

	private final Duration timeout;

	/**
	 * Creates the tier.
	 * @param client the client; it is the application's, which closes it
	 * @param timeout how long a command may take
	 * @param breaker decides when Redis is not asked
	 */
	public RedisTier(AbstractRedisClient client, Duration timeout, CircuitBreaker breaker) {
		this.link = new RedisLink(client, "L2", "L2 is passed by", RETRY);
		this.timeout = timeout;
		this.breaker = breaker;
		this.questions = new RedisQuestions(this.link, breaker);
	}

	@Override
	public List<byte @Nullable []> fetch(List<String> keys) {
		List<byte @Nullable []> values = new ArrayList<>(keys.size());
		if (keys.size() == 1) {
			values.add(ask("GET", this.timeout, (redis) -> redis.get(keys.get(0))));
			return values;
		}
		List<KeyValue<String, byte[]>> found = ask("MGET", this.timeout,
				(redis) -> redis.mget(keys.toArray(String[]::new)));
		if (found != null) {
			found.forEach((entry) -> values.add(entry.getValueOrElse(null)));
		}
		return values;
	}

	@Override
	public void store(Map<String, byte[]> values, Duration timeToLive) {
		RedisClusterAsyncCommands<String, byte[]> redis = this.link.commands();
		// A half-open breaker tries with questions, which are bounded in time.
		if (redis == null || this.breaker.getState() != CircuitBreaker.State.CLOSED
				|| !this.breaker.tryAcquirePermission()) {
			return;
		}
		long start = System.nanoTime();
		RedisFuture<String> last = null;
		for (Map.Entry<String, byte[]> value : values.entrySet()) {
			last = redis.psetex(value.getKey(), timeToLive.toMillis(), value.getValue());
		}
		if (last == null) {
			this.breaker.releasePermission();
			return;
		}
		last.whenComplete((reply, failure) -> {
			if (failure != null) {
				this.questions.failed(start, failure);
			}
			else {
				this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
			}
		});
	}

	@Override
	public long removeAll(Collection<String> prefixes) {
		String common = commonStart(prefixes);
		ScanArgs args = ScanArgs.Builder.matches(escaped(common) + "*").limit(SCAN_STEP);
		long removed = 0;
		ScanCursor cursor = ScanCursor.INITIAL;
		do {
			ScanCursor from = cursor;
			KeyScanCursor<String> step = required(ask("SCAN", SCAN_LIMIT, (redis) -> redis.scan(from, args)));
			String[] doomed = step.getKeys()
				.stream()
				.filter((key) -> prefixes.stream().anyMatch(key::startsWith))
				.toArray(String[]::new);
			if (doomed.length > 0) {
				removed += required(ask("UNLINK", SCAN_LIMIT, (redis) -> redis.unlink(doomed)));
			}
			cursor = step;
		}
		while (!cursor.isFinished());
		return removed;
	}

	private static String commonStart(Collection<String> texts) {
		String common = null;
		for (String text : texts) {
			common = (common == null) ? text : commonStart(common, text);
		}
		return (common != null) ? common : "";
	}

	private static String commonStart(String first, String second) {
		int length = 0;
		while (length < Math.min(first.length(), second.length()) && first.charAt(length) == second.charAt(length)) {
			length++;
		}
		return first.substring(0, length);
	}

	/** The text as a pattern that matches only itself. */
	private static String escaped(String text) {
		return text.replaceAll("([\\\\*?\\[\\]^-])", "\\\\$1");
	}

	private static <T> T required(@Nullable T reply) {
		if (reply == null) {
			throw new TierUnavailableException("Redis gave no reply", null);
		}
		return reply;
	}

	private <T> @Nullable T ask(String command, Duration limit,
			Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> question) {
		try {
			return this.questions.ask(command, limit, question);
		}
		catch (NoAnswerException ex) {
			throw new TierUnavailableException(String.valueOf(ex.getMessage()), ex.getCause());
		}
	}

	/** The client stays open: it is the application's. */
	@Override
	public void close() {
		this.link.close();
	}

}
