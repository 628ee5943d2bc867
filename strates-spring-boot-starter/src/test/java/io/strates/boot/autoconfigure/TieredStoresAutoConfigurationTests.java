package io.strates.boot.autoconfigure;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.actuate.StratesTiersDescriptor;
import io.strates.boot.actuate.StratesTiersEndpoint;
import io.strates.boot.parcels.Parcel;
import io.strates.boot.secret.Letter;
import io.strates.boot.stored.Memo;
import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CacheSettings;
import io.strates.store.EncryptionKeys;
import io.strates.store.StoreDefinitionException;
import io.strates.store.StoreHooks;
import io.strates.store.TieredSettings;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import io.strates.store.WriteMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Stores of an application's entities. */
@ExtendWith(OutputCaptureExtension.class)
class TieredStoresAutoConfigurationTests {

	private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

	private static ApplicationContextRunner memos() {
		return Contexts.bare().withUserConfiguration(Memos.class);
	}

	private static ApplicationContextRunner letters() {
		return Contexts.bare().withUserConfiguration(Letters.class);
	}

	private static TieredStore<Memo, String> store(ApplicationContext context) {
		return context.getBean(Desk.class).memos;
	}

	private static String failure(ApplicationContext context, Throwable startup) {
		Throwable cause = startup;
		while (cause.getCause() != null && !(cause instanceof StratesStartException)) {
			cause = cause.getCause();
		}
		return String.valueOf(cause.getMessage());
	}

	@Test
	void storeIsInjectedByItsTypeAndReadsWhatItWrote() {
		memos().run((context) -> {
			store(context).put(new Memo("a", "buy milk"));

			assertThat(store(context).lookUp("a").origin()).isEqualTo(Origin.L1);
			assertThat(store(context).get("a").getText()).isEqualTo("buy milk");
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select text from memo", String.class))
				.isEqualTo("buy milk");
			assertThat(context.getBean(TieredStores.class).store(Memo.class, String.class)).isSameAs(store(context));
		});
	}

	@Test
	void applicationsOwnStoreGoesFirst() {
		memos().withUserConfiguration(OwnStore.class)
			.run((context) -> assertThat(store(context)).isSameAs(context.getBean(OwnStore.class).made));
	}

	@Test
	void annotationGoesBeforeDefaultsAndPropertiesOfTheTypeBeforeBoth() {
		memos()
			.withPropertyValues("strates.store.defaults.maximum=11", "strates.store.defaults.local-time-to-live=1m",
					"strates.store.defaults.remote-time-to-live=2m", "strates.store.types.memo.remote-time-to-live=3m",
					"strates.store.types.memo.max-stale=4m", "strates.store.types.memo.write-mode=l1-async")
			.run((context) -> {
				CacheSettings settings = store(context).settings().cache();
				assertThat(settings.localMaximum()).isEqualTo(11);
				assertThat(settings.localTimeToLive()).isEqualTo(Duration.ofMinutes(7));
				assertThat(settings.remoteTimeToLive()).isEqualTo(Duration.ofMinutes(3));
				assertThat(settings.maxStale()).isEqualTo(Duration.ofMinutes(4));
				assertThat(store(context).settings().writeMode()).isEqualTo(WriteMode.L1_ASYNC);
			});
	}

	@Test
	void propertyNamesAStoreInItsKeys() {
		memos().withPropertyValues("strates.store.types.memo.name=notes", "strates.store.types.memo.max-stale=4m")
			.run((context) -> {
				assertThat(store(context).settings().name()).isEqualTo("notes");
				assertThat(store(context).settings().cache().maxStale()).isEqualTo(Duration.ofMinutes(4));
				assertThat(store(context).statistics().name()).isEqualTo("notes");
			});
	}

	@Test
	void storesOfOneNameStopTheStartWithBothWaysToNameThem() {
		Contexts.bare()
			.withUserConfiguration(MemosAndParcels.class)
			.withPropertyValues("strates.store.types.memo.name=parcel")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(StoreDefinitionException.class)
				.hasMessageContaining(
						"There is a store 'parcel' already; name this one otherwise, with @Tiered(name) or"
								+ " strates.store.types.<name>.name"));
	}

	@Test
	void placeholderWithoutAValueLeavesThePropertyAsItIsByDefault() {
		memos()
			.withPropertyValues("strates.store.types.memo.local-time-to-live=${NOT_SET:}",
					"strates.store.defaults.remote-time-to-live=${NOT_SET:never}",
					"strates.build.chunk-size=${NOT_SET:}", "strates.cache.single-node=${NOT_SET:}")
			.run((context) -> {
				CacheSettings settings = store(context).settings().cache();
				assertThat(settings.localTimeToLive()).isEqualTo(Duration.ofMinutes(7));
				assertThat(settings.remoteTimeToLive()).isEqualTo(TieredSettings.NEVER);
				StratesProperties properties = context.getBean(StratesProperties.class);
				assertThat(properties.build().chunkSize()).isEqualTo(2000);
				assertThat(properties.cache().singleNode()).isFalse();
			});
	}

	@Test
	void hooksAreBeans() {
		memos().withUserConfiguration(Recording.class).run((context) -> {
			store(context).put(new Memo("a", "one"));

			assertThat(context.getBean(Recording.class).written).containsExactly("one");
		});
	}

	@Test
	void metersAndEndpointTellWhatAStoreDid() {
		memos()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
					StratesMetricsAutoConfiguration.class, StratesTiersEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=stratestiers")
			.run((context) -> {
				store(context).put(new Memo("a", "one"));
				store(context).get("a");
				store(context).get("a");

				MeterRegistry meters = context.getBean(MeterRegistry.class);
				assertThat(meters.get("strates.store.operations")
					.tags("store", "memo", "operation", "get")
					.functionCounter()
					.count()).isEqualTo(2);
				assertThat(meters.get("strates.store.dead").tag("store", "memo").gauge().value()).isZero();
				assertThat(meters.get("strates.cache.requests")
					.tags("cache", "memo", "tier", "l1", "result", "hit")
					.functionCounter()
					.count()).isEqualTo(2);
				StratesTiersDescriptor.StoreDescriptor memo = context.getBean(StratesTiersEndpoint.class)
					.tiers()
					.stores()
					.get("memo");
				assertThat(memo.writeMode()).isEqualTo(WriteMode.WRITE_THROUGH);
				assertThat(memo.puts()).isEqualTo(1);
				assertThat(context.getBean(StratesTiersEndpoint.class).explain("memo", "a").answer())
					.isEqualTo("L1 answers");
			});
	}

	@Test
	void writeBehindWithoutRedisIsKeptInMemoryAndDrainedWhenTheApplicationStops(CapturedOutput output) {
		String url = Contexts.h2();
		ApplicationContextRunner memos = memos().withPropertyValues(url, "spring.jpa.hibernate.ddl-auto=update");
		memos
			.withPropertyValues("strates.store.types.memo.write-mode=write-behind",
					"strates.store.write-behind.interval=10m")
			.run((context) -> {
				store(context).put(new Memo("a", "late"));

				assertThat(store(context).get("a").getText()).isEqualTo("late");
				assertThat(context.getBean(JdbcTemplate.class).queryForList("select text from memo")).isEmpty();
			});
		memos.run((context) -> assertThat(store(context).get("a").getText()).isEqualTo("late"));
		assertThat(output).contains("Store 'memo' writes behind from memory");
	}

	@Test
	void softTimeoutIsTakenTogetherWithTheStalenessThatItNeeds() {
		memos()
			.withPropertyValues("strates.store.types.memo.soft-timeout=50ms", "strates.store.types.memo.max-stale=4m")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(store(context).settings().cache().softTimeout()).isEqualTo(Duration.ofMillis(50));
			});
	}

	@Test
	void durableWriteBehindWithoutRedisStopsTheStart() {
		memos()
			.withPropertyValues("strates.store.types.memo.write-mode=write-behind",
					"strates.store.write-behind.durable=true")
			.run((context) -> assertThat(failure(context, context.getStartupFailure()))
				.startsWith("Property strates.store.write-behind.durable has the value 'true', but there is no Redis")
				.contains("'memo'", "strates.store.write-behind.durable=false"));
	}

	@Test
	void storesAreSwitchedOffByProperty() {
		Contexts.bare()
			.withUserConfiguration(MemosAlone.class)
			.withPropertyValues("strates.store.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TieredStores.class)
				.doesNotHaveBean(TieredStore.class));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "strates.store.types.memo.maximum | 0 | at least 1",
			"strates.store.types.memo.local-time-to-live | 0s | localTimeToLive",
			"strates.store.defaults.jitter | 2 | jitter",
			"strates.store.types.memo.eviction | lru | Remove strates.store.types.memo.eviction: L1 evicts by",
			"strates.store.defaults.eviction | lfu | Remove strates.store.defaults.eviction",
			"strates.store.types.memo.name | ' ' | Name the store", "strates.store.defaults.name | all | of each type",
			"strates.store.types.meno.maximum | 5 | There are the stores [memo]",
			"strates.store.encryption.keys.k | AAA= | has 2 bytes instead of 32",
			"strates.store.encryption.keys.k | ??? | is no Base64",
			"strates.store.encryption.current | k | but there are keys with the ids []" })
	void wrongSettingStopsTheStartAndIsNamed(String property, String value, String said) {
		memos().withPropertyValues(property + "=" + value).run((context) -> {
			assertThat(context).hasFailed();
			String message = failure(context, context.getStartupFailure());
			assertThat(message).contains(said);
			assertThat(message).contains(property.replaceAll("\\.meno\\.maximum", ".meno"));
		});
	}

	@Test
	void settingThatDoesNotExistStopsTheStart() {
		memos().withPropertyValues("strates.store.types.memo.ttl=5m")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnboundConfigurationPropertiesException.class)
				.hasMessageContaining("strates.store.types.memo.ttl"));
	}

	@Test
	void severalKeysWithoutTheCurrentOneStopTheStartAndSayWhatToSet() {
		letters()
			.withPropertyValues("strates.store.encryption.keys.old=" + KEY, "strates.store.encryption.keys.new=" + KEY)
			.run((context) -> assertThat(failure(context, context.getStartupFailure()))
				.startsWith("Property strates.store.encryption.current is not set, and there are keys with the ids")
				.contains("new", "old", "Set strates.store.encryption.current to the id of the key"));
	}

	@Test
	void whatIsKeptForEverIsKeptByPropertyAsByAnnotation() {
		memos()
			.withPropertyValues("strates.store.types.memo.local-time-to-live=never",
					"strates.store.defaults.remote-time-to-live=never")
			.run((context) -> {
				CacheSettings settings = store(context).settings().cache();
				assertThat(settings.localTimeToLive()).isEqualTo(TieredSettings.NEVER);
				assertThat(settings.remoteTimeToLive()).isEqualTo(TieredSettings.NEVER);
				store(context).put(new Memo("a", "for ever"));
				assertThat(store(context).lookUp("a").origin()).isEqualTo(Origin.L1);
			});
	}

	@Test
	void keyOfThirtyOneBytesStopsTheStartWithoutBeingShown() {
		String key = Base64.getEncoder().encodeToString("0123456789012345678901234567890".getBytes());
		letters()
			.withPropertyValues("strates.store.encryption.keys.old=" + KEY, "strates.store.encryption.keys.new=" + key,
					"strates.store.encryption.current=new")
			.run((context) -> assertThat(failure(context, context.getStartupFailure()))
				.startsWith("Property strates.store.encryption.keys.new has 31 bytes instead of 32")
				.doesNotContain(key));
	}

	@Test
	void secretWithoutAKeyStopsTheStartAndSaysWhichPropertyToSet() {
		letters().run((context) -> {
			assertThat(context).getFailure().rootCause().isInstanceOf(StoreDefinitionException.class);
			FailureAnalysis analysis = new StratesStoreFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("Letter", "text is @Encrypted");
			assertThat(analysis.getAction()).contains("Set strates.store.encryption.keys.<id> to the Base64 of 32");
		});
	}

	@Test
	void secretIsEncryptedWithTheCurrentKeyAndReadWithTheOldOne() {
		String other = Base64.getEncoder()
			.encodeToString(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
					23, 24, 25, 26, 27, 28, 29, 30, 31, 32 });
		String url = Contexts.h2();
		ApplicationContextRunner letters = letters().withPropertyValues(url, "spring.jpa.hibernate.ddl-auto=update",
				"strates.store.encryption.keys.old=" + KEY);
		letters.run((context) -> {
			letterStore(context).put(new Letter(1L, "dear"));
			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select text from letter", String.class))
				.doesNotContain("dear");
		});
		letters.withPropertyValues("strates.store.encryption.keys.new=" + other, "strates.store.encryption.current=new")
			.run((context) -> assertThat(letterStore(context).get(1L).getText()).isEqualTo("dear"));
	}

	@ParameterizedTest
	@CsvSource({ "k, ''", "k, a", "k1, dear", "k1, über", "key-of-2026, 0123456789012345678901234567890123456789" })
	void secretNeedsTheRoomThatTheReadmeSays(String key, String text) {
		int bytes = text.getBytes(StandardCharsets.UTF_8).length;
		letters().withPropertyValues("strates.store.encryption.keys." + key + "=" + KEY).run((context) -> {
			letterStore(context).put(new Letter(1L, text));

			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select text from letter", String.class))
				.hasSize(4 * (int) Math.ceil((bytes + key.length() + 30) / 3.0));
		});
	}

	@Test
	void keysCanBeABean() {
		letters().withUserConfiguration(Vault.class).run((context) -> {
			letterStore(context).put(new Letter(1L, "dear"));

			assertThat(letterStore(context).get(1L).getText()).isEqualTo("dear");
		});
	}

	@SuppressWarnings("unchecked")
	private static TieredStore<Letter, Long> letterStore(ApplicationContext context) {
		return (TieredStore<Letter, Long>) context
			.getBeanProvider(ResolvableType.forClassWithGenerics(TieredStore.class, Letter.class, Long.class))
			.getObject();
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = { Memo.class, Parcel.class })
	static class MemosAndParcels {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class MemosAlone {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Memo.class)
	static class Memos {

		@Bean
		Desk desk(TieredStore<Memo, String> memos) {
			return new Desk(memos);
		}

	}

	record Desk(TieredStore<Memo, String> memos) {
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = Letter.class)
	static class Letters {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStore {

		private TieredStore<Memo, String> made;

		@Bean
		@SuppressWarnings("unchecked")
		TieredStore<Memo, String> own(TieredStores stores) {
			TieredStore<Memo, String> store = stores.store(Memo.class, String.class);
			this.made = (TieredStore<Memo, String>) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { TieredStore.class },
					(proxy, method, arguments) -> method.invoke(store, arguments));
			return this.made;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Vault {

		@Bean
		EncryptionKeys keys() {
			return EncryptionKeys.of("k", Map.of("k", new byte[32]));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Recording {

		private final List<String> written = new ArrayList<>();

		@Bean
		StoreHooks<Memo> hooks() {
			return new StoreHooks<>() {
				@Override
				public Class<Memo> type() {
					return Memo.class;
				}

				@Override
				public void afterPut(Memo memo) {
					Recording.this.written.add(memo.getText());
				}
			};
		}

	}

}
