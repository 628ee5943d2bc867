package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.Base16;
import io.strates.cache.TierUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one epoch of Redis: the time for which the same processes are masters.
 * Whatever another process may answer is not an answer of this session, which has ended
 * by then.
 */
abstract class RedisSession {

	private static final Pattern RUN_ID = Pattern.compile("run_id:([0-9a-f]+)");

	private static final int EPOCH_LENGTH = 16;

	private static final byte[] NOTHING = {};

	private final AtomicBoolean dropped = new AtomicBoolean();

	/**
	 * Connects.
	 * @param connector makes connections
	 * @param limit how long Redis may take for an answer
	 * @param lost called when the session has ended, by a thread that must not be held up
	 * @throws RuntimeException if Redis cannot be reached, or is not ready
	 */
	static RedisSession open(AbstractRedisClient client, Connector connector, String namespace, Duration limit,
			Runnable lost) {
		if (client instanceof RedisClusterClient cluster) {
			return ClusterSession.open(cluster, connector, limit);
		}
		if (client instanceof RedisClient single) {
			return StandaloneSession.open(single, connector, namespace, limit, lost);
		}
		throw new IllegalStateException("Redis client " + client.getClass().getName()
				+ " is none that is known; pass a RedisClient or a RedisClusterClient");
	}

	/** Returns what no other epoch of the same Redis is called. */
	abstract String epoch();

	/** Returns the values, {@code null} where there is none. */
	abstract CompletableFuture<List<@Nullable Object>> fetch(byte[][] keys);

	/** Returns the positions of the keys that one step may take together. */
	abstract List<List<Integer>> together(byte[][] keys);

	/** Sends a message, and fails where the epoch is over. */
	abstract CompletableFuture<?> probe(byte[] channel, byte[] message);

	abstract RedisClusterAsyncCommands<byte[], byte[]> commands();

	/** Returns the run ids of the processes that may answer, or nothing. */
	byte[] processes() {
		return NOTHING;
	}

	final boolean isOpen() {
		return !this.dropped.get();
	}

	/** Ends the session: what is on its way fails. */
	final void drop() {
		if (this.dropped.compareAndSet(false, true)) {
			disconnect();
		}
	}

	abstract void disconnect();

	/** Takes a step; its first argument is added. */
	final <T> CompletableFuture<T> step(RedisScript script, ScriptOutputType type, byte[][] keys,
			List<byte[]> arguments) {
		byte[][] all = new byte[arguments.size() + 1][];
		all[0] = processes();
		for (int index = 0; index < arguments.size(); index++) {
			all[index + 1] = arguments.get(index);
		}
		CompletionStage<T> reply = commands().evalsha(script.digest(), type, keys, all);
		return reply
			.exceptionallyCompose((failure) -> (failure instanceof RedisNoScriptException)
					? commands().eval(script.text(), type, keys, all) : CompletableFuture.failedFuture(failure))
			.thenApply(this::ofThisEpoch)
			.toCompletableFuture();
	}

	final <T> T ofThisEpoch(T reply) {
		if (this.dropped.get()) {
			throw new TierUnavailableException("The reply came when Redis may have been another already", null);
		}
		return reply;
	}

	static <T> T await(CompletionStage<T> reply, Duration limit) {
		try {
			return reply.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new RedisException("Interrupted", ex);
		}
		catch (TimeoutException ex) {
			throw new RedisException("Redis did not answer within " + limit, ex);
		}
		catch (ExecutionException ex) {
			throw new RedisException((ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	static String runId(String info) {
		Matcher matcher = RUN_ID.matcher(info);
		if (!matcher.find()) {
			throw new RedisException("Redis does not tell its run_id, by which its restarts are noticed");
		}
		return matcher.group(1);
	}

	static String epochOf(String identity) {
		return Base16.digest(identity.getBytes(StandardCharsets.UTF_8)).substring(0, EPOCH_LENGTH);
	}

	static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
