package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;

/**
 * A session with one process, which ends with its connection: the client's own way to
 * connect again would send commands of one epoch to the process of the next.
 */
final class StandaloneSession extends RedisSession implements RedisConnectionStateListener {

	private static final int MAX_KEYS = 500;

	private final StatefulRedisConnection<byte[], byte[]> connection;

	private final byte[] reignKey;

	private final Runnable lost;

	private String reign = "";

	private String epoch = "";

	private StandaloneSession(StatefulRedisConnection<byte[], byte[]> connection, String namespace, Runnable lost) {
		this.connection = connection;
		this.reignKey = utf8(namespace + ":reign");
		this.lost = lost;
	}

	static StandaloneSession open(RedisClient client, Connector connector, String namespace, Duration limit,
			Runnable lost) {
		StandaloneSession session = new StandaloneSession(
				connector.connect(() -> client.connect(ByteArrayCodec.INSTANCE)), namespace, lost);
		session.connection.addListener(session);
		try {
			session.enter(limit);
		}
		catch (RuntimeException ex) {
			session.drop();
			throw ex;
		}
		return session;
	}

	private void enter(Duration limit) {
		String process = runId(await(commands().info("server"), limit));
		CompletableFuture<byte[]> begun = step(RedisScript.REIGN, ScriptOutputType.VALUE, keys(),
				List.of(utf8(process)));
		byte[] answer = await(begun, limit);
		this.reign = new String(answer, StandardCharsets.UTF_8);
		this.epoch = epochOf(this.reign);
		RedisFuture<String> last = null;
		for (RedisScript script : RedisScript.values()) {
			last = commands().scriptLoad(script.text());
		}
		if (last != null) {
			await(last, limit);
		}
	}

	private byte[][] keys() {
		return new byte[][] { this.reignKey };
	}

	@Override
	String epoch() {
		return this.epoch;
	}

	@Override
	RedisClusterAsyncCommands<byte[], byte[]> commands() {
		return this.connection.async();
	}

	@Override
	CompletableFuture<List<@Nullable Object>> fetch(byte[][] keys) {
		return commands().mget(keys).thenApply((entries) -> {
			List<@Nullable Object> values = new ArrayList<>(entries.size());
			entries.forEach((entry) -> values.add(entry.getValueOrElse(null)));
			return ofThisEpoch(values);
		}).toCompletableFuture();
	}

	@Override
	List<List<Integer>> together(byte[][] keys) {
		List<List<Integer>> chunks = new ArrayList<>();
		for (int index = 0; index < keys.length; index++) {
			if (index % MAX_KEYS == 0) {
				chunks.add(new ArrayList<>());
			}
			chunks.get(chunks.size() - 1).add(index);
		}
		return chunks;
	}

	@Override
	CompletableFuture<?> probe(byte[] channel, byte[] message) {
		return step(RedisScript.PROBE, ScriptOutputType.INTEGER, keys(), List.of(utf8(this.reign), channel, message));
	}

	@Override
	public void onRedisDisconnected(RedisChannelHandler<?, ?> ended) {
		// Before the client's watchdog hears of it, which then does nothing.
		drop();
		this.lost.run();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	void disconnect() {
		this.connection.closeAsync();
	}

}
