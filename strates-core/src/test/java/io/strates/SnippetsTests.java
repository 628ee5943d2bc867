package io.strates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.strates.build.Build;
import io.strates.build.BuildService;
import io.strates.dev.DevDatabase;
import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.gc.CollectionReport;
import io.strates.gc.GarbageCollector;
import io.strates.gc.RetentionPolicy;
import io.strates.query.Difference;
import io.strates.query.PinRequest;
import io.strates.query.Pinned;
import io.strates.query.PinnedInterceptor;
import io.strates.query.QueryService;
import io.strates.release.Release;
import io.strates.release.ReleaseConflictException;
import io.strates.release.ReleaseKind;
import io.strates.release.ReleaseService;
import io.strates.release.RollbackTarget;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.data.jpa.repository.JpaRepository;

import static org.assertj.core.api.Assertions.assertThat;

/** The code that Javadoc shows: each region is a piece of it, and runs on a database. */
class SnippetsTests {

	private static final Pattern SHOWN = Pattern
		.compile("\\{@snippet class ?= ?io\\.strates\\.SnippetsTests region ?= ?(\\w+)");

	private static final Pattern REGION = Pattern.compile("/{2} @start region ?= ?(\\w+)");

	private final List<String> printed = new ArrayList<>();

	private TestNode node;

	private BuildService builds;

	private ReleaseService releases;

	private QueryService queries;

	private GarbageCollector collector;

	private ProductRepository products;

	@BeforeEach
	void start() {
		this.node = TestNode
			.builder(new DevDatabase("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", ""))
			.entities(Catalog.class, Product.class)
			.build();
		this.builds = this.node.builds;
		this.releases = this.node.releases;
		this.queries = this.node.queries;
		this.products = this.node.repositories.getRepository(ProductRepository.class);
		this.collector = this.node.collector()
			.policy(new RetentionPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)))
			.batchSize(100)
			.owner("node-1")
			.build();
	}

	@AfterEach
	void stop() {
		this.node.close();
	}

	@Test
	void aStateIsBuiltReleasedAndRead() {
		Catalog catalog = new Catalog(1L, "north");
		List<Product> anoraks = List.of(product(1L, 9, catalog), product(2L, 90, catalog));

		// @start region = cycle
		// @start region=build
		try (Build build = builds.open("catalog", "north")) { // invisible to every reader
			build.writer().write(catalog);
			build.writer().writeAll(anoraks); // any number of threads may write
			build.seal(); // complete and immutable from here on
			releases.release(build.buildStrate()); // one transaction, whatever the size
		}
		// @end region = build
		List<Product> cheap = queries.pinned("catalog", "north", () -> products.findByPriceLessThan(10));
		// @end region = cycle

		assertThat(cheap).extracting(Product::getId).containsExactly(1L);
	}

	@Test
	void branchesWriteInParallel() {
		Catalog catalog = new Catalog(1L, "north");
		List<Product> anoraks = List.of(product(1L, 9, catalog));
		List<Product> boots = List.of(product(2L, 9, catalog));

		// @start region = branches
		try (Build build = builds.open("catalog", "north")) {
			build.writer().write(catalog); // what the branches share goes first
			build.branches()
				.branch("anoraks", (writer) -> writer.writeAll(anoraks))
				.branch("boots", (writer) -> writer.writeAll(boots))
				.run();
			build.seal();
			releases.release(build.buildStrate());
		}
		// @end

		assertThat(pricesOf("north")).containsExactly(9, 9);
	}

	@Test
	void aConflictIsToldAndARollbackRestores() {
		released("north", 100);
		UUID build;
		try (Build late = this.builds.open("catalog", "north")) {
			write(late, "north", 80);
			released("north", 90);
			build = late.seal().buildStrate();
		}

		// @start region = release
		try {
			releases.release(build);
		}
		catch (ReleaseConflictException ex) { // somebody else released since it was
												// opened
			print(ex.getMessage()); // names both: build again, or overwrite
		}
		Release restored = releases.rollBack("catalog", "north", RollbackTarget.previous(), "wrong prices");
		// @end

		assertThat(this.printed).singleElement().asString().contains(build.toString());
		assertThat(restored.kind()).isEqualTo(ReleaseKind.ROLLBACK);
		assertThat(pricesOf("north")).containsExactly(100);
	}

	@Test
	void statesAreReadAndCompared() {
		released("north", 100);
		released("north", 8);

		// @start region = read
		List<Product> cheap = queries.pinned("catalog", "north", () -> products.findByPriceLessThan(10));

		PinRequest first = PinRequest.release("catalog", "north", 1); // time travel
		List<Product> earlier = queries.pinned(first, () -> products.findAll());

		PinRequest live = PinRequest.released("catalog", "north");
		try (Stream<Difference> changes = queries.difference(Product.class, first, live)) {
			changes.forEach((change) -> print(change.kind() + " " + change.id()));
		}
		// @end

		assertThat(cheap).extracting((product) -> product.price).containsExactly(8);
		assertThat(earlier).extracting((product) -> product.price).containsExactly(100);
		assertThat(this.printed).containsExactly("CHANGED 1");
	}

	@Test
	void garbageIsPredictedAndCollected() {
		UUID old = released("north", 100);
		UUID live = released("north", 80);

		// @start region = collect
		CollectionReport plan = collector.dryRun(); // changes nothing
		plan.builds().forEach((build) -> print(build.buildStrate() + ": " + build.reason()));

		collector.collect().ifPresent((report) -> print(report.removedRows() + " rows removed"));
		// @end

		assertThat(this.printed).hasSize(3)
			.anyMatch((line) -> line.startsWith(old + ": "))
			.anyMatch((line) -> line.startsWith(live + ": "))
			.contains("2 rows removed");
		assertThat(pricesOf("north")).containsExactly(80);
	}

	@Test
	void aMethodIsPinned() {
		released("north", 100);
		released("north", 80);
		ProxyFactory factory = new ProxyFactory(new Prices(this.products));
		factory.setProxyTargetClass(true);
		factory.addAdvice(new PinnedInterceptor(() -> this.queries));
		Prices prices = (Prices) factory.getProxy();

		assertThat(prices.below("north", null, 90)).extracting((product) -> product.price).containsExactly(80);
		assertThat(prices.below("north", 1L, 90)).isEmpty();
	}

	@Test
	void everyPieceOfCodeInJavadocIsARegionOfThisTest() throws IOException {
		String main = sources(Path.of("src/main/java"));
		Path here = Path.of("src/test/java", SnippetsTests.class.getName().replace('.', '/') + ".java");

		assertThat(main).doesNotContain("<pre>{@code").doesNotContain("{@snippet :");
		assertThat(names(SHOWN, main)).isNotEmpty().isEqualTo(names(REGION, Files.readString(here)));
	}

	private static String sources(Path directory) throws IOException {
		StringBuilder text = new StringBuilder();
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				text.append(Files.readString(file));
			}
		}
		return text.toString();
	}

	private static Set<String> names(Pattern pattern, String text) {
		return new TreeSet<>(pattern.matcher(text).results().map((found) -> found.group(1)).toList());
	}

	private UUID released(String shop, int price) {
		try (Build build = this.builds.open("catalog", shop)) {
			write(build, shop, price);
			build.seal();
			return this.releases.release(build.buildStrate()).buildStrate();
		}
	}

	private static void write(Build build, String shop, int price) {
		Catalog catalog = new Catalog(1L, shop);
		build.writer().write(catalog);
		build.writer().write(product(1L, price, catalog));
	}

	private static Product product(Long id, int price, Catalog catalog) {
		Product product = new Product();
		product.id = id;
		product.price = price;
		product.catalog = catalog;
		return product;
	}

	private List<Integer> pricesOf(String shop) {
		return this.queries.pinned("catalog", shop,
				() -> this.products.findAll().stream().map((product) -> product.price).toList());
	}

	private void print(String line) {
		this.printed.add(line);
	}

	/** The root of the scope. */
	@Entity(name = "Catalog")
	@Stratified(scope = "catalog", root = true, scopeId = "shop")
	public static class Catalog extends StratifiedEntity {

		@Id
		private Long id;

		private String shop;

		protected Catalog() {
		}

		Catalog(Long id, String shop) {
			this.id = id;
			this.shop = shop;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

	// @start region = entity
	@Entity
	@Stratified(scope = "catalog")
	// @replace substring = "static " replacement = "" :
	public static class Product extends StratifiedEntity {

		@Id
		private Long id; // your own id; the build is added to the key

		@ManyToOne(fetch = FetchType.LAZY)
		private Catalog catalog; // joins inside the build

		private int price;

		@Override
		public Long getId() {
			return this.id;
		}

	}
	// @end

	/** Products of the pinned build. */
	interface ProductRepository extends JpaRepository<Product, Long> {

		List<Product> findByPriceLessThan(int price);

	}

	/** A bean whose methods are pinned. */
	static class Prices {

		private final ProductRepository products;

		Prices(ProductRepository products) {
			this.products = products;
		}

		// @start region = pinned
		@Pinned(scope = "catalog", scopeId = "#shop", release = "#release")
		public List<Product> below(String shop, @Nullable Long release, int price) {
			return this.products.findByPriceLessThan(price); // release null: the live
																// state
		}
		// @end

	}

}
