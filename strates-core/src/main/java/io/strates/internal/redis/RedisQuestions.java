package io.strates.internal.redis;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis, and waits for its answer. A circuit breaker, which hears how each question
 * went, fails questions at once while Redis does not answer.
 */
public final class RedisQuestions {

	private final RedisLink link;

	private final CircuitBreaker breaker;

	/**
	 * Creates a place to ask.
	 * @param link leads to Redis
	 * @param breaker decides when Redis is not asked
	 */
	public RedisQuestions(RedisLink link, CircuitBreaker breaker) {
		this.link = link;
		this.breaker = breaker;
	}

	/**
	 * Asks, and waits.
	 * @param what what is asked, as messages call it
	 * @param limit how long the answer may take
	 * @param question sends the command
	 * @param <T> the type of the answer
	 * @return the answer, which may be {@code null}
	 * @throws NoAnswerException if there is none; the flag of an interrupted thread is
	 * set again
	 */
	@SuppressWarnings("NullAway") // commands answer null that say so in Lettuce
	public <T extends @Nullable Object> T ask(String what, Duration limit,
			Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> question) throws NoAnswerException {
		RedisClusterAsyncCommands<String, byte[]> redis = this.link.commands();
		if (redis == null) {
			throw new NoAnswerException(what + " was not sent: Redis is not connected", false, null);
		}
		permit(what);
		long start = System.nanoTime();
		return answer(what, limit, question.apply(redis), start);
	}

	private void permit(String what) throws NoAnswerException {
		try {
			this.breaker.acquirePermission();
		}
		catch (CallNotPermittedException ex) {
			throw new NoAnswerException(what + " was not sent: Redis did not answer of late", false, ex);
		}
	}

	@SuppressWarnings("NullAway") // commands answer null that say so in Lettuce
	private <T extends @Nullable Object> T answer(String what, Duration limit, RedisFuture<T> reply, long start)
			throws NoAnswerException {
		try {
			T answer = reply.get(limit.toNanos(), TimeUnit.NANOSECONDS);
			this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
			return answer;
		}
		catch (InterruptedException ex) {
			this.breaker.releasePermission();
			Thread.currentThread().interrupt();
			throw new NoAnswerException(what + " was interrupted", true, ex);
		}
		catch (TimeoutException ex) {
			reply.cancel(true);
			failed(start, ex);
			throw new NoAnswerException(what + " had no answer within " + limit, true, ex);
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			failed(start, cause);
			throw failure(what, cause);
		}
	}

	private static NoAnswerException failure(String what, Throwable cause) {
		boolean refused = cause instanceof RedisCommandExecutionException;
		return new NoAnswerException(
				what + (refused ? " was refused by Redis: " : " had no answer: ") + cause.getMessage(), !refused,
				cause);
	}

	/**
	 * Tells the breaker that a question failed. Redis that refuses a command, such as one
	 * that has no memory left, does answer.
	 * @param start when it was sent, in nanoseconds
	 * @param failure what came instead of an answer
	 */
	public void failed(long start, Throwable failure) {
		long took = System.nanoTime() - start;
		if (failure instanceof RedisCommandExecutionException) {
			this.breaker.onSuccess(took, TimeUnit.NANOSECONDS);
		}
		else {
			this.breaker.onError(took, TimeUnit.NANOSECONDS, failure);
		}
	}

	/**
	 * Thrown if Redis has not done what it was asked, or has not said so.
	 */
	public static final class NoAnswerException extends Exception {

		private static final long serialVersionUID = 1L;

		/** Whether Redis may have done it all the same. */
		private final boolean perhapsDone;

		NoAnswerException(String message, boolean perhapsDone, @Nullable Throwable cause) {
			super(message, cause);
			this.perhapsDone = perhapsDone;
		}

		/**
		 * Returns whether Redis was asked and has not said that it refuses.
		 * @return whether it may have done what it was asked
		 */
		public boolean isPerhapsDone() {
			return this.perhapsDone;
		}

	}

}
