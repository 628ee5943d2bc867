package io.strates.boot.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.strates.boot.parcels.Parcel;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;
import io.strates.dev.DevRedis;
import io.strates.query.ReadModel;
import io.strates.store.Search;
import io.strates.store.TieredStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The tiers over HTTP, with Redis behind them. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.datasource.url=jdbc:h2:mem:tiers;DB_CLOSE_DELAY=-1", "strates.gc.schedule=off",
				"management.endpoints.web.exposure.include=strates,stratestiers" })
class StratesTiersEndpointIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@Autowired
	private WebServerApplicationContext context;

	@Autowired
	private CoherentCache<String, String> words;

	@Autowired
	private Tiers tiers;

	@Autowired
	private Rates rates;

	@Autowired
	private TieredStore<Parcel, Long> parcels;

	@Autowired
	private JdbcTemplate jdbc;

	@DynamicPropertySource
	static void redis(DynamicPropertyRegistry registry) {
		DevRedis redis = DevRedis.shared();
		registry.add("spring.data.redis.host", redis::host);
		registry.add("spring.data.redis.port", redis::port);
		registry.add("strates.cache.namespace", () -> UUID.randomUUID().toString());
		registry.add("strates.cache.redis.timeout", () -> "10s");
	}

	@BeforeEach
	void heard() {
		await().atMost(PATIENCE).until(() -> this.tiers.channel().trusted());
	}

	private void read(String word) {
		this.words.get(word, (keys) -> Map.of(word, word));
	}

	@Test
	void readShowsChannelCachesAndSettings() {
		read("shown");
		read("shown");

		Map<String, Object> all = get("");

		assertThat(child(all, "channel")).containsEntry("trusted", true)
			.containsEntry("answering", true)
			.containsEntry("breaker", "CLOSED")
			.containsEntry("debts", 0)
			.containsKeys("lag", "lastMessage", "gaps", "messages");
		Map<String, Object> cache = child(all, "caches", "texts/words");
		assertThat((int) child(cache, "l1").get("hits")).isPositive();
		assertThat(child(cache, "coherence")).containsKeys("writes", "fillsRefused", "invalidationsReceived");
		assertThat(child(cache, "settings")).containsEntry("localMaximum", 7);
		assertThat(child(all, "caches")).containsKey(View.class.getName());
		assertThat(get("/words")).containsEntry("name", "texts/words").containsEntry("store", null);
		assertThat(child(get("/View"), "cache")).containsKeys("l1", "l2").containsEntry("settings", null);
	}

	@Test
	void endpointOfScopesShowsTheChannelToo() {
		assertThat(child(body(HttpMethod.GET, "/actuator/strates", 200), "channel")).containsEntry("trusted", true);
	}

	@Test
	void keyIsExplained() {
		assertThat(get("/words/a/b")).containsEntry("remote", "MISSING")
			.containsEntry("answer", "The loader answers, and its answer is kept")
			.containsEntry("memory", null);
		read("a/b");

		await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("/words/a/b")).containsEntry("remote", "PRESENT"));
		assertThat(get("/words/a/b")).containsEntry("answer", "L1 answers")
			.containsEntry("trusted", true)
			.containsEntry("debts", 0);
		assertThat(child(get("/words/a/b"), "memory")).containsEntry("absent", false).containsKeys("age", "remaining");
	}

	@Test
	void deleteForgetsAKeyATagOrEverything() {
		read("red");
		read("green");
		read("blue");

		assertThat(delete("/words/red")).containsEntry("cache", "texts/words").containsEntry("key", "red");
		assertThat(this.words.lookUpIfCached("red")).isNull();
		assertThat(this.words.lookUpIfCached("green")).isNotNull();
		assertThat(delete("/words?tag=green")).containsEntry("tag", "green").containsEntry("debts", 0);
		assertThat(this.words.lookUpIfCached("green")).isNull();
		assertThat(this.words.lookUpIfCached("blue")).isNotNull();
		delete("/words");
		assertThat(this.words.lookUpIfCached("blue")).isNull();
	}

	@Test
	void keyOfAMethodIsWhatAPersonWritesForItsArgument() {
		this.rates.of("chf");
		this.rates.of(7L);

		assertThat(get("/rates/chf")).containsEntry("answer", "L1 answers")
			.hasEntrySatisfying("key", (key) -> assertThat(key).asString().endsWith("s.chf"));
		assertThat(get("/rates/s.chf")).containsEntry("answer", "L1 answers");
		assertThat(get("/rates/7")).containsEntry("answer", "L1 answers")
			.hasEntrySatisfying("key", (key) -> assertThat(key).asString().endsWith("l.7"));
		assertThat(get("/rates/eur")).containsEntry("memory", null)
			.hasEntrySatisfying("key", (key) -> assertThat(key).asString().endsWith("s.eur"));
	}

	@Test
	void keyOfAMethodIsForgottenByWhatAPersonWrites() {
		this.rates.of("usd");
		this.rates.of("jpy");
		this.rates.of(8L);

		assertThat(delete("/rates/usd")).containsEntry("key", "usd").containsEntry("found", true);
		assertThat(delete("/rates/8")).containsEntry("found", true);
		assertThat(delete("/rates/s.jpy")).containsEntry("found", true);

		assertThat(get("/rates/usd")).containsEntry("memory", null);
		assertThat(get("/rates/8")).containsEntry("memory", null);
		assertThat(get("/rates/jpy")).containsEntry("memory", null);
	}

	@Test
	void deleteTellsWhetherAnythingWasThere() {
		read("there");
		this.rates.of("there");

		assertThat(delete("/words/there")).containsEntry("found", true);
		assertThat(delete("/words/there")).containsEntry("found", false);
		assertThat(delete("/rates/nothing")).containsEntry("found", false);
		assertThat(delete("/words")).containsEntry("found", null);
		assertThat(body(HttpMethod.DELETE, "/actuator/stratestiers/colours/red", 404).get("message")).asString()
			.startsWith("Cache 'colours' does not exist");
	}

	@Test
	void textThatIsNoIdOfAStoreIsRefused() {
		String wrong = "'abc' is no id of store 'parcel'; its ids are of type java.lang.Long";

		assertThat(body(HttpMethod.GET, "/actuator/stratestiers/parcel/abc", 400)).containsEntry("message", wrong);
		assertThat(body(HttpMethod.DELETE, "/actuator/stratestiers/parcel/abc", 400)).containsEntry("message", wrong);
	}

	@Test
	void entityThatWasWrittenPastItsStoreIsForgottenWithItsSearches() {
		this.parcels.put(new Parcel(7L, "north"));
		this.parcels.searchCached(Search.all());
		this.jdbc.update("update parcel set town = 'south'");

		assertThat(delete("/parcel/007")).containsEntry("found", true);

		assertThat(this.parcels.get(7L).getTown()).isEqualTo("south");
		assertThat(this.parcels.searchCached(Search.all())).extracting(Parcel::getTown).containsOnly("south");
	}

	@Test
	void tagOfAStoreIsAnAttributeWithItsValue() {
		this.parcels.put(new Parcel(1L, "east"));
		this.parcels.put(new Parcel(2L, "west"));
		this.parcels.get(1L);
		this.parcels.get(2L);

		delete("/parcel?tag=town=east");

		assertThat(get("/parcel/1")).containsEntry("answer", "The loader answers, and its answer is kept");
		assertThat(get("/parcel/2")).containsEntry("answer", "L1 answers");
		assertThat(body(HttpMethod.DELETE, "/actuator/stratestiers/parcel?tag=weight=5", 400).get("message"))
			.isEqualTo("Attribute 'weight' of store 'parcel' is no tag; name it in @Tiered(tags)");
	}

	@Test
	void probeWaitsForAMessage() {
		Map<String, Object> probe = body(HttpMethod.POST, "/actuator/stratestiers/probe", 200);

		assertThat(probe).containsEntry("heard", true);
		assertThat(child(probe, "channel")).containsEntry("trusted", true);
	}

	@Test
	void whatCannotBeDoneAnswersWhatCan() {
		assertThat(body(HttpMethod.GET, "/actuator/stratestiers/colours", 404).get("message")).asString()
			.startsWith("Cache 'colours' does not exist; there are [")
			.contains("texts/words");
		assertThat(body(HttpMethod.GET, "/actuator/stratestiers/twice", 400).get("message")).asString()
			.isEqualTo("Cache 'twice' could be one of [one/twice, two/twice]; select one by its whole name");
		assertThat(body(HttpMethod.DELETE, "/actuator/stratestiers/View", 400).get("message")).asString()
			.contains("holds what was made of released builds, which never changes");
		assertThat(body(HttpMethod.POST, "/actuator/stratestiers/knock", 404).get("message"))
			.isEqualTo("Operation 'knock' does not exist; select 'probe'");
		assertThat(body(HttpMethod.POST, "/actuator/stratestiers/words/a", 400).get("message"))
			.isEqualTo("Parameter 'action' is missing; send {\"action\":\"retry\"} or {\"action\":\"drop\"}, with the"
					+ " header Content-Type: application/json");
	}

	private Map<String, Object> get(String path) {
		return body(HttpMethod.GET, "/actuator/stratestiers" + path, 200);
	}

	private Map<String, Object> delete(String path) {
		return body(HttpMethod.DELETE, "/actuator/stratestiers" + path, 200);
	}

	private Map<String, Object> body(HttpMethod method, String path, int status) {
		ResponseEntity<Map<String, Object>> answer = RestClient
			.create("http://localhost:" + this.context.getWebServer().getPort())
			.method(method)
			.uri(path)
			.exchange((sent, response) -> ResponseEntity.status(response.getStatusCode())
				.body(response.bodyTo(new ParameterizedTypeReference<Map<String, Object>>() {
				})));
		assertThat(answer.getStatusCode().value()).as("%s: %s", path, answer.getBody()).isEqualTo(status);
		return answer.getBody();
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> child(Map<String, Object> parent, String... names) {
		Map<String, Object> current = parent;
		for (String name : names) {
			current = (Map<String, Object>) current.get(name);
		}
		return current;
	}

	record View(long id) {
	}

	public static class Rates {

		@Cacheable("rates")
		public String of(Object key) {
			return "rate of " + key;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableCaching(proxyTargetClass = true)
	@AutoConfigurationPackage(basePackageClasses = { Product.class, Parcel.class })
	static class ShopApplication {

		@Bean
		Rates rates() {
			return new Rates();
		}

		private static CoherentCacheSpec<String, String> spec(String name) {
			return new CoherentCacheSpec<>(name, (key) -> key, JacksonCodecs.json().codec(String.class), Set::of,
					CacheSettings.DEFAULT.withLocalMaximum(7));
		}

		@Bean
		CoherentCache<String, String> words(Tiers tiers) {
			tiers.coherent(spec("one/twice"));
			tiers.coherent(spec("two/twice"));
			return tiers.coherent(spec("texts/words"));
		}

		@Bean
		ReadModel<Long, View> views(ProductRepository products) {
			return ReadModel.of(View.class, Long.class, Shops.SCOPE, (pin, ids) -> Map.of());
		}

	}

}
