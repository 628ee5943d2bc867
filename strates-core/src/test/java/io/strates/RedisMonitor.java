package io.strates;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.strates.dev.DevRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Reads along what a Redis server is asked, by clients and by their scripts. What tiers
 * send to themselves all the time is left out.
 */
public final class RedisMonitor implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Socket socket;

	private final List<String> lines = new ArrayList<>();

	/**
	 * Begins to read.
	 * @param redis the server
	 */
	public RedisMonitor(DevRedis redis) {
		try {
			this.socket = new Socket(redis.host(), redis.port());
			this.socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
			BufferedReader answers = new BufferedReader(
					new InputStreamReader(this.socket.getInputStream(), StandardCharsets.ISO_8859_1));
			assertThat(answers.readLine()).isEqualTo("+OK");
			Thread thread = new Thread(() -> read(answers), "redis-monitor");
			thread.setDaemon(true);
			thread.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void read(BufferedReader answers) {
		try {
			for (String line = answers.readLine(); line != null; line = answers.readLine()) {
				synchronized (this.lines) {
					this.lines.add(line);
				}
			}
		}
		catch (IOException ex) {
			// Closed, which ends the loop.
		}
	}

	/**
	 * Returns what was asked since the last call.
	 * @param marker a text in the last question, which is left out
	 * @return who asked what, in their order
	 */
	public Asked until(String marker) {
		await().atMost(PATIENCE).until(() -> end(marker) >= 0);
		synchronized (this.lines) {
			List<String> taken = this.lines.subList(0, end(marker) + 1);
			List<String> all = taken.subList(0, taken.size() - 1)
				.stream()
				.filter((line) -> !line.contains(" PROBE "))
				.toList();
			taken.clear();
			return new Asked(withoutScripts(all), all);
		}
	}

	private int end(String marker) {
		synchronized (this.lines) {
			for (int index = 0; index < this.lines.size(); index++) {
				if (this.lines.get(index).contains(marker)) {
					return index;
				}
			}
			return -1;
		}
	}

	/** A probe is gone already, and with it what its script does. */
	private static List<String> withoutScripts(List<String> lines) {
		return lines.stream().filter((line) -> !line.contains(" lua] ")).toList();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What was asked.
	 *
	 * @param byClients each a round trip, unless nobody waits for it
	 * @param all also what scripts did
	 */
	public record Asked(List<String> byClients, List<String> all) {

		/**
		 * Returns what nodes were told.
		 * @param kind the kind of message
		 * @return the messages
		 */
		public List<String> messages(String kind) {
			return this.all.stream()
				.filter((line) -> line.toLowerCase(Locale.ROOT).contains("\"publish\"") && line.contains(kind))
				.toList();
		}

	}

}
