package io.strates.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DevRedis}.
 */
class DevRedisIntegrationTests {

	@Test
	void sharedIsOneServerThatNobodyCanStop() throws IOException {
		DevRedis shared = DevRedis.shared();

		shared.close();

		assertThat(DevRedis.shared()).isSameAs(shared);
		assertThatIllegalStateException().isThrownBy(shared::stop).withMessageContaining("other tests use it");
		assertThat(command(shared, "PING")).isEqualTo("+PONG");
	}

	@Test
	void restartAfterStopListensOnTheSamePortAndIsEmpty() throws IOException {
		try (DevRedis redis = DevRedis.start()) {
			int port = redis.port();
			command(redis, "SET color red");

			redis.stop();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> command(redis, "PING"));
			redis.restart();

			assertThat(redis.port()).isEqualTo(port);
			assertThat(command(redis, "EXISTS color")).isEqualTo(":0");
		}
	}

	@Test
	void restartWithDataKeepsItAndTheNextRestartDoesNot() throws IOException {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			command(redis, "SET color red");

			redis.restartWithData();
			assertThat(command(redis, "EXISTS color")).isEqualTo(":1");
			redis.restart();

			assertThat(command(redis, "EXISTS color")).isEqualTo(":0");
		}
	}

	@Test
	void suspendedServerAcceptsConnectionsAndAnswersNothingUntilItIsResumed() throws IOException {
		try (DevRedis redis = DevRedis.startEmbedded()) {
			redis.suspend();
			try (Socket socket = new Socket(redis.host(), redis.port())) {
				socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
				socket.setSoTimeout(100);
				assertThatExceptionOfType(SocketTimeoutException.class)
					.isThrownBy(() -> socket.getInputStream().read());
				redis.resume();
				socket.setSoTimeout(30_000);

				assertThat(socket.getInputStream().read()).isEqualTo('+');
			}
			redis.suspend();
		}
	}

	@Test
	void clusterHasAllSlotsOnThreeMasters() throws IOException {
		try (DevRedis redis = DevRedis.startCluster()) {
			Set<String> answers = new TreeSet<>();
			for (int key = 0; key < 1_000; key++) {
				answers.add(command(redis, "EXISTS k" + key).replaceAll("MOVED \\d+", "MOVED"));
			}

			assertThat(answers).hasSize(3)
				.contains(":0")
				.filteredOn((answer) -> answer.startsWith("-MOVED"))
				.hasSize(2);
		}
	}

	@Test
	void closeIsFinal() {
		DevRedis redis = DevRedis.startEmbedded();

		redis.close();
		redis.close();

		assertThatIllegalStateException().isThrownBy(redis::restart).withMessageContaining("closed");
	}

	private static String command(DevRedis redis, String command) throws IOException {
		try (Socket socket = new Socket(redis.host(), redis.port())) {
			socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
			return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
		}
	}

}
