package io.strates.readme;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.strates.entity.NotPinnedException;
import io.strates.query.QueryService;
import io.strates.readme.shop.CheapProducts;
import io.strates.readme.shop.NotReleased;
import io.strates.readme.shop.Offers;
import io.strates.readme.shop.Product;
import io.strates.readme.shop.ProductRepository;
import io.strates.readme.shop.ShopApplication;
import io.strates.readme.shop.WatchList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.result.MockMvcResultMatchers;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The README shows the code that runs here, and says what comes of it. */
@ExtendWith(OutputCaptureExtension.class)
class ReadmeCodeTests {

	/** Each block of Java in the README, with the files whose regions make it up. */
	private static final List<List<String>> BLOCKS = List.of( //
			List.of("glance/Product", "glance/GlanceTests"), //
			List.of("shop/Catalog"), //
			List.of("shop/Product"), //
			List.of("shop/ProductRepository"), //
			List.of("shop/ShopApplication"), //
			List.of("shop/CheapProducts"), //
			List.of("shop/NotReleased"), //
			List.of("shop/Offers"), //
			List.of("shop/Watch", "shop/WatchList"), //
			List.of("reviews/Review", "reviews/Reviews", "reviews/ReviewRules"), //
			List.of("overview/OverviewTests"));

	@Test
	void everyBlockOfJavaIsCodeThatRuns() {
		List<String> blocks = Readme.blocks("java");

		assertThat(blocks).hasSameSizeAs(BLOCKS);
		for (int i = 0; i < BLOCKS.size(); i++) {
			String code = BLOCKS.get(i).stream().map(ReadmeCodeTests::region).collect(Collectors.joining("\n"));
			assertThat(tokens(blocks.get(i))).as("block %s, which is in %s", i + 1, BLOCKS.get(i))
				.isEqualTo(tokens(code));
		}
	}

	@Test
	void firstScreenHasFifteenLinesOfCode() {
		assertThat(Readme.blocks("java").get(0).lines().filter((line) -> !line.isBlank())).hasSizeLessThanOrEqualTo(15);
	}

	@Test
	void firstApplicationPrintsWhatTheReadmeSays(CapturedOutput output) {
		try (ConfigurableApplicationContext context = shop()) {
			List<String> said = Readme.find("println\\(.*// (\\d+)", Readme.text());

			assertThat(said).containsExactly("80", "100", "80");
			assertThat(output.getOut().lines().filter((line) -> line.matches("\\d+"))).isEqualTo(said);
		}
	}

	@Test
	void pinnedMethodReadsTheReleaseOrTheLiveState() {
		try (ConfigurableApplicationContext context = shop()) {
			CheapProducts products = context.getBean(CheapProducts.class);

			assertThat(products.below(90, "north", null)).isEmpty();
			assertThat(products.below(90, "north", 2L)).extracting(Product::getPrice).containsExactly(80);
		}
	}

	@ParameterizedTest
	@CsvSource({ "north, , 200", "north, 3, 200", "north, 9, 404", "nowhere, , 404" })
	void whatIsNotReleasedIsNotFoundInAController(String shop, String release, int status) throws Exception {
		try (ConfigurableApplicationContext context = shop()) {
			MockMvc web = MockMvcBuilders.standaloneSetup(new Prices(context.getBean(CheapProducts.class)))
				.setControllerAdvice(context.getBean(NotReleased.class))
				.build();

			web.perform(MockMvcRequestBuilders.get("/cheap").param("shop", shop).param("release", release))
				.andExpect(MockMvcResultMatchers.status().is(status));
		}
	}

	@Test
	void readModelIsThatOfTheLiveBuild() {
		try (ConfigurableApplicationContext context = shop()) {
			assertThat(context.getBean(QueryService.class).pinned("catalog", "north").get(Offers.Offer.class, 1L))
				.isEqualTo(new Offers.Offer("Anorak", 100));
		}
	}

	@Test
	void noteIsReadFromTheStoreThatWasInjected() {
		try (ConfigurableApplicationContext context = shop()) {
			WatchList watches = context.getBean(WatchList.class);

			watches.note(1L, "wait for the sale");

			assertThat(watches.noteOn(1L)).hasValue("wait for the sale");
			assertThat(watches.noteOn(2L)).isEmpty();
		}
	}

	@Test
	void readOutsideAPinFailsWithTheWordsOfTheReadme() {
		List<String> said = Readme.find("(?s)`(Scope 'catalog' is not pinned[^`]*) …`", Readme.text());

		try (ConfigurableApplicationContext context = shop()) {
			assertThat(said).hasSize(1);
			assertThatThrownBy(() -> context.getBean(ProductRepository.class).findAll())
				.isInstanceOf(NotPinnedException.class)
				.hasMessageStartingWith(said.get(0).replaceAll("\\s+", " "));
		}
	}

	@Test
	void dependenciesAreThoseOfThisProject() {
		String version = Readme.find("<artifactId>strates-parent</artifactId>\\s*<version>(.*?)<", Readme.parent())
			.get(0);
		String boot = Readme.find("<spring-boot.version>(.*?)<", Readme.parent()).get(0);
		List<String> dependencies = Readme.find("(?s)<dependency>(.*?)</dependency>",
				String.join("", Readme.blocks("xml")));

		assertThat(dependencies).hasSize(3);
		assertThat(dependencies.stream().filter((dependency) -> dependency.contains(">io.strates<"))).hasSize(2)
			.allSatisfy((dependency) -> assertThat(dependency).contains("<artifactId>"
					+ Readme.find("<artifactId>(strates-spring-boot-starter)<", Readme.read(Path.of("pom.xml"))).get(0)
					+ "<", "<version>" + version + "<"));
		assertThat(Readme.text()).contains("`spring-boot-starter-parent` " + boot);
	}

	@Test
	void dependenciesThatAreUpToTheApplicationAreNamed() {
		List<String> optional = Readme.find(
				"<artifactId>(spring-boot-starter-[a-z-]+)</artifactId>\\s*<optional>true</optional>",
				Readme.read(Path.of("pom.xml")));

		assertThat(optional).isNotEmpty()
			.allSatisfy((dependency) -> assertThat(Readme.text()).contains("`" + dependency + "`"));
	}

	@Test
	void everyMeterIsNamed() {
		String code = Readme.read(Path.of("src/main/java/io/strates/boot/actuate/StratesMetrics.java"))
				+ Readme.read(Path.of("src/main/java/io/strates/boot/actuate/StratesCacheMetrics.java"))
				+ Readme.read(Path.of("src/main/java/io/strates/boot/actuate/StratesStoreMetrics.java"));

		assertThat(Readme.find("\"(strates\\.[a-z.]+)\"", code)).isNotEmpty()
			.allSatisfy((meter) -> assertThat(Readme.text()).contains("`" + meter + "`"));
	}

	@Test
	void everyMetadataTableIsNamed() {
		String script = Readme
			.read(Path.of("../strates-core/src/main/resources/io/strates/schema/strates-postgresql.sql"));

		assertThat(Readme.find("(?m)^\\| `([a-z_]+)` \\| ", Readme.text()))
			.containsAll(Readme.find("create table if not exists (\\w+) \\(", script)
				.stream()
				.filter((table) -> !table.startsWith("stratified_build_"))
				.toList());
	}

	@RestController
	static class Prices {

		private final CheapProducts products;

		Prices(CheapProducts products) {
			this.products = products;
		}

		@GetMapping("/cheap")
		int count(@RequestParam String shop, @RequestParam(required = false) Long release) {
			return this.products.below(90, shop, release).size();
		}

	}

	private static ConfigurableApplicationContext shop() {
		return SpringApplication.run(ShopApplication.class, "--spring.main.web-application-type=none",
				"--strates.release.redis.enabled=false");
	}

	private static String region(String file) {
		String source = Readme.read(Path.of("src/test/java/io/strates/readme", file + ".java"));
		List<String> regions = Readme.find("(?s)// @start region[^\\n]*\\n(.*?)// @end", source);
		assertThat(regions).as("regions of %s", file).hasSize(1);
		return regions.get(0);
	}

	/** Code without comments, and without white space that has no meaning. */
	private static String tokens(String code) {
		return code.replaceAll("//.*", "").replaceAll("\\s+", " ").replaceAll(" ?(\\W) ?", "$1").strip();
	}

}
