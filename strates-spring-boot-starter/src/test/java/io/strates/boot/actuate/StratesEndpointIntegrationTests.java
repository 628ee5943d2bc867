package io.strates.boot.actuate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.micrometer.core.instrument.MeterRegistry;
import io.strates.boot.shop.Product;
import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildService;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.query.Pinned;
import io.strates.release.Release;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint over HTTP, with PostgreSQL behind it; each test has a scope id of its own.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "strates.schema.initialize=always", "spring.jpa.hibernate.ddl-auto=create",
				"strates.gc.keep-releases=1", "strates.gc.keep-failed=0s", "strates.gc.schedule=off",
				"strates.release.redis.enabled=false", "spring.jpa.open-in-view=true",
				"management.endpoints.web.exposure.include=strates,health,metrics",
				"management.endpoint.health.show-details=always", "management.health.redis.enabled=false" })
class StratesEndpointIntegrationTests {

	@Autowired
	private WebServerApplicationContext context;

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		DevDatabase database = DevPostgres.newDatabase();
		registry.add("spring.datasource.url", database::jdbcUrl);
		registry.add("spring.datasource.username", database::username);
		registry.add("spring.datasource.password", database::password);
	}

	@Test
	void readShowsScopesWithLiveReleasesAndNewestBuilds() {
		Shops.release(this.context, "read", 2, 10);
		BuildInfo next = Shops.build(this.context, "read", 3, 10);

		Map<String, Object> all = get("/strates");

		Map<String, Object> scope = child(all, "scopes", "shop");
		assertThat(scope).containsEntry("root", "Shop").containsEntry("entities", List.of("Product", "Shop"));
		Map<String, Object> shop = child(scope, "scopeIds", "read");
		assertThat(child(shop, "live")).containsEntry("release", 1).containsEntry("kind", "RELEASE");
		assertThat(child(shop, "builds")).containsEntry("SEALED", 1).containsEntry("RELEASED", 1);
		assertThat(list(shop, "newest")).first()
			.satisfies((build) -> assertThat(build).containsEntry("build", next.buildStrate().toString())
				.containsEntry("rows", Map.of("Product", 3, "Shop", 1)));
		assertThat(get("/strates/shop")).containsKey("scopeIds");
	}

	@Test
	void readOfAScopeIdShowsItsBuildsAndItsReleaseLog() {
		Shops.release(this.context, "detail", 2, 10);
		Shops.release(this.context, "detail", 3, 10);

		Map<String, Object> shop = get("/strates/shop/detail");

		assertThat(child(shop, "live")).containsEntry("release", 2);
		assertThat(list(shop, "builds")).hasSize(2);
		assertThat(list(shop, "releases")).extracting((release) -> release.get("release")).containsExactly(2, 1);
	}

	@Test
	void unknownThingsAnswerNotFoundAndSayWhatThereIs() {
		Shops.release(this.context, "known", 1, 10);

		assertThat(call(HttpMethod.GET, "/strates/warehouse", null)).satisfies(
				(response) -> assertError(response, 404, "Scope 'warehouse' is not declared; declared scopes: [shop]"));
		assertThat(call(HttpMethod.GET, "/strates/shop/nowhere", null)).satisfies((response) -> assertError(response,
				404, "Nothing is built or released for shop/nowhere; newest scope ids: ["));
		assertThat(call(HttpMethod.POST, "/strates/shop/known", Map.of("build", UUID.randomUUID())))
			.satisfies((response) -> assertError(response, 404, "is not a build of shop/known"));
		assertThat(call(HttpMethod.POST, "/strates/shop/known/9", Map.of("reason", "why not")))
			.satisfies((response) -> assertError(response, 404, "Release 9 of shop/known does not exist"));
		assertThat(call(HttpMethod.DELETE, "/strates/shop/known/" + UUID.randomUUID() + "?reason=x", null))
			.satisfies((response) -> assertError(response, 404, "does not exist"));
	}

	@Test
	void writeReleasesABuild() {
		BuildInfo build = Shops.build(this.context, "release", 2, 10);

		ResponseEntity<Map<String, Object>> response = call(HttpMethod.POST, "/strates/shop/release",
				Map.of("build", build.buildStrate(), "reason", "by hand"));

		assertThat(response.getStatusCode().value()).isEqualTo(200);
		assertThat(response.getBody()).containsEntry("release", 1).containsEntry("reason", "by hand");
		assertThat(Shops.count(this.context, "release")).isEqualTo(2);
	}

	@Test
	void releaseThatWouldUndoAnotherAnswersConflictUnlessItMayOverwrite() {
		BuildInfo late = Shops.build(this.context, "conflict", 2, 10);
		Shops.release(this.context, "conflict", 5, 10);

		assertThat(call(HttpMethod.POST, "/strates/shop/conflict", Map.of("build", late.buildStrate())))
			.satisfies((response) -> assertError(response, 409, "is based on release 0, but release 1"));
		ResponseEntity<Map<String, Object>> overwriting = call(HttpMethod.POST, "/strates/shop/conflict",
				Map.of("build", late.buildStrate(), "overwrite", true));

		assertThat(overwriting.getBody()).containsEntry("release", 2).containsEntry("overwrittenRelease", 1);
	}

	@Test
	void writeRollsBackToARelease() {
		Shops.release(this.context, "rollback", 2, 10);
		Shops.release(this.context, "rollback", 3, 10);

		ResponseEntity<Map<String, Object>> response = call(HttpMethod.POST, "/strates/shop/rollback/1",
				Map.of("reason", "wrong prices"));

		assertThat(response.getBody()).containsEntry("release", 3)
			.containsEntry("kind", "ROLLBACK")
			.containsEntry("restoredRelease", 1)
			.containsEntry("reason", "wrong prices");
		assertThat(Shops.count(this.context, "rollback")).isEqualTo(2);
	}

	@Test
	void parametersThatAreMissingOrWrongAnswerBadRequest() {
		Shops.release(this.context, "bad", 2, 10);

		assertBadRequest(HttpMethod.POST, "/strates/shop/bad", Map.of(),
				"Parameter 'build' is missing; send the id of");
		assertBadRequest(HttpMethod.POST, "/strates/shop/bad", null,
				"Parameter 'build' is missing; send the id of a sealed build, such as {\"build\":\"");
		assertBadRequest(HttpMethod.POST, "/strates/shop/bad", Map.of("build", "no uuid"),
				"Parameter 'build' is 'no uuid', which is no UUID; send the id of a sealed build");
		assertBadRequest(HttpMethod.POST, "/strates/shop/bad",
				Map.of("build", UUID.randomUUID(), "overwrite", "perhaps"),
				"Parameter 'overwrite' is 'perhaps'; give true or false");
		assertBadRequest(HttpMethod.POST, "/strates/shop/bad/1", Map.of(),
				"Parameter 'reason' is missing; say why, such as {\"reason\":\"wrong prices\"}");
		assertBadRequest(HttpMethod.POST, "/strates/shop/bad/1", null,
				"with the header Content-Type: application/json");
		assertBadRequest(HttpMethod.POST, "/strates/shop/bad/first", Map.of("reason", "x"),
				"Parameter 'release' is 'first', which is no number; give the number of a release");
		assertBadRequest(HttpMethod.DELETE, "/strates/shop/bad/" + UUID.randomUUID(), null,
				"Parameter 'reason' is missing; say why, such as ?reason=stuck");
		assertBadRequest(HttpMethod.DELETE, "/strates/shop/bad/mine?reason=stuck", null,
				"Parameter 'build' is 'mine', which is no UUID; put the id of a build at the end of the path");
		assertBadRequest(HttpMethod.POST, "/strates/garbage", Map.of("dryRun", "no"),
				"Parameter 'dryRun' is 'no'; give true or false");
		assertBadRequest(HttpMethod.POST, "/strates/rubbish", null, "select 'garbage' to collect garbage");
		assertThat(call(HttpMethod.POST, "/strates/shop/bad/1", Map.of("reason", " ")))
			.satisfies((response) -> assertError(response, 400, "The reason is blank"));
		assertThat(call(HttpMethod.POST, "/strates/shop/bad/1", Map.of("reason", "a\0b")))
			.satisfies((response) -> assertError(response, 400, "The reason contains the character NUL"));
		assertThat(call(HttpMethod.POST, "/strates/rubbish", Map.of()))
			.satisfies((response) -> assertError(response, 400, "select 'garbage' to collect garbage"));
	}

	@Test
	void bodiesThatCannotBeReadAnswerWhatToSend() {
		assertThat(send("/strates/shop/body", "{\"build\":", MediaType.APPLICATION_JSON))
			.satisfies((response) -> assertError(response, 400,
					"The body is no JSON object of texts; send the id of a sealed build, such as {\"build\":\""));
		assertThat(send("/strates/shop/body/1", "why", MediaType.APPLICATION_JSON))
			.satisfies((response) -> assertError(response, 400,
					"The body is no JSON object of texts; say why, such as {\"reason\":\"wrong prices\"}"));
		assertThat(send("/strates/garbage", "[", MediaType.APPLICATION_JSON))
			.satisfies((response) -> assertError(response, 400,
					"The body is no JSON object of texts; send {\"dryRun\":false} to collect"));
		assertThat(send("/strates/shop/body/1", "reason=why", MediaType.APPLICATION_FORM_URLENCODED))
			.satisfies((response) -> assertError(response, 415, "The body is of another type than application/json; say"
					+ " why, such as {\"reason\":\"wrong prices\"}, with the header Content-Type: application/json"));
	}

	@Test
	void operatorIsToldWhatAnOperatorCanDo() {
		Shops.release(this.context, "advice", 1, 10);

		assertThat(call(HttpMethod.POST, "/strates/shop/nobody/1", Map.of("reason", "why not")))
			.satisfies((response) -> assertError(response, 404,
					"Nothing is released for shop/nobody, so that there is nothing to roll back; newest scope ids: ["))
			.satisfies((response) -> assertThat(response.getBody().get("message").toString()).contains("advice"));
		assertThat(call(HttpMethod.POST, "/strates/shop/advice", Map.of("build", UUID.randomUUID())))
			.satisfies((response) -> assertError(response, 404,
					"list the builds of shop/advice: GET strates/shop/advice below the actuator's path"));
	}

	@Test
	void deleteFailsABuildThatIsBeingWrittenAndNoOther() {
		try (Build open = this.context.getBean(BuildService.class).open("shop", "fail")) {
			ResponseEntity<Map<String, Object>> response = call(HttpMethod.DELETE,
					"/strates/shop/fail/" + open.buildStrate() + "?reason=stuck", null);

			assertThat(response.getBody()).containsEntry("status", "FAILED").containsEntry("failure", "stuck");
		}
		BuildInfo sealed = Shops.build(this.context, "fail", 1, 1);
		assertThat(call(HttpMethod.DELETE, "/strates/shop/fail/" + sealed.buildStrate() + "?reason=stuck", null))
			.satisfies((response) -> assertError(response, 409, "only a build that is being written can be given up"));
		assertThat(call(HttpMethod.DELETE, "/strates/shop/other/" + sealed.buildStrate() + "?reason=stuck", null))
			.satisfies((response) -> assertError(response, 404, "is not a build of shop/other"));
	}

	@Test
	void writeCollectsGarbageAfterADryRunHasToldWhat() {
		Release first = Shops.release(this.context, "garbage", 2, 10);
		Shops.release(this.context, "garbage", 3, 10);

		Map<String, Object> dryRun = call(HttpMethod.POST, "/strates/garbage", Map.of("dryRun", true)).getBody();
		Map<String, Object> report = call(HttpMethod.POST, "/strates/garbage", Map.of("dryRun", false)).getBody();

		assertThat(dryRun).containsEntry("dryRun", true);
		assertThat(list(dryRun, "builds"))
			.filteredOn((build) -> first.buildStrate().toString().equals(build.get("buildStrate")))
			.singleElement()
			.satisfies((build) -> assertThat(build).containsEntry("removed", true)
				.containsEntry("rows", Map.of("product", 2, "shop", 1)));
		assertThat(report).containsEntry("dryRun", false);
		assertThat(Shops.count(this.context, "garbage")).isEqualTo(3);
		assertThat(call(HttpMethod.POST, "/strates/shop/garbage/1", Map.of("reason", "too late")))
			.satisfies((response) -> assertError(response, 409, "its rows are gone"));
	}

	@Test
	void garbageIsCollectedOnlyWhenThatIsSaid() {
		Shops.release(this.context, "harmless", 2, 10);
		Shops.release(this.context, "harmless", 3, 10);

		assertThat(call(HttpMethod.POST, "/strates/garbage", null).getBody()).containsEntry("dryRun", true);
		assertThat(call(HttpMethod.POST, "/strates/garbage", Map.of()).getBody()).containsEntry("dryRun", true);

		assertThat(call(HttpMethod.POST, "/strates/shop/harmless/1", Map.of("reason", "still there")).getBody())
			.containsEntry("restoredRelease", 1);
	}

	@Test
	void listsAreBoundedWithTheNewestFirstAndTheTotalBesideThem() {
		Release release = Shops.release(this.context, "long", 1, 10);
		BuildService builds = this.context.getBean(BuildService.class);
		for (int i = 0; i < 101; i++) {
			builds.open("shop", "long").close();
			builds.open("shop", "long-" + i).close();
		}

		Map<String, Object> one = get("/strates/shop/long");
		assertThat(one).containsEntry("buildCount", 102).containsEntry("releaseCount", 1);
		assertThat(list(one, "builds")).hasSize(100)
			.allSatisfy((build) -> assertThat(build).containsEntry("status", "FAILED"));
		Map<String, Object> scope = get("/strates/shop");
		assertThat((int) scope.get("scopeIdCount")).isGreaterThan(101);
		assertThat(child(scope, "scopeIds").keySet()).hasSize(100).first().isEqualTo("long-100");
		assertThat(list(child(scope, "scopeIds", "long"), "newest")).hasSize(5);
		Map<String, Object> dryRun = call(HttpMethod.POST, "/strates/garbage", null).getBody();
		assertThat((int) dryRun.get("buildCount")).isGreaterThan(200);
		assertThat(list(dryRun, "builds")).hasSize(100)
			.allSatisfy((build) -> assertThat(build).containsEntry("removed", true)
				.doesNotContainEntry("buildStrate", release.buildStrate().toString()));
	}

	@Test
	void healthTellsOfMetadataWatcherAndCollector() {
		Shops.release(this.context, "health", 1, 10);

		Map<String, Object> strates = child(get("/health"), "components", "strates");

		assertThat(strates).containsEntry("status", "UP");
		assertThat(child(strates, "details")).containsKeys("released", "garbageCollection")
			.containsEntry("announcements", "off; releases of other nodes are found by polling every 2000 ms")
			.hasEntrySatisfying("lastLook", (look) -> assertThat(Instant.parse((String) look)).isNotNull());
	}

	@Test
	void metersCountBuildsRowsReleasesPinsAndCollections() {
		Shops.release(this.context, "meters", 4, 10);
		Shops.count(this.context, "meters");
		call(HttpMethod.POST, "/strates/garbage", Map.of("dryRun", false));
		this.context.getBean(BuildService.class).open("shop", "meters").close();

		MeterRegistry meters = this.context.getBean(MeterRegistry.class);

		assertThat(meters.get("strates.builds").tags("scope", "shop", "outcome", "sealed").counter().count())
			.isPositive();
		assertThat(meters.get("strates.builds").tags("scope", "shop", "outcome", "failed").counter().count())
			.isPositive();
		assertThat(meters.get("strates.build.rows").tags("scope", "shop", "entity", "Product").counter().count())
			.isGreaterThanOrEqualTo(4);
		assertThat(meters.get("strates.build.duration").tags("scope", "shop", "outcome", "sealed").timer().count())
			.isPositive();
		assertThat(meters.get("strates.releases").tags("scope", "shop", "kind", "release").counter().count())
			.isPositive();
		assertThat(meters.get("strates.pins").tags("scope", "shop").counter().count()).isPositive();
		assertThat(meters.get("strates.gc.duration").timer().count()).isPositive();
		assertThat(meters.getMeters()).noneMatch((meter) -> meter.getId().getTag("scopeId") != null
				|| meter.getId().getTags().stream().anyMatch((tag) -> tag.getValue().equals("meters")));
	}

	@Test
	void controllerReadsWhatItPins() {
		Shops.release(this.context, "web", 2, 10);
		Shops.release(this.context, "web", 3, 10);

		assertThat(client().get().uri("/products?shop=web").retrieve().body(Long.class)).isEqualTo(3);
		assertThat(client().get().uri("/products?shop=web&release=1").retrieve().body(Long.class)).isEqualTo(2);
	}

	private void assertBadRequest(HttpMethod method, String path, Object body, String message) {
		assertError(call(method, path, body), 400, message);
	}

	private static void assertError(ResponseEntity<Map<String, Object>> response, int status, String message) {
		assertThat(response.getStatusCode().value()).isEqualTo(status);
		assertThat(response.getBody()).hasEntrySatisfying("message",
				(text) -> assertThat(text).asString().contains(message));
	}

	private Map<String, Object> get(String path) {
		ResponseEntity<Map<String, Object>> response = call(HttpMethod.GET, path, null);
		assertThat(response.getStatusCode().value()).isEqualTo(200);
		return response.getBody();
	}

	private ResponseEntity<Map<String, Object>> send(String path, String body, MediaType type) {
		return client().post()
			.uri("/actuator" + path)
			.contentType(type)
			.body(body.getBytes(StandardCharsets.UTF_8))
			.exchange((sent, response) -> ResponseEntity.status(response.getStatusCode())
				.body(response.bodyTo(new org.springframework.core.ParameterizedTypeReference<Map<String, Object>>() {
				})));
	}

	private ResponseEntity<Map<String, Object>> call(HttpMethod method, String path, Object body) {
		RestClient.RequestBodySpec request = client().method(method).uri("/actuator" + path);
		if (body != null) {
			request.contentType(MediaType.APPLICATION_JSON).body(body);
		}
		return request.exchange((sent, response) -> ResponseEntity.status(response.getStatusCode())
			.body(response.bodyTo(new org.springframework.core.ParameterizedTypeReference<Map<String, Object>>() {
			})));
	}

	private RestClient client() {
		return RestClient.create("http://localhost:" + this.context.getWebServer().getPort());
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> child(Map<String, Object> parent, String... names) {
		Map<String, Object> current = parent;
		for (String name : names) {
			current = (Map<String, Object>) current.get(name);
		}
		return current;
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> parent, String name) {
		return (List<Map<String, Object>>) parent.get(name);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@AutoConfigurationPackage(basePackageClasses = Product.class)
	static class ShopApplication {

		@Bean
		ProductsController productsController(ProductRepository products) {
			return new ProductsController(products);
		}

	}

	@RestController
	static class ProductsController {

		private final ProductRepository products;

		ProductsController(ProductRepository products) {
			this.products = products;
		}

		@GetMapping("/products")
		@Pinned(scope = "shop", scopeId = "#shop", release = "#release")
		long count(@RequestParam String shop, @RequestParam(required = false) Long release) {
			return this.products.count();
		}

	}

}
