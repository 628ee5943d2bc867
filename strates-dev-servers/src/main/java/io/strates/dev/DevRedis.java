package io.strates.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import redis.embedded.RedisServer;

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
		return new DevRedis(startServer(new EmbeddedServer()), false);
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
		return startServer(Docker.isAvailable() ? new ContainerServer() : new EmbeddedServer());
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
	private interface Server {

		String host();

		int port();

		void start();

		void stop();

	}

	/** The binary from the class path. */
	private static final class EmbeddedServer implements Server {

		private final RedisServer redis;

		EmbeddedServer() {
			try {
				this.redis = RedisServer.newRedisServer()
					.port(FreePort.find())
					.bind(FreePort.HOST)
					.setting("save \"\"")
					// Asked, not killed: only then does stop() wait until the port is
					// free again.
					.onShutdownForceStop(false)
					.build();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("The embedded Redis binary cannot be unpacked", ex);
			}
		}

		@Override
		public String host() {
			return FreePort.HOST;
		}

		@Override
		public int port() {
			return this.redis.ports().get(0);
		}

		@Override
		public void start() {
			try {
				this.redis.start();
			}
			catch (IOException ex) {
				throw new IllegalStateException("The embedded Redis server did not start on port " + port(), ex);
			}
		}

		@Override
		public void stop() {
			try {
				this.redis.stop();
			}
			catch (IOException ex) {
				throw new IllegalStateException("The embedded Redis server did not stop on port " + port(), ex);
			}
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
