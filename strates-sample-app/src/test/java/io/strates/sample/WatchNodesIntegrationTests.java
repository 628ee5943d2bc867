package io.strates.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two instances of the sample on one database and one Redis. */
class WatchNodesIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int PACKAGES = 8;

	private static DevRedis redis;

	private static ConfigurableApplicationContext first;

	private static ConfigurableApplicationContext second;

	@BeforeAll
	static void start() {
		redis = DevRedis.startEmbedded();
		DevDatabase database = DevPostgres.newDatabase();
		first = start(database);
		second = start(database);
		List<String> stanzas = new ArrayList<>();
		for (int i = 0; i < PACKAGES; i++) {
			stanzas.add(SampleIntegrationTest.stanza("p" + i, "1"));
		}
		api(first).importFull("nodes", stanzas.toArray(String[]::new));
		await().atMost(PATIENCE).until(() -> trusted(first) && trusted(second));
	}

	private static ConfigurableApplicationContext start(DevDatabase database) {
		return new SpringApplicationBuilder(SampleApplication.class).run("--server.port=0",
				"--sample.import-on-start=false", "--strates.gc.schedule=off",
				"--spring.datasource.url=" + database.jdbcUrl(), "--spring.datasource.username=" + database.username(),
				"--spring.datasource.password=" + database.password(), "--spring.data.redis.host=" + redis.host(),
				"--spring.data.redis.port=" + redis.port());
	}

	@AfterAll
	static void stop() {
		second.close();
		first.close();
		redis.close();
	}

	private static Api api(ConfigurableApplicationContext context) {
		return new Api(Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
	}

	private static boolean trusted(ConfigurableApplicationContext context) {
		return api(context).getOther("/actuator/stratestiers").json().at("/channel/trusted").asBoolean();
	}

	private static Api.Answer put(ConfigurableApplicationContext context, String name, String note) {
		return api(context).sendOther("PUT", "/api/watches/nodes/" + name, "{\"note\":\"" + note + "\"}");
	}

	private static String note(ConfigurableApplicationContext context, String name) {
		return api(context).getOther("/api/watches/nodes/" + name).text("/note");
	}

	@Test
	void writeOfOneInstanceIsReadOnTheOther() {
		put(first, "p0", "old");
		assertThat(note(second, "p0")).isEqualTo("old");

		put(first, "p0", "new");

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(note(second, "p0")).isEqualTo("new"));
		assertThat(note(first, "p0")).isEqualTo("new");
		api(second).sendOther("DELETE", "/api/watches/nodes/p0", "");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(api(first).getOther("/api/watches/nodes/p0").status()).isEqualTo(404));
	}

	@Test
	void bothInstancesAnswerWhileRedisIsStoppedUnderLoadAndAgreeAfterwards() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		Map<String, String> written = new ConcurrentHashMap<>();
		List<Future<?>> load = new ArrayList<>();
		ExecutorService threads = Executors.newCachedThreadPool();
		try {
			for (int i = 1; i <= 4; i++) {
				ConfigurableApplicationContext node = (i % 2 == 0) ? first : second;
				ConfigurableApplicationContext other = (i % 2 == 0) ? second : first;
				String name = "p" + i;
				load.add(threads.submit(() -> write(node, other, name, written, over)));
			}
			await().atMost(PATIENCE).until(() -> written.size() == 4);

			redis.stop();
			assertProgress(written);
			assertThat(api(first).getOther("/actuator/health").text("/status")).isEqualTo("UP");
			redis.restart();
			assertProgress(written);

			over.set(true);
			for (Future<?> each : load) {
				each.get();
			}
			await().atMost(PATIENCE).until(() -> trusted(first) && trusted(second));
			// What one could not tell while Redis was away, it tells the other now.
			await().atMost(PATIENCE).untilAsserted(() -> written.forEach((name, note) -> {
				assertThat(note(first, name)).isEqualTo(note);
				assertThat(note(second, name)).isEqualTo(note);
			}));
		}
		finally {
			over.set(true);
			threads.shutdownNow();
		}
	}

	/** Writes on one node and reads on both, until it is over. */
	private static void write(ConfigurableApplicationContext node, ConfigurableApplicationContext other, String name,
			Map<String, String> written, AtomicBoolean over) {
		for (int count = 0; !over.get(); count++) {
			assertThat(put(node, name, "note " + count).status()).isIn(200, 201);
			written.put(name, "note " + count);
			assertThat(note(node, name)).isEqualTo("note " + count);
			assertThat(note(other, name)).startsWith("note ");
		}
	}

	private static void assertProgress(Map<String, String> written) {
		Map<String, String> before = Map.copyOf(written);
		await().atMost(PATIENCE)
			.until(() -> before.entrySet()
				.stream()
				.noneMatch((entry) -> entry.getValue().equals(written.get(entry.getKey()))));
	}

}
