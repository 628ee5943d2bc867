package io.strates.dev;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Redis 6.2 server, the oldest that Strates supports, which can be stopped and started
 * again to test an outage.
 * <p>
 * Thread-safe. Whoever starts a server closes it; one that is still open when the JVM
 * ends is stopped then. The {@linkplain #shared() shared} server can be neither closed
 * nor stopped, since other tests use it too.
 *
 * @since 0.1.0
 */
public final class DevRedis implements AutoCloseable {

	private final Server server;

	private final boolean shared;

	private boolean running = true;

	private boolean closed;

	private DevRedis(Server server, boolean shared) {
		this.server = server;
		this.shared = shared;
	}

	/**
	 * Starts a server of its own for the caller: a container if a Docker engine is there,
	 * embedded otherwise.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start
	 */
	public static DevRedis start() {
		return new DevRedis(startServer(), false);
	}

	/**
	 * Starts an embedded server, even if a Docker engine is there.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start
	 */
	public static DevRedis startEmbedded() {
		return new DevRedis(startServer(new EmbeddedRedis(FreePort.find())), false);
	}

	/**
	 * Starts an embedded Cluster of three masters. Address, restart with data, and
	 * hanging are those of its first node.
	 * @return the server, ready for connections of clients that know Clusters
	 * @throws IllegalStateException if a node does not start
	 */
	public static DevRedis startCluster() {
		return new DevRedis(startServer(new ClusterServer()), false);
	}

	/**
	 * Returns the server that all tests of this JVM share, and starts it when first
	 * asked. Tests keep apart by key prefix or database number.
	 * @return the shared server, which lives until the JVM ends
	 */
	public static DevRedis shared() {
		return Shared.SERVER;
	}

	private static Server startServer() {
		return startServer(Docker.isAvailable() ? new ContainerServer() : new EmbeddedRedis(FreePort.find()));
	}

	private static Server startServer(Server server) {
		server.start();
		return server;
	}

	/**
	 * Returns the host on which the server listens.
	 * @return a name or an address
	 */
	public String host() {
		return this.server.host();
	}

	/**
	 * Returns the port on which the server listens, the same after each
	 * {@link #restart()}.
	 * @return the port
	 */
	public int port() {
		return this.server.port();
	}

	/**
	 * Stops the server: connections break, new ones are refused, the data is gone. Does
	 * nothing if it is down already.
	 * @throws IllegalStateException if this is the shared server
	 */
	public synchronized void stop() {
		refuseIfShared();
		if (this.running) {
			this.server.stop();
			this.running = false;
		}
	}

	/**
	 * Starts the server on its old port, empty; a running server is stopped first.
	 * @throws IllegalStateException if the server is closed, does not start, or is the
	 * shared one
	 */
	public synchronized void restart() {
		if (this.closed) {
			throw new IllegalStateException("The Redis server on port " + port() + " is closed; start another");
		}
		stop();
		this.server.start();
		this.running = true;
	}

	/**
	 * Saves the data, stops the server, and starts it on its old port with that data.
	 * @throws IllegalStateException if the server is not an embedded one that is running,
	 * or is the shared one
	 */
	public synchronized void restartWithData() {
		refuseIfShared();
		EmbeddedRedis embedded = embedded();
		embedded.save();
		embedded.stop();
		embedded.startWithData();
		if (this.server instanceof ClusterServer cluster) {
			cluster.awaitReady();
		}
	}

	/**
	 * Makes the server hang: it keeps its connections, accepts new ones, and answers
	 * nothing until it is {@linkplain #resume() resumed}.
	 * @throws IllegalStateException if the server is not an embedded one that is running,
	 * or is the shared one
	 */
	public synchronized void suspend() {
		refuseIfShared();
		embedded().suspend();
	}

	/**
	 * Lets a server go on that was suspended. Does nothing if it was not.
	 * @throws IllegalStateException if the server is not an embedded one that is running
	 */
	public synchronized void resume() {
		embedded().resume();
	}

	private EmbeddedRedis embedded() {
		if (this.running && this.server instanceof EmbeddedRedis embedded) {
			return embedded;
		}
		if (this.running && this.server instanceof ClusterServer cluster) {
			return cluster.nodes.get(0);
		}
		throw new IllegalStateException("The Redis server on port " + port()
				+ " is down or in a container; start one with DevRedis.startEmbedded()");
	}

	/**
	 * Stops the server for good. Does nothing if it is closed already, or if it is the
	 * shared server.
	 */
	@Override
	public synchronized void close() {
		if (!this.shared) {
			stop();
			this.closed = true;
		}
	}

	private void refuseIfShared() {
		if (this.shared) {
			throw new IllegalStateException("The shared Redis server cannot be stopped because other tests use it; "
					+ "start one with DevRedis.start()");
		}
	}

	/** One server that keeps its address over restarts. Start and stop alternate. */
	interface Server {

		String host();

		int port();

		void start();

		void stop();

	}

	/** Nodes that share the slots among them. */
	private static final class ClusterServer implements Server {

		private static final int NODES = 3;

		private static final int SLOTS = 16_384;

		private static final int SLOTS_AT_ONCE = 1_024;

		private static final int ATTEMPTS = 3_000;

		private static final Duration PAUSE = Duration.ofMillis(10);

		private final List<EmbeddedRedis> nodes = Stream.generate(
				() -> new EmbeddedRedis(FreePort.findForCluster(), "cluster-enabled yes", "cluster-node-timeout 2000"))
			.limit(NODES)
			.toList();

		private boolean joined;

		@Override
		public String host() {
			return this.nodes.get(0).host();
		}

		@Override
		public int port() {
			return this.nodes.get(0).port();
		}

		@Override
		public void start() {
			this.nodes.forEach(EmbeddedRedis::start);
			if (!this.joined) {
				join();
				this.joined = true;
			}
			awaitReady();
		}

		/** A node that was restarted takes two seconds until it serves again. */
		void awaitReady() {
			this.nodes.forEach((node) -> await(node, "cluster_known_nodes:", Integer.toString(NODES)));
			this.nodes.forEach((node) -> await(node, "cluster_state:", "ok"));
		}

		private void join() {
			for (int first = 0; first < SLOTS; first += SLOTS_AT_ONCE) {
				String slots = IntStream.range(first, first + SLOTS_AT_ONCE)
					.mapToObj(Integer::toString)
					.collect(Collectors.joining(" "));
				this.nodes.get(first / SLOTS_AT_ONCE % NODES).ask("CLUSTER ADDSLOTS " + slots, "+OK");
			}
			for (int node = 0; node < NODES; node++) {
				this.nodes.get(node).ask("CLUSTER SET-CONFIG-EPOCH " + (node + 1), "+OK");
			}
			this.nodes.forEach((node) -> this.nodes.get(0).ask("CLUSTER MEET " + host() + " " + node.port(), "+OK"));
		}

		private static void await(EmbeddedRedis node, String name, String value) {
			String state = "";
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				state = node.ask("CLUSTER INFO", name);
				if (state.equals(name + value)) {
					return;
				}
				LockSupport.parkNanos(PAUSE.toNanos());
			}
			throw new IllegalStateException(
					"The Redis Cluster node on port " + node.port() + " is not ready: " + state);
		}

		@Override
		public void stop() {
			this.nodes.forEach(EmbeddedRedis::stop);
		}

	}

	/**
	 * A container per start, each on the same port of the host: Docker would choose a new
	 * one for a restart.
	 */
	private static final class ContainerServer implements Server {

		private static final int REDIS_PORT = 6379;

		private final int port = FreePort.find();

		private @Nullable GenericContainer<?> container;

		private String host = FreePort.HOST;

		@Override
		public String host() {
			return this.host;
		}

		@Override
		public int port() {
			return this.port;
		}

		@Override
		public void start() {
			GenericContainer<?> next = new GenericContainer<>(DockerImageName.parse("redis:6.2-alpine"));
			next.setPortBindings(List.of(this.port + ":" + REDIS_PORT));
			next.addExposedPort(REDIS_PORT);
			next.start();
			this.host = next.getHost();
			this.container = next;
		}

		@Override
		public void stop() {
			if (this.container != null) {
				this.container.stop();
			}
		}

	}

	/**
	 * Starts the shared server on first use; what started it also stops it when the JVM
	 * ends.
	 */
	private static final class Shared {

		static final DevRedis SERVER = new DevRedis(startServer(), true);

	}

}
