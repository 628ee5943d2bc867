package io.strates.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import redis.embedded.RedisSentinel;
import redis.embedded.core.RedisSentinelBuilder;

/**
 * A Redis master with one replica, watched by three Sentinels, which take a master for
 * dead that has been silent for half a second. Embedded, even if a Docker engine is
 * there.
 * <p>
 * Thread-safe. Whoever starts it closes it; what is still open when the JVM ends is
 * stopped then.
 *
 * @since 0.1.0
 */
public final class DevSentinels implements AutoCloseable {

	/** The name under which the Sentinels know the master. */
	public static final String MASTER = "main";

	private static final int SENTINELS = 3;

	private static final int QUORUM = 2;

	private static final Duration DOWN_AFTER = Duration.ofMillis(500);

	private static final Duration FAIL_OVER_LIMIT = Duration.ofSeconds(3);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration PAUSE = Duration.ofMillis(20);

	private static final Pattern STATE = Pattern
		.compile("master0:name=main,status=ok,address=[^:]+:(\\d+),slaves=(\\d+),sentinels=(\\d+)");

	private final EmbeddedRedis first = new EmbeddedRedis(FreePort.find(), "repl-diskless-sync yes",
			"repl-diskless-sync-delay 0");

	private final EmbeddedRedis second = new EmbeddedRedis(FreePort.find(), "repl-diskless-sync yes",
			"repl-diskless-sync-delay 0", "replicaof " + FreePort.HOST + " " + this.first.port());

	private final List<Sentinel> sentinels = Stream.generate(() -> new Sentinel(this.first.port()))
		.limit(SENTINELS)
		.toList();

	private boolean closed;

	private DevSentinels() {
	}

	/**
	 * Starts the servers.
	 * @return the servers, which know each other
	 * @throws IllegalStateException if one does not start
	 */
	public static DevSentinels start() {
		DevSentinels servers = new DevSentinels();
		servers.first.start();
		servers.second.start();
		await("the replica is linked",
				() -> servers.second.ask("INFO replication", "master_link_status:").equals("master_link_status:up"));
		servers.sentinels.forEach(Sentinel::start);
		await("the Sentinels know the replica and each other",
				() -> servers.sentinels.stream().allMatch(Sentinel::knowsAll));
		return servers;
	}

	private static void await(String what, BooleanSupplier condition) {
		long start = System.nanoTime();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - start > PATIENCE.toNanos()) {
				throw new IllegalStateException("It is not the case after " + PATIENCE + " that " + what);
			}
			LockSupport.parkNanos(PAUSE.toNanos());
		}
	}

	/**
	 * Returns the host on which all of them listen.
	 * @return an address
	 */
	public String host() {
		return FreePort.HOST;
	}

	/**
	 * Returns the ports of the Sentinels.
	 * @return the ports
	 */
	public List<Integer> ports() {
		return this.sentinels.stream().map((sentinel) -> sentinel.port).toList();
	}

	/**
	 * Returns where the master listens, once all Sentinels agree about it.
	 * @return the port
	 * @throws IllegalStateException if they do not agree within half a minute
	 */
	public int master() {
		await("the Sentinels agree",
				() -> this.sentinels.stream().map(Sentinel::master).distinct().count() == 1 && known() > 0);
		return known();
	}

	private int known() {
		return this.sentinels.get(0).master();
	}

	/**
	 * Waits until all Sentinels tell of another master.
	 * @param old the port on which the one listened that is to be replaced
	 * @return the port of the new master
	 * @throws IllegalStateException if they do not within half a minute
	 */
	public int awaitMasterOtherThan(int old) {
		await("the Sentinels tell of the new master", () -> master() != old);
		return master();
	}

	/**
	 * Returns whether a server takes itself for a master.
	 * @param port where it listens
	 * @return {@code false} if it is a replica
	 * @throws IllegalStateException if it does not answer
	 */
	public boolean isMaster(int port) {
		return EmbeddedRedis.ask(FreePort.HOST, port, "INFO replication", "role:").equals("role:master");
	}

	/**
	 * Kills the process of the master, which does not come back, and returns when it is
	 * dead. Some time later the Sentinels make the replica the master.
	 * @return the port on which it listened
	 */
	public synchronized int killMaster() {
		int port = master();
		((port == this.first.port()) ? this.first : this.second).kill();
		return port;
	}

	/**
	 * Has the Sentinels make the replica the master although the master is well, and
	 * returns when all of them tell clients of the new one. The old one takes itself for
	 * a master for about ten seconds more, and keeps its clients.
	 * @return the port of the old master
	 */
	public synchronized int failOver() {
		int old = master();
		await("a Sentinel begins the fail-over", this.sentinels.get(0)::failOver);
		awaitMasterOtherThan(old);
		return old;
	}

	@Override
	public synchronized void close() {
		if (!this.closed) {
			this.closed = true;
			this.sentinels.forEach(Sentinel::stop);
			this.second.stop();
			this.first.stop();
		}
	}

	/** A process that watches the master. */
	private static final class Sentinel {

		private final int port = FreePort.find();

		private final RedisSentinel process;

		Sentinel(int master) {
			try {
				Path directory = Files.createTempDirectory("strates-sentinel");
				Runtime.getRuntime().addShutdownHook(new Thread(() -> FileTree.delete(directory)));
				RedisSentinelBuilder builder = RedisSentinel.newRedisSentinel()
					.bind(FreePort.HOST)
					.port(this.port)
					.masterName(MASTER)
					.masterPort(master)
					.quorumSize(QUORUM)
					.downAfterMilliseconds(DOWN_AFTER.toMillis())
					.failOverTimeout(FAIL_OVER_LIMIT.toMillis());
				// Else it leaves the master out because there is another setting.
				builder.addDefaultReplicationGroup();
				this.process = builder.setting("dir " + directory).build();
			}
			catch (IOException ex) {
				throw new UncheckedIOException("There is no room for the data of a Sentinel", ex);
			}
		}

		void start() {
			try {
				this.process.start();
			}
			catch (IOException ex) {
				throw new IllegalStateException("The Sentinel did not start on port " + this.port, ex);
			}
		}

		void stop() {
			try {
				this.process.stop();
			}
			catch (IOException ex) {
				throw new IllegalStateException("The Sentinel did not stop on port " + this.port, ex);
			}
		}

		boolean knowsAll() {
			Matcher state = state();
			return state.lookingAt() && Integer.parseInt(state.group(2)) == 1
					&& Integer.parseInt(state.group(3)) == SENTINELS;
		}

		/** Returns its port, or -1 while it is down. */
		int master() {
			Matcher state = state();
			return state.lookingAt() ? Integer.parseInt(state.group(1)) : -1;
		}

		private Matcher state() {
			return STATE.matcher(EmbeddedRedis.ask(FreePort.HOST, this.port, "INFO sentinel", "master0:"));
		}

		/** Returns whether it begins: at first it may not know enough of the replica. */
		boolean failOver() {
			try {
				EmbeddedRedis.ask(FreePort.HOST, this.port, "SENTINEL FAILOVER " + MASTER, "+OK");
				return true;
			}
			catch (IllegalStateException ex) {
				return false;
			}
		}

	}

}
