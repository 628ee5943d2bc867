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
final class Connector implements AutoCloseable {

	private static final int MAX_ATTEMPTS = 4;

	private static final Duration FAREWELL = Duration.ofSeconds(1);

	private final Duration limit;

	/** An attempt that was given up goes on until the client gives it up. */
	private final Semaphore attempts = new Semaphore(MAX_ATTEMPTS);

	private volatile boolean closed;

	Connector(Duration limit) {
		this.limit = limit;
	}

	<C extends StatefulConnection<?, ?>> C connect(Supplier<C> attempt) {
		if (this.closed) {
			throw new RedisConnectionException("The tier is closed");
		}
		if (!this.attempts.tryAcquire()) {
			throw new RedisConnectionException("Redis has not yet answered " + MAX_ATTEMPTS + " attempts to connect");
		}
		CompletableFuture<C> made = new CompletableFuture<>();
		RedisCoherentTier.daemon(() -> attempt(attempt, made), "strates-coherence-connect").start();
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
			// The attempt is not interrupted: the client would leave its connection open.
			made.completeExceptionally(ex);
			Thread.currentThread().interrupt();
			throw new RedisConnectionException("Interrupted while connecting", ex);
		}
	}

	/**
	 * Waits a moment for the attempts under way: a client that is shut down while it
	 * connects leaves the connection open.
	 */
	@Override
	public void close() {
		this.closed = true;
		try {
			this.attempts.tryAcquire(MAX_ATTEMPTS, FAREWELL.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private <C extends StatefulConnection<?, ?>> void attempt(Supplier<C> attempt, CompletableFuture<C> made) {
		try {
			C connection = attempt.get();
			if (this.closed) {
				made.completeExceptionally(new RedisConnectionException("The tier is closed"));
			}
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
