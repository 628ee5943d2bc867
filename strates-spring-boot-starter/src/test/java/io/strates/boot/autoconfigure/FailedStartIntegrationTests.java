package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.strates.boot.secret.Letter;
import io.strates.dev.DevRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What an application leaves behind that does not start. */
class FailedStartIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Test
	void keyOfThirtyOneBytesLeavesNoThreadAndNoConnection() {
		String key = Base64.getEncoder().encodeToString(new byte[31]);
		try (DevRedis redis = DevRedis.startEmbedded();
				RedisClient client = RedisClient.create(RedisURI.create(redis.host(), redis.port()));
				StatefulRedisConnection<String, String> watching = client.connect()) {
			Set<Thread> before = Thread.getAllStackTraces().keySet();

			Contexts.bare()
				.withUserConfiguration(Letters.class)
				.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
				.withPropertyValues("spring.data.redis.host=" + redis.host(), "spring.data.redis.port=" + redis.port(),
						"strates.store.encryption.keys.k=" + key, "strates.store.encryption.current=k")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("has 31 bytes instead of 32"));

			await().atMost(PATIENCE).until(() -> watching.sync().clientList().lines().count() == 1);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(ownThreads(before)).isEmpty());
		}
	}

	private static List<String> ownThreads(Set<Thread> before) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread))
			.map(Thread::getName)
			.filter((name) -> name.startsWith("strates-") || name.startsWith("Hikari"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Letter.class)
	static class Letters {

	}

}
