package io.strates.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.strates.store.TieredSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StratesPropertiesTests {

	private static final Pattern ROW = Pattern.compile("^\\| `(strates\\.[a-z.-]+)` \\| (.*?) ?\\| ",
			Pattern.MULTILINE);

	@Test
	void everyPropertyIsDescribedAsTheHouseStyleSays() throws IOException {
		assertThat(metadata()).isNotEmpty().allSatisfy((property) -> {
			String description = property.path("description").asString("");
			assertThat(description).as(property.path("name").asString())
				.isNotBlank()
				.endsWith(".")
				.doesNotStartWith("The ")
				.doesNotStartWith("A ")
				.doesNotContain("@", "{", "<");
			if (property.path("type").asString().equals("java.lang.Boolean")) {
				assertThat(description).startsWith("Whether ");
			}
		});
	}

	@Test
	void metadataListsThePropertiesThatAreBoundAndNoOther() throws IOException {
		List<String> bound = new ArrayList<>();
		collect("strates", StratesProperties.class, bound);

		assertThat(metadata().stream().map((property) -> property.path("name").asString()))
			.containsExactlyInAnyOrderElementsOf(bound);
	}

	@Test
	void namesAreAgreed() throws IOException {
		assertThat(metadata().stream().map((property) -> property.path("name").asString())).containsExactlyInAnyOrder(
				"strates.enabled", "strates.node", "strates.schema.initialize", "strates.schema.export-to",
				"strates.build.chunk-size", "strates.build.parallelism", "strates.build.heartbeat",
				"strates.release.poll-interval", "strates.release.redis.enabled", "strates.release.redis.channel",
				"strates.query.nothing-released", "strates.query.guard-jdbc", "strates.query.pointer-staleness",
				"strates.query.warm-up-patience", "strates.query.entity-cache.enabled",
				"strates.query.entity-cache.maximum-size", "strates.query.entity-cache.time-to-live",
				"strates.query.entity-cache.except", "strates.cache.namespace", "strates.cache.codec",
				"strates.cache.manager.enabled", "strates.cache.manager.names",
				"strates.cache.manager.allow-null-values", "strates.cache.caches", "strates.cache.defaults.maximum",
				"strates.cache.defaults.local-time-to-live", "strates.cache.defaults.remote-time-to-live",
				"strates.cache.defaults.absent-time-to-live", "strates.cache.defaults.jitter",
				"strates.cache.defaults.load-timeout", "strates.cache.defaults.soft-timeout",
				"strates.cache.defaults.max-stale", "strates.cache.defaults.refresh-ahead",
				"strates.cache.defaults.one-load-per-cluster", "strates.cache.redis.enabled",
				"strates.cache.redis.timeout", "strates.cache.redis.fence", "strates.cache.redis.probe-interval",
				"strates.cache.single-node", "strates.store.enabled", "strates.store.defaults.maximum",
				"strates.store.defaults.local-time-to-live", "strates.store.defaults.remote-time-to-live",
				"strates.store.defaults.absent-time-to-live", "strates.store.defaults.jitter",
				"strates.store.defaults.load-timeout", "strates.store.defaults.soft-timeout",
				"strates.store.defaults.max-stale", "strates.store.defaults.refresh-ahead",
				"strates.store.defaults.one-load-per-cluster", "strates.store.defaults.write-mode",
				"strates.store.defaults.eviction", "strates.store.defaults.name", "strates.store.types",
				"strates.store.write-behind.durable", "strates.store.write-behind.interval",
				"strates.store.write-behind.threshold", "strates.store.write-behind.batch-size",
				"strates.store.write-behind.capacity", "strates.store.write-behind.patience",
				"strates.store.write-behind.max-attempts", "strates.store.write-behind.close-limit",
				"strates.store.encryption.current", "strates.store.encryption.keys", "strates.gc.keep-releases",
				"strates.gc.keep-failed", "strates.gc.keep-rejected", "strates.gc.keep-unreleased",
				"strates.gc.abandoned-after", "strates.gc.batch-size", "strates.gc.pause", "strates.gc.schedule");
	}

	@Test
	void tableOfTheReadmeListsEveryPropertyWithItsDefault() throws IOException {
		Map<String, String> listed = new TreeMap<>();
		Matcher row = ROW.matcher(Files.readString(Path.of("../README.md")));
		while (row.find()) {
			listed.put(row.group(1), row.group(2));
		}

		assertThat(listed.keySet())
			.containsExactlyInAnyOrderElementsOf(metadata().stream().map((it) -> it.path("name").asString()).toList());
		assertThat(metadata()).filteredOn((property) -> property.has("defaultValue"))
			.allSatisfy((property) -> assertThat(listed.get(property.path("name").asString()))
				.as(property.path("name").asString())
				.isEqualTo("`" + property.path("defaultValue").asString() + "`"));
	}

	@ParameterizedTest
	@CsvSource({ "strates.node, ' ', leave it out", "strates.build.chunk-size, 0, Use 1 row or more",
			"strates.build.parallelism, 0, Use 1 branch or more",
			"strates.build.heartbeat, 0s, Use a duration of at least a millisecond",
			"strates.build.heartbeat, 3m, Use at most half of strates.gc.abandoned-after",
			"strates.release.poll-interval, -1s, Use a duration of at least a millisecond",
			"strates.release.redis.channel, ' ', Name a channel",
			"strates.query.warm-up-patience, -1s, Use a duration that is not negative",
			"strates.query.pointer-staleness, -1s, Use a duration that is not negative",
			"strates.query.entity-cache.maximum-size, 0, Use 1 row or more",
			"strates.query.entity-cache.time-to-live, 0s, Use a duration of at least a millisecond",
			"strates.cache.namespace, ' ', Name a prefix",
			"strates.cache.namespace, a{b}c, Use a prefix without braces",
			"strates.cache.redis.timeout, 0s, Use a duration of at least a millisecond",
			"strates.cache.redis.fence, 10ms, Use a duration of at least a second",
			"strates.cache.redis.probe-interval, 0s, Use a duration of at least a millisecond",
			"strates.store.defaults.write-mode, l1-async, Set it of each type",
			"strates.store.write-behind.interval, 0s, Use a duration of at least a millisecond",
			"strates.store.write-behind.threshold, 0, Use 1 write or more",
			"strates.store.write-behind.batch-size, 0, Use 1 write or more",
			"strates.store.write-behind.capacity, 0, Use 1 write or more",
			"strates.store.write-behind.patience, -1s, Use a duration that is not negative",
			"strates.store.write-behind.max-attempts, 0, Use 1 attempt or more",
			"strates.store.write-behind.close-limit, 0s, Use a duration of at least a millisecond",
			"strates.gc.keep-releases, 0, Use 1 or more: the live release is always kept",
			"strates.gc.keep-failed, -1s, Use a duration that is not negative",
			"strates.gc.keep-rejected, -1s, Use a duration that is not negative",
			"strates.gc.keep-unreleased, -1s, Use a duration that is not negative",
			"strates.gc.abandoned-after, 0s, Use a duration of at least a millisecond",
			"strates.gc.batch-size, 0, Use 1 row or more", "strates.gc.pause, -1s, Use a duration that is not negative",
			"strates.gc.schedule, hourly, Use a cron expression of six fields" })
	void wrongValueIsRefusedWithItsNameAndWhatIsAllowed(String name, String value, String remedy) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of(name, value)))
			.havingRootCause()
			.isInstanceOf(StratesStartException.class)
			.withMessageContaining("Property " + name + " has the value")
			.withMessageContaining(remedy);
	}

	@ParameterizedTest
	@CsvSource({ "off, false", "false, false", "'', false", "-, false", "0 0 3 * * *, true", "@daily, true" })
	void scheduleIsAnExpressionOrOff(String schedule, boolean scheduled) {
		assertThat(bind(Map.of("strates.gc.schedule", schedule)).gc().isScheduled()).isEqualTo(scheduled);
	}

	@ParameterizedTest
	@CsvSource({ "never, P36500D", "90s, PT1M30S", "PT5M, PT5M", "500, PT0.5S" })
	void timeToLiveIsADurationOrNever(String value, Duration duration) {
		StratesProperties properties = bind(Map.of("strates.store.defaults.local-time-to-live", value,
				"strates.store.types.memo.remote-time-to-live", value, "strates.cache.defaults.absent-time-to-live",
				value, "strates.cache.caches.texts.local-time-to-live", value,
				"strates.query.entity-cache.time-to-live", value));

		assertThat(List.of(properties.store().defaults().localTimeToLive(),
				properties.store().types().get("memo").remoteTimeToLive(),
				properties.cache().defaults().absentTimeToLive(),
				properties.cache().caches().get("texts").localTimeToLive(),
				properties.query().entityCache().timeToLive()))
			.allSatisfy((time) -> assertThat(time).isEqualTo(duration));
	}

	@Test
	void timesToLiveOfYamlAreNumbersOfMillisecondsOrTextsOrNotSet() throws IOException {
		StratesProperties properties = bindYaml("""
				strates:
				  store:
				    defaults:
				      absent-time-to-live: 0
				      remote-time-to-live: 300
				      local-time-to-live: never
				  cache:
				    defaults:
				      absent-time-to-live: 5m
				      remote-time-to-live: ""
				      local-time-to-live:
				  query:
				    entity-cache:
				      time-to-live: ""
				""");

		assertThat(properties.store().defaults().absentTimeToLive()).isZero();
		assertThat(properties.store().defaults().remoteTimeToLive()).isEqualTo(Duration.ofMillis(300));
		assertThat(properties.store().defaults().localTimeToLive()).isEqualTo(TieredSettings.NEVER);
		assertThat(properties.cache().defaults().absentTimeToLive()).isEqualTo(Duration.ofMinutes(5));
		assertThat(properties.cache().defaults().remoteTimeToLive()).isNull();
		assertThat(properties.cache().defaults().localTimeToLive()).isNull();
		assertThat(properties.query().entityCache().timeToLive()).isEqualTo(Duration.ofHours(24));
	}

	@ParameterizedTest
	@ValueSource(strings = { "schema", "schema.initialize", "schema.export-to", "build.chunk-size", "build.parallelism",
			"build.heartbeat", "query.nothing-released", "query.entity-cache.except", "cache.caches",
			"cache.caches.texts", "cache.caches.texts.type", "cache.defaults.jitter",
			"cache.defaults.one-load-per-cluster", "cache.defaults.max-stale", "store", "store.types",
			"store.types.memo", "store.types.memo.maximum", "store.types.memo.write-mode", "store.write-behind.durable",
			"store.encryption.keys" })
	void propertyWithoutAValueIsNotSet(String name) {
		assertThat(bind(Map.of("strates." + name, ""))).usingRecursiveComparison()
			.ignoringFields("store.types", "cache.caches")
			.isEqualTo(bind(Map.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "strates.store.enabled", "strates.cache.redis.enabled", "strates.cache.manager.enabled" })
	void switchWithoutAValueIsRefusedSinceItCouldBeTakenForOff(String name) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(Map.of(name, "")))
			.havingRootCause()
			.isInstanceOf(StratesStartException.class)
			.withMessage("Property " + name + " has no value. Set " + name + " to true or false, or remove it.");
	}

	@Test
	void groupWithoutAValueDoesNotHideWhatIsSetBelowIt() {
		assertThat(bind(Map.of("strates.cache", "", "strates.cache.single-node", "true")).cache().singleNode())
			.isTrue();
	}

	@Test
	void propertyThatThereIsNotIsRefusedWithAndWithoutAValue() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bind(Map.of("strates.gc.keep-relases", "", "strates.enable", "true")))
			.withRootCauseInstanceOf(UnboundConfigurationPropertiesException.class)
			.withStackTraceContaining("strates.gc.keep-relases")
			.withStackTraceContaining("strates.enable");
	}

	@Test
	void propertiesOfOthersAreBoundAsEver() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bind(Map.of("shop.time-to-live", "never"), "shop.time-to-live", Duration.class))
			.withMessageContaining("shop.time-to-live");
	}

	@Test
	void timeToLiveThatIsNoneSaysWhatIsAllowed() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bind(Map.of("strates.store.defaults.local-time-to-live", "for ever")))
			.withMessageContaining("strates.store.defaults.local-time-to-live")
			.withStackTraceContaining(
					"'for ever' is no time to live; use a duration such as 90s, 5m or PT5M, or never");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "strates.store.maximun | strates.store.defaults.maximum or strates.store.types.<name>.maximum",
					"strates.cache.caches.texts.maximun | strates.cache.caches.texts.maximum",
					"strates.store.memo.maximum | strates.store.types.memo.maximum or strates.store.defaults.maximum",
					"strates.store.types.memo.local-time-to-life | strates.store.types.memo.local-time-to-live",
					"strates.gc.keep-relases | strates.gc.keep-releases", "strates.enable | strates.enabled",
					"strates.stores.types.memo.maximum | strates.store.types.memo.maximum" })
	void nearestPropertyIsFoundForOneThatThereIsNot(String unknown, String nearest) {
		assertThat(new KnownProperties().nearest(unknown)).containsExactly(nearest.split(" or "));
	}

	@Test
	void whatThereIsIsToldWhereNothingIsLikeIt() {
		KnownProperties known = new KnownProperties();

		assertThat(known.nearest("strates.store.types.memo.ttl")).isEmpty();
		assertThat(known.siblings("strates.store.types.memo.ttl")).contains("strates.store.types.memo.maximum",
				"strates.store.types.memo.local-time-to-live");
		assertThat(known.siblings("strates.colour.of.it")).contains("strates.node", "strates.gc.…");
	}

	private static StratesProperties bind(Map<String, String> values) {
		return bind(values, "strates", StratesProperties.class);
	}

	private static <T> T bind(Map<String, String> values, String name, Class<T> type) {
		return bind(List.of(new MapConfigurationPropertySource(values)), name, type);
	}

	private static StratesProperties bindYaml(String yaml) throws IOException {
		List<ConfigurationPropertySource> sources = new ArrayList<>();
		new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.forEach((source) -> sources.add(ConfigurationPropertySource.from(source)));
		return bind(sources, "strates", StratesProperties.class);
	}

	private static <T> T bind(List<ConfigurationPropertySource> sources, String name, Class<T> type) {
		return new Binder(sources, null, ApplicationConversionService.getSharedInstance()).bindOrCreate(name,
				Bindable.of(type), new StratesBindHandler(new NoUnboundElementsBindHandler(BindHandler.DEFAULT)));
	}

	private static void collect(String prefix, Class<?> type, List<String> names) {
		for (RecordComponent component : type.getRecordComponents()) {
			String name = prefix + "." + kebab(component.getName());
			if (component.getType().isRecord() && component.getType().isMemberClass()) {
				collect(name, component.getType(), names);
			}
			else {
				assertThat(ConfigurationPropertyName.isValid(name)).isTrue();
				names.add(name);
			}
		}
	}

	private static String kebab(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
	}

	private static List<JsonNode> metadata() throws IOException {
		try (InputStream json = StratesProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			List<JsonNode> properties = new ArrayList<>();
			// other modules have a file of this name too; ours is the first on the class
			// path
			JsonMapper.shared().readTree(json).path("properties").forEach(properties::add);
			return properties.stream()
				.filter((property) -> property.path("name").asString().startsWith("strates."))
				.toList();
		}
	}

}
