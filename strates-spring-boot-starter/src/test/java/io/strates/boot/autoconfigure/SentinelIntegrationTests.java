package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.stream.Collectors;

import io.strates.boot.stored.Memo;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.Tiers;
import io.strates.dev.DevSentinels;
import io.strates.store.TieredStore;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Applications that are told of Sentinels, as Spring Boot is told of them. */
class SentinelIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final String database = Contexts.h2();

	private ApplicationContextRunner runner(DevSentinels redis) {
		String nodes = redis.ports().stream().map((port) -> redis.host() + ":" + port).collect(Collectors.joining(","));
		return Contexts.bare()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withUserConfiguration(Memos.class)
			.withPropertyValues(this.database, "spring.jpa.hibernate.ddl-auto=update",
					"spring.data.redis.sentinel.master=" + DevSentinels.MASTER,
					"spring.data.redis.sentinel.nodes=" + nodes, "strates.cache.redis.timeout=2s");
	}

	@SuppressWarnings("unchecked")
	private static TieredStore<Memo, String> store(ApplicationContext context) {
		return (TieredStore<Memo, String>) context
			.getBeanProvider(ResolvableType.forClassWithGenerics(TieredStore.class, Memo.class, String.class))
			.getObject();
	}

	private static void awaitTrust(ApplicationContext context) {
		Tiers tiers = context.getBean(Tiers.class);
		await().atMost(PATIENCE).until(() -> tiers.answering() && tiers.channel().trusted());
	}

	/** A reader may meet the end of a write, or its message, and then keeps nothing. */
	private static void awaitAnswerFromMemory(ApplicationContext context, String text) {
		await().atMost(PATIENCE).until(() -> store(context).get("a").getText().equals(text));
		await().atMost(PATIENCE).until(() -> store(context).lookUp("a").origin() == Origin.L1);
		assertThat(store(context).get("a").getText()).isEqualTo(text);
	}

	@Test
	void nodesAreCoherentAgainOnTheMasterThatTakesThePlaceOfAKilledOne() {
		try (DevSentinels redis = DevSentinels.start()) {
			runner(redis).run((here) -> runner(redis).run((there) -> {
				awaitTrust(here);
				awaitTrust(there);
				store(here).put(new Memo("a", "one"));
				awaitAnswerFromMemory(there, "one");

				int killed = redis.killMaster();
				store(here).put(new Memo("a", "two"));
				assertThat(store(here).get("a").getText()).isEqualTo("two");
				redis.awaitMasterOtherThan(killed);
				awaitTrust(here);
				awaitTrust(there);
				awaitAnswerFromMemory(there, "two");
				store(there).put(new Memo("a", "three"));

				awaitAnswerFromMemory(here, "three");
			}));
		}
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class Memos {

	}

}
