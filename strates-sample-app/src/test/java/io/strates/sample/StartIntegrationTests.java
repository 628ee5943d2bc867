package io.strates.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.strates.build.BuildInfo;
import io.strates.build.BuildListener;
import io.strates.build.BuildProgress;
import io.strates.build.BuildService;
import io.strates.build.BuildStatus;
import io.strates.dev.DevPostgres;
import io.strates.dev.DevRedis;
import io.strates.query.QueryService;
import io.strates.release.Release;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Starts the sample as a whole: with its own servers, beside another instance, after an
 * import that was cut short, and with the catalogue of Debian 12.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void startWithoutSettingsBringsItsOwnServersAndStopsThem(CapturedOutput output) throws Exception {
		DevPostgres postgres;
		try (ConfigurableApplicationContext context = start(small())) {
			postgres = context.getBean(DevPostgres.class);
			Api api = api(context);

			assertThat(context.getBeansOfType(DevRedis.class)).hasSize(1);
			assertThat(api.get("").text("/0/release")).isEqualTo("2");
			assertThat(api.get("/bookworm/packages").texts("/content", "version")).containsExactly("2", "1", "1");
			assertThat(output).contains("bookworm/1", "bookworm/2",
					"difference of 1 and 2: 1 added, 1 changed, 0 removed");
			assertThat(health(context)).contains("\"status\":\"UP\"");
		}
		assertThatExceptionOfType(java.io.IOException.class)
			.isThrownBy(() -> new java.net.Socket(postgres.host(), postgres.port()).close());
	}

	@Test
	void configuredServersAreUsedInsteadAndASecondInstanceImportsNothing(CapturedOutput output) throws Exception {
		List<String> settings = new ArrayList<>(Servers.properties());
		settings.addAll(small());
		try (ConfigurableApplicationContext first = start(settings);
				ConfigurableApplicationContext second = start(settings)) {
			assertThat(first.getBeansOfType(DevPostgres.class)).isEmpty();
			assertThat(first.getBeansOfType(DevRedis.class)).isEmpty();
			assertThat(output).contains("Suite bookworm has releases; nothing is imported");
			api(first).importOverlay("bookworm", SampleIntegrationTest.stanza("dd", "1"));

			assertThat(api(second).get("/bookworm/packages/dd").header("Strates-Release")).isEqualTo("bookworm/3");
			assertThat(releases(second)).hasSize(3);
		}
	}

	@Test
	void importThatIsCutShortIsFailedAndTheNextStartBeginsItAgain() throws Exception {
		List<String> settings = new ArrayList<>(Servers.properties());
		settings.add("sample.main=" + file("big",
				IntStream.range(0, 30_000)
					.mapToObj((i) -> SampleIntegrationTest.stanza("package" + i, "1", "Depends: package1\n"))
					.collect(Collectors.joining("\n"))));
		settings.add("sample.updates=" + file("small", SampleIntegrationTest.stanza("zz", "1")));
		AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
		CompletableFuture<BuildProgress> writing = new CompletableFuture<>();
		BuildListener listener = new BuildListener() {
			@Override
			public void progressed(BuildProgress progress) {
				if (progress.entity().equals("DebianPackage")) {
					BuildService builds = Objects.requireNonNull(starting.get()).getBean(BuildService.class);
					writing.complete(progress);
					// Or the import could be over before it is cut short.
					await().atMost(Duration.ofSeconds(60))
						.until(() -> builds.get(progress.buildStrate()).status() == BuildStatus.FAILED);
				}
			}
		};
		CompletableFuture<?> first = CompletableFuture.runAsync(() -> start(settings, (context) -> {
			starting.set(context);
			((GenericApplicationContext) context).registerBean("watch", BuildListener.class, () -> listener);
		}));
		BuildProgress progress = writing.join();

		Objects.requireNonNull(starting.get()).close();

		first.handle((done, failure) -> true).join();
		try (ConfigurableApplicationContext second = start(settings)) {
			List<BuildInfo> builds = second.getBean(BuildService.class).list("catalog", "bookworm");
			assertThat(builds).extracting(BuildInfo::status)
				.containsExactly(BuildStatus.RELEASED, BuildStatus.RELEASED, BuildStatus.FAILED);
			assertThat(builds.get(2).buildStrate()).isEqualTo(progress.buildStrate());
			assertThat(builds.get(2).failure()).isEqualTo("The application was shut down");
			assertThat(api(second).get("/bookworm/packages").number("/page/totalElements")).isEqualTo(30_001);
		}
	}

	@Test
	void startThatWasCutShortBetweenTheReleasesGoesOnWithTheSecond() throws Exception {
		List<String> settings = new ArrayList<>(Servers.properties());
		settings.addAll(small());
		List<String> mainOnly = new ArrayList<>(settings);
		mainOnly.removeIf((setting) -> setting.startsWith("sample.updates="));
		mainOnly.add("sample.updates=");
		start(mainOnly).close();

		try (ConfigurableApplicationContext second = start(settings)) {
			assertThat(releases(second)).hasSize(2);
			assertThat(api(second).get("/bookworm/packages").texts("/content", "version")).containsExactly("2", "1",
					"1");
		}
	}

	@Test
	void applicationIsReadyWhenBothReleasesAreThere() throws Exception {
		List<String> settings = new ArrayList<>(Servers.properties());
		settings.addAll(small());
		AtomicReference<ConfigurableApplicationContext> starting = new AtomicReference<>();
		List<Integer> before = new CopyOnWriteArrayList<>();
		BuildListener listener = new BuildListener() {
			@Override
			public void progressed(BuildProgress progress) {
				before.add(readiness(Objects.requireNonNull(starting.get())));
			}
		};

		try (ConfigurableApplicationContext context = start(settings, (each) -> {
			starting.set(each);
			((GenericApplicationContext) each).registerBean("watch", BuildListener.class, () -> listener);
		})) {
			assertThat(before).isNotEmpty().containsOnly(503);
			assertThat(readiness(context)).isEqualTo(200);
			assertThat(releases(context)).hasSize(2);
		}
	}

	private static int readiness(ConfigurableApplicationContext context) {
		return api(context).getOther("/actuator/health/readiness").status();
	}

	@Test
	void brokenIndexStopsTheStart() throws Exception {
		List<String> settings = new ArrayList<>(Servers.properties());
		settings.add("sample.main=" + file("broken", "Package aa\n"));

		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(settings).close())
			.withMessageContaining("line 1");
	}

	@Test
	void catalogueOfDebian12IsImportedWhole(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start(Servers.properties())) {
			Api api = api(context);

			assertThat(api.get("?release=1").number("/0/packages")).isEqualTo(63_436);
			assertThat(api.get("").number("/0/packages")).isEqualTo(63_666);
			assertThat(api.get("/bookworm/builds").json().at("/1/rows").toString()).isEqualTo("""
					{"DebianPackage":63436,"Dependency":317756,"Maintainer":2248,"PackageTag":112118,"Section":58,\
					"Suite":1,"Tag":598}""");
			assertThat(output).contains("difference of 1 and 2: 230 added, 1,016 changed, 0 removed");
			Api.Answer difference = api.get("/bookworm/diff?from=1&to=2");
			assertThat(difference.json().at("/added").size()).isEqualTo(230);
			assertThat(difference.json().at("/changed").size()).isEqualTo(1_016);
			assertThat(difference.texts("/changed", "name")).isSorted().contains("libssl3");
			assertThat(api.get("/bookworm/packages/g++").text("/dependencies/3/alternatives/0/name"))
				.isEqualTo("gcc-12");
			assertThat(api.get("/bookworm/packages/libc6/dependents").texts()).isSorted().hasSizeGreaterThan(15_000);
			assertThat(api.get("/bookworm/packages?section=games&tag=role::program").number("/page/totalElements"))
				.isPositive();
		}
	}

	private List<String> small() throws Exception {
		return List.of(
				"sample.main=" + file("main", "Package: aa\nVersion: 1\nArchitecture: all\n",
						"Package: bb\nVersion: 1\nArchitecture: all\nDepends: aa\n"),
				"sample.updates=" + file("updates", "Package: aa\nVersion: 2\nArchitecture: all\n",
						"Package: cc\nVersion: 1\nArchitecture: all\n"));
	}

	private String file(String name, String... stanzas) throws Exception {
		Path file = this.directory.resolve(name + ".packages");
		Files.writeString(file, String.join("\n", stanzas));
		return file.toUri().toString();
	}

	private static ConfigurableApplicationContext start(List<String> settings) {
		return start(settings, (context) -> {
		});
	}

	private static ConfigurableApplicationContext start(List<String> settings,
			ApplicationContextInitializer<ConfigurableApplicationContext> initializer) {
		SpringApplication application = new SpringApplicationBuilder(SampleApplication.class).initializers(initializer)
			.build();
		List<String> arguments = new ArrayList<>(
				List.of("--server.port=0", "--strates.gc.schedule=off", "--spring.main.register-shutdown-hook=false"));
		settings.forEach((setting) -> arguments.add("--" + setting));
		return application.run(arguments.toArray(String[]::new));
	}

	private static Api api(ConfigurableApplicationContext context) {
		return new Api(Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port")));
	}

	private static String health(ConfigurableApplicationContext context) {
		return api(context).getOther("/actuator/health").body();
	}

	private static List<Release> releases(ConfigurableApplicationContext context) {
		return context.getBean(QueryService.class).history("catalog", "bookworm");
	}

}
