package io.strates.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** A server from the binary on the class path. */
final class EmbeddedRedis implements DevRedis.Server {

	private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

	private final RedisServer redis;

	/** Where it saves its data, and a Cluster what it knows of itself. */
	private final Path directory;

	private @Nullable Long suspended;

	EmbeddedRedis(int port, String... settings) {
		try {
			this.directory = Files.createTempDirectory("strates-redis");
			RedisServerBuilder builder = RedisServer.newRedisServer()
				.port(port)
				.bind(FreePort.HOST)
				.setting("save \"\"")
				.setting("dir " + this.directory)
				// Asked, not killed: only then does stop() wait until the port is
				// free again.
				.onShutdownForceStop(false);
			for (String setting : settings) {
				builder.setting(setting);
			}
			this.redis = builder.build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded Redis binary cannot be unpacked", ex);
		}
		Runtime.getRuntime().addShutdownHook(new Thread(() -> FileTree.delete(this.directory)));
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
			Files.deleteIfExists(this.directory.resolve("dump.rdb"));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Old data cannot be removed from " + this.directory, ex);
		}
		startWithData();
	}

	void startWithData() {
		try {
			this.redis.start();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The embedded Redis server did not start on port " + port(), ex);
		}
	}

	@Override
	public void stop() {
		resume();
		try {
			this.redis.stop();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The embedded Redis server did not stop on port " + port(), ex);
		}
	}

	void save() {
		ask("SAVE", "+OK");
	}

	void suspend() {
		if (this.suspended == null) {
			this.suspended = process();
			signal("STOP", this.suspended);
		}
	}

	void resume() {
		if (this.suspended != null) {
			signal("CONT", this.suspended);
			this.suspended = null;
		}
	}

	/** Ends the process without a farewell. */
	void kill() {
		signal("KILL", process());
		stop();
	}

	private long process() {
		String process = ask("INFO server", "process_id:");
		return Long.parseLong(process.substring(process.indexOf(':') + 1));
	}

	private static void signal(String signal, long process) {
		try {
			int result = new ProcessBuilder("kill", "-" + signal, Long.toString(process)).inheritIO().start().waitFor();
			if (result != 0) {
				throw new IllegalStateException("kill -" + signal + " " + process + " failed with " + result);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException("There is no command 'kill' to suspend Redis with", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while Redis got a signal", ex);
		}
	}

	/** Returns the first line of the answer that begins as told. */
	String ask(String command, String begin) {
		return ask(host(), port(), command, begin);
	}

	static String ask(String host, int port, String command, String begin) {
		try (Socket socket = new Socket(host, port)) {
			socket.setSoTimeout((int) TIME_LIMIT.toMillis());
			socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
			BufferedReader answer = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			String line = answer.readLine();
			while (line != null && !line.startsWith("-") && !line.startsWith(begin)) {
				line = answer.readLine();
			}
			if (line == null || line.startsWith("-")) {
				throw new IllegalStateException(
						"Redis on port " + port + " answers " + command.substring(0, Math.min(command.length(), 20))
								+ " with " + line + " instead of " + begin);
			}
			return line;
		}
		catch (IOException ex) {
			throw new IllegalStateException("Redis on port " + port + " cannot be asked", ex);
		}
	}

}
