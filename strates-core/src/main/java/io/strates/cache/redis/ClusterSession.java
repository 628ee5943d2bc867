package io.strates.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.jspecify.annotations.Nullable;

/**
 * A session with the masters of a Cluster. The client connects to each as it likes;
 * therefore each step names the processes that may take it. The epoch is that of all
 * masters: it ends when one is restarted, replaced, or gets other slots, which each node
 * notices with its next probe.
 */
final class ClusterSession extends RedisSession {

	private static final int MAX_KEYS = 500;

	private static final int ADDRESS_FIELDS = 8;

	private final StatefulRedisClusterConnection<byte[], byte[]> connection;

	private final AtomicInteger turn = new AtomicInteger();

	private Members members = new Members(new TreeMap<>());

	private String epoch = "";

	private byte[] processes = {};

	private ClusterSession(StatefulRedisClusterConnection<byte[], byte[]> connection) {
		this.connection = connection;
	}

	static ClusterSession open(RedisClusterClient client, Connector connector, Duration limit) {
		ClusterSession session = new ClusterSession(connector.connect(() -> client.connect(ByteArrayCodec.INSTANCE)));
		try {
			// The client asks who the masters are only when it is first used.
			await(client.refreshPartitionsAsync(), limit);
			session.enter(await(session.members(), limit));
		}
		catch (RuntimeException ex) {
			session.drop();
			throw ex;
		}
		return session;
	}

	private void enter(Members members) {
		this.members = members;
		this.epoch = epochOf(members.masters().toString());
		this.processes = utf8(String.join(",", members.masters().values()));
	}

	/** Asks who the masters are, and each for its process. */
	private CompletionStage<Members> members() {
		return commands().clusterNodes().thenCompose((nodes) -> {
			Map<String, CompletableFuture<String>> asked = new TreeMap<>();
			nodes.lines().map((line) -> line.split(" ")).filter(ClusterSession::isMaster).forEach((node) -> {
				// The epoch of the node's configuration grows with each fail-over.
				asked.put(node[0] + "@" + node[6], process(node[0]));
			});
			return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new)).thenApply((done) -> {
				Map<String, String> masters = new TreeMap<>();
				asked.forEach((node, process) -> masters.put(node, process.join()));
				if (masters.isEmpty()) {
					throw new RedisException("The Cluster has no master with slots");
				}
				return new Members(masters);
			});
		});
	}

	private static boolean isMaster(String[] node) {
		return node.length > ADDRESS_FIELDS && Set.of(node[2].split(",")).contains("master");
	}

	private CompletableFuture<String> process(String node) {
		return this.connection.getConnectionAsync(node)
			.thenCompose((master) -> master.async().info("server"))
			.thenApply(RedisSession::runId);
	}

	@Override
	String epoch() {
		return this.epoch;
	}

	@Override
	byte[] processes() {
		return this.processes;
	}

	@Override
	RedisClusterAsyncCommands<byte[], byte[]> commands() {
		return this.connection.async();
	}

	@Override
	CompletableFuture<List<@Nullable Object>> fetch(byte[][] keys) {
		@Nullable Object[] values = new Object[keys.length];
		List<CompletableFuture<?>> replies = new ArrayList<>();
		for (List<Integer> group : together(keys)) {
			byte[][] some = group.stream().map((index) -> keys[index]).toArray(byte[][]::new);
			CompletableFuture<List<Object>> reply = step(RedisScript.FETCH, ScriptOutputType.MULTI, some, List.of());
			replies.add(reply.thenAccept((found) -> {
				for (int index = 0; index < group.size(); index++) {
					values[group.get(index)] = found.get(index);
				}
			}));
		}
		return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
			.thenApply((done) -> new ArrayList<>(Arrays.asList(values)));
	}

	@Override
	List<List<Integer>> together(byte[][] keys) {
		Map<Integer, List<Integer>> current = new LinkedHashMap<>();
		Collection<List<Integer>> groups = new ArrayList<>();
		for (int index = 0; index < keys.length; index++) {
			int slot = SlotHash.getSlot(keys[index]);
			List<Integer> group = current.get(slot);
			if (group == null || group.size() == MAX_KEYS) {
				group = new ArrayList<>();
				current.put(slot, group);
				groups.add(group);
			}
			group.add(index);
		}
		return List.copyOf(groups);
	}

	/** By each master in turn, so that each way to the subscribers is tried. */
	@Override
	CompletableFuture<?> probe(byte[] channel, byte[] message) {
		return members().thenCompose((now) -> {
			if (!now.equals(this.members)) {
				throw new RedisException("The masters of the Cluster have changed");
			}
			List<String> nodes = List.copyOf(now.masters().keySet());
			String node = nodes.get(Math.floorMod(this.turn.getAndIncrement(), nodes.size()));
			return publisher(node).thenCompose((master) -> master.async().publish(channel, message));
		}).thenApply(this::ofThisEpoch).toCompletableFuture();
	}

	private CompletableFuture<StatefulRedisConnection<byte[], byte[]>> publisher(String node) {
		return this.connection.getConnectionAsync(node.substring(0, node.indexOf('@')));
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	void disconnect() {
		this.connection.closeAsync();
	}

	/**
	 * The masters with slots.
	 *
	 * @param masters the run id of each, by its name and epoch
	 */
	private record Members(Map<String, String> masters) {
	}

}
