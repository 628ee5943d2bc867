package io.strates.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A running PostgreSQL 18 server.
 * <p>
 * Thread-safe. Whoever starts a server closes it; one that is still open when the JVM
 * ends is stopped then. The {@linkplain #shared() shared} server is the exception:
 * closing it does nothing, since other tests use it too.
 *
 * @since 0.1.0
 */
public final class DevPostgres extends DatabaseServer {

	private static final String USER = "postgres";

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private DevPostgres(String host, int port, String password, Runnable stop) {
		super("postgresql", host, port, new Account("postgres", USER, password), stop);
	}

	/**
	 * Starts a server of its own for the caller: a container if a Docker engine is there,
	 * embedded otherwise.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start
	 */
	public static DevPostgres start() {
		return start(Map.of());
	}

	/**
	 * Starts a server with settings of the caller's own.
	 * @param serverConfig settings as in {@code postgresql.conf}, such as
	 * {@code wal_level}; they win over the defaults of this class
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start
	 */
	public static DevPostgres start(Map<String, String> serverConfig) {
		return Docker.isAvailable() ? startContainer(serverConfig) : startEmbedded(serverConfig, true);
	}

	/**
	 * Starts an embedded server, even if a Docker engine is there.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start
	 */
	public static DevPostgres startEmbedded() {
		return startEmbedded(Map.of(), true);
	}

	/**
	 * Starts an embedded server that nothing but {@link #close()} stops: for an
	 * application that closes it when the JVM ends, after whatever still writes to it.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start
	 */
	public static DevPostgres startEmbeddedUntilClosed() {
		return startEmbedded(Map.of(), false);
	}

	/**
	 * Returns the server that all tests of this JVM share, and starts it when first
	 * asked.
	 * @return the shared server, which lives until the JVM ends
	 */
	public static DevPostgres shared() {
		return Shared.SERVER;
	}

	/**
	 * Creates an empty database on the {@linkplain #shared() shared} server, for one test
	 * class to do as it likes.
	 * @return the new database; nobody needs to drop it
	 * @throws IllegalStateException if the database cannot be created
	 */
	public static DevDatabase newDatabase() {
		return shared().create("test_" + DATABASES.incrementAndGet());
	}

	private static DevPostgres startContainer(Map<String, String> serverConfig) {
		PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine").withUsername(USER);
		List<String> command = new ArrayList<>(List.of("postgres"));
		settings(serverConfig).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
		container.setCommand(command.toArray(String[]::new));
		container.start();
		return new DevPostgres(container.getHost(), container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
				container.getPassword(), container::stop);
	}

	private static DevPostgres startEmbedded(Map<String, String> serverConfig, boolean stopWithJvm) {
		EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder().setPort(FreePort.find());
		builder.setRegisterShutdownHook(stopWithJvm);
		builder.setServerConfig("listen_addresses", FreePort.HOST);
		settings(serverConfig).forEach(builder::setServerConfig);
		try {
			EmbeddedPostgres server = builder.start();
			return new DevPostgres(FreePort.HOST, server.getPort(), "", () -> close(server));
		}
		catch (IOException ex) {
			throw new IllegalStateException("The embedded PostgreSQL server did not start with " + serverConfig
					+ "; its own messages are in the log", ex);
		}
	}

	private static Map<String, String> settings(Map<String, String> serverConfig) {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("fsync", "off");
		settings.put("synchronous_commit", "off");
		settings.put("full_page_writes", "off");
		settings.put("max_connections", "200");
		settings.putAll(serverConfig);
		return settings;
	}

	private static void close(EmbeddedPostgres server) {
		try {
			server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private DevPostgres unclosable() {
		return new DevPostgres(host(), port(), password(), () -> {
		});
	}

	/**
	 * Starts the shared server on first use; what started it also stops it when the JVM
	 * ends.
	 */
	private static final class Shared {

		static final DevPostgres SERVER = start().unclosable();

	}

}
