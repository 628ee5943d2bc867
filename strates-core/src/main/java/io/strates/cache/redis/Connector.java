package io.strates.cache.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulConnection;

/**
 * Makes connections within a limit, which the client itself does not have: it waits for
 * the answer to its greeting for as long as it waits for any, a minute by default.
 */
final class Connector {

	private static final int MAX_ATTEMPTS = 4;

	private final Duration limit;

	/** An attempt that was given up goes on until the client gives it up. */
	private final Semaphore attempts = new Semaphore(MAX_ATTEMPTS);

	Connector(Duration limit) {
		this.limit = limit;
	}

	<C extends StatefulConnection<?, ?>> C connect(Supplier<C> attempt) {
		if (!this.attempts.tryAcquire()) {
			throw new RedisConnectionException("Redis has not yet answered " + MAX_ATTEMPTS + " attempts to connect");
		}
		CompletableFuture<C> made = new CompletableFuture<>();
		Thread thread = RedisCoherentTier.daemon(() -> attempt(attempt, made), "strates-coherence-connect");
		thread.start();
		try {
			return made.get(this.limit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			if (made.completeExceptionally(ex)) {
				throw new RedisConnectionException("Redis did not greet within " + this.limit, ex);
			}
			return made.join();
		}
		catch (ExecutionException ex) {
			Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
			throw new RedisConnectionException("No connection: " + cause, cause);
		}
		catch (InterruptedException ex) {
			made.completeExceptionally(ex);
			thread.interrupt();
			Thread.currentThread().interrupt();
			throw new RedisConnectionException("Interrupted while connecting", ex);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private <C extends StatefulConnection<?, ?>> void attempt(Supplier<C> attempt, CompletableFuture<C> made) {
		try {
			C connection = attempt.get();
			if (!made.complete(connection)) {
				connection.closeAsync();
			}
		}
		catch (RuntimeException ex) {
			made.completeExceptionally(ex);
		}
		finally {
			this.attempts.release();
		}
	}

}
