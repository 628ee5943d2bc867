package io.strates.query;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.dev.DevDatabase;
import io.strates.query.Difference.Kind;
import io.strates.shop.Catalog;
import io.strates.shop.Currency;
import io.strates.shop.Dimensions;
import io.strates.shop.DiscountRule;
import io.strates.shop.Image;
import io.strates.shop.Media;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.Settings;
import io.strates.shop.Tag;
import io.strates.shop.Video;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the difference of two builds tells on every supported database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DifferenceContract {

	private static final Instant SOME_TIME = Instant.parse("2026-07-01T12:00:00Z");

	private final Catalog catalog = new Catalog(1, "north", 3);

	private final Tag box = new Tag("box");

	private final Tag bag = new Tag("bag");

	private final Currency euro = new Currency("EUR", "Euro");

	TestNode node;

	DifferenceQuery difference;

	abstract DevDatabase newDatabase();

	@BeforeAll
	final void start() {
		this.node = TestNode.builder(newDatabase()).build();
		this.difference = new DifferenceQuery(this.node.dataSource, this.node.database, this.node.mapping::schema);
		this.node.transaction.executeWithoutResult((transaction) -> this.node.entityManager.persist(this.euro));
	}

	@AfterAll
	final void stop() {
		this.node.close();
	}

	@Test
	void idsAreAddedRemovedAndChangedInTheirOrder() {
		UUID from = products((product) -> product, 1, 2, 3, 4, 10, 11);
		UUID to = products((product) -> {
			if (product.getId() % 2 == 0) {
				product.setPrice(99);
			}
			return product;
		}, 2, 3, 4, 5, 10, 12);

		assertThat(difference(Product.class, from, to)).containsExactly(new Difference(1L, Kind.REMOVED),
				new Difference(2L, Kind.CHANGED), new Difference(4L, Kind.CHANGED), new Difference(5L, Kind.ADDED),
				new Difference(10L, Kind.CHANGED), new Difference(11L, Kind.REMOVED), new Difference(12L, Kind.ADDED));
	}

	@Test
	void equalBuildsDoNotDiffer() {
		UUID from = products(this::detailed, 1, 2, 3);
		UUID to = products(this::detailed, 1, 2, 3);

		assertThat(difference(Product.class, from, to)).isEmpty();
		assertThat(difference(Catalog.class, from, to)).isEmpty();
		assertThat(difference(Product.class, from, from)).isEmpty();
	}

	@Test
	void everyKindOfColumnCounts() {
		UUID plain = products(this::detailed, 1);
		List<UnaryOperator<Product>> changes = List.of( //
				(product) -> named(product, "P1"), //
				(product) -> named(product, null), //
				(product) -> details(product, "1.51", SOME_TIME, Product.State.NEW, 1, this.box), //
				(product) -> details(product, null, SOME_TIME, Product.State.NEW, 1, this.box), //
				(product) -> details(product, "1.5", SOME_TIME.plusMillis(1), Product.State.NEW, 1, this.box), //
				(product) -> details(product, "1.5", SOME_TIME, Product.State.OLD, 1, this.box), //
				(product) -> details(product, "1.5", SOME_TIME, Product.State.NEW, 2, this.box), //
				(product) -> details(product, "1.5", SOME_TIME, Product.State.NEW, null, this.box), //
				(product) -> details(product, "1.5", SOME_TIME, Product.State.NEW, 1, this.bag), //
				(product) -> details(product, "1.5", SOME_TIME, Product.State.NEW, 1, null), //
				(product) -> product.currency(null), //
				(product) -> product.successor(product));

		List<List<Difference>> found = new ArrayList<>();
		for (UnaryOperator<Product> change : changes) {
			UUID changed = products((product) -> change.apply(detailed(product)), 1);
			found.add(difference(Product.class, plain, changed));
			found.add(difference(Product.class, changed, plain));
		}

		assertThat(found).hasSize(24)
			.allSatisfy((difference) -> assertThat(difference).containsExactly(new Difference(1L, Kind.CHANGED)));
	}

	@Test
	void letterCaseAndTrailingSpacesCount() {
		UUID from = products((product) -> named(product, "abc"), 1);
		UUID upper = products((product) -> named(product, "aBc"), 1);
		UUID longer = products((product) -> named(product, "abc "), 1);

		assertThat(difference(Product.class, from, upper)).containsExactly(new Difference(1L, Kind.CHANGED));
		assertThat(difference(Product.class, from, longer)).containsExactly(new Difference(1L, Kind.CHANGED));
	}

	@Test
	void elementsCountAsOftenAsTheyOccurAndWhereTheyStand() {
		UUID from = image(List.of("a", "b", "b"));
		UUID same = image(List.of("a", "b", "b"));
		UUID fewer = image(List.of("a", "b"));
		UUID otherOrder = image(List.of("b", "a", "b"));
		UUID otherCase = image(List.of("a", "B", "b"));
		UUID none = image(List.of());
		UUID property = media((medium) -> {
			medium.getLabels().addAll(List.of("a", "b", "b"));
			medium.getProperties().put("k", "v");
			return medium;
		}, new Image(1, "title", null, 100, null));

		assertThat(difference(Image.class, from, same)).isEmpty();
		assertThat(List.of(fewer, otherOrder, otherCase, none, property)).allSatisfy((to) -> {
			assertThat(difference(Image.class, from, to)).containsExactly(new Difference(1L, Kind.CHANGED));
			assertThat(difference(Media.class, to, from)).containsExactly(new Difference(1L, Kind.CHANGED));
			assertThat(difference(Video.class, from, to)).isEmpty();
		});
	}

	@Test
	void entityWithElementsThatIsAddedIsNotTakenForChanged() {
		UUID from = media((medium) -> medium);
		UUID to = image(List.of("a", "b"));

		assertThat(difference(Media.class, from, to)).containsExactly(new Difference(1L, Kind.ADDED));
		assertThat(difference(Image.class, to, from)).containsExactly(new Difference(1L, Kind.REMOVED));
	}

	@Test
	void columnsOfSuperclassesAndSubclassesCount() {
		UUID from = media((medium) -> medium, new Image(1, "one", null, 100, null), new Video(2, "two", null, 60));
		UUID pixels = media((medium) -> medium, new Image(1, "one", null, 200, null), new Video(2, "two", null, 60));
		UUID title = media((medium) -> medium, new Image(1, "1", null, 100, null), new Video(2, "two", null, 60));

		assertThat(difference(Media.class, from, pixels)).containsExactly(new Difference(1L, Kind.CHANGED));
		assertThat(difference(Image.class, from, pixels)).containsExactly(new Difference(1L, Kind.CHANGED));
		assertThat(difference(Image.class, from, title)).containsExactly(new Difference(1L, Kind.CHANGED));
		assertThat(difference(Video.class, from, pixels)).isEmpty();
		assertThat(difference(Video.class, from, title)).isEmpty();
	}

	@Test
	void entityThatBecomesAnotherClassIsChangedForTheirSuperclassAlone() {
		UUID from = media((medium) -> medium, new Image(1, "one", null, 100, null));
		UUID to = media((medium) -> medium, new Video(1, "one", null, 100));

		assertThat(difference(Media.class, from, to)).containsExactly(new Difference(1L, Kind.CHANGED));
		assertThat(difference(Image.class, from, to)).containsExactly(new Difference(1L, Kind.REMOVED));
		assertThat(difference(Video.class, from, to)).containsExactly(new Difference(1L, Kind.ADDED));
	}

	@Test
	void idsComeAsTheirJavaType() {
		UUID first = new UUID(1, 1);
		UUID from = build("catalog", (build) -> {
			build.writer().write(this.catalog());
			build.writer().write(new Settings(first, this.catalog, "dark"));
			build.writer().write(new Tag("b"));
		});
		UUID to = build("catalog", (build) -> {
			build.writer().write(this.catalog());
			build.writer().write(new Settings(first, this.catalog, "light"));
			build.writer().write(new Tag("a"));
			build.writer().write(new Tag("b"));
		});

		assertThat(difference(Settings.class, from, to)).containsExactly(new Difference(first, Kind.CHANGED));
		assertThat(difference(Tag.class, from, to)).containsExactly(new Difference("a", Kind.ADDED));
	}

	@Test
	void hierarchyInOneTableIsComparedAsAWhole() {
		UUID from = build("pricing", (build) -> {
			build.writer().write(new PriceRule(1, "rule", 7L));
			build.writer().write(new DiscountRule(2, "discount", 7L, 10, null));
		});
		UUID to = build("pricing", (build) -> {
			build.writer().write(new PriceRule(1, "rule", 8L));
			build.writer().write(new DiscountRule(2, "discount", 7L, 20, null));
		});

		assertThat(difference(PriceRule.class, from, to)).containsExactly(new Difference(1, Kind.CHANGED),
				new Difference(2, Kind.CHANGED));
		assertThat(difference(DiscountRule.class, from, to)).isEqualTo(difference(PriceRule.class, from, to));
	}

	@Test
	void connectionIsTakenWithTheFirstRowAndGivenBackOnClose() {
		UUID from = products((product) -> product, 1);
		UUID to = products((product) -> product, 2, 3, 4);

		try (Stream<Difference> rows = between(Product.class, from, to)) {
			assertThat(connectionsInUse()).isZero();
			Iterator<Difference> iterator = rows.iterator();
			assertThat(iterator.next()).isEqualTo(new Difference(1L, Kind.REMOVED));
			assertThat(connectionsInUse()).isEqualTo(1);
		}

		assertThat(connectionsInUse()).isZero();
	}

	@Test
	void connectionIsGivenBackAfterTheLastRowEvenWithoutClose() {
		UUID from = products((product) -> product, 1);
		UUID to = products((product) -> product, 2, 3, 4);

		long count = between(Product.class, from, to).filter((row) -> row.kind() == Kind.ADDED).count();

		assertThat(count).isEqualTo(3);
		assertThat(connectionsInUse()).isZero();
	}

	@Test
	void streamReadsOnWhileItsThreadDoesOtherWork() {
		UUID from = products((product) -> product);
		UUID to = products((product) -> product, 1, 2, 3);

		this.node.transaction.executeWithoutResult((transaction) -> {
			try (Stream<Difference> rows = between(Product.class, from, to)) {
				rows.forEach(
						(row) -> this.node.entityManager.persist(new Currency("X" + row.id(), "made while reading")));
			}
		});

		assertThat(this.node.count("select count(*) from currency where name = 'made while reading'")).isEqualTo(3);
	}

	final int connectionsInUse() {
		return this.node.dataSource.getHikariPoolMXBean().getActiveConnections();
	}

	final List<Difference> difference(Class<?> entity, UUID from, UUID to) {
		try (Stream<Difference> rows = between(entity, from, to)) {
			return rows.toList();
		}
	}

	final Stream<Difference> between(Class<?> entity, UUID from, UUID to) {
		return this.difference.between(this.node.mapping.model().require(entity), from, to);
	}

	private UUID products(UnaryOperator<Product> change, long... ids) {
		return build("catalog", (build) -> {
			build.writer().write(this.catalog());
			build.writer().write(tag(this.box));
			build.writer().write(tag(this.bag));
			for (long id : ids) {
				build.writer().write(change.apply(new Product(id, "p" + id, 10, this.catalog)));
			}
		});
	}

	private UUID image(List<String> labels) {
		return media((medium) -> {
			medium.getLabels().addAll(labels);
			return medium;
		}, new Image(1, "title", null, 100, null));
	}

	private UUID media(UnaryOperator<Media> change, Media... media) {
		return build("catalog", (build) -> {
			build.writer().write(this.catalog());
			for (Media medium : media) {
				build.writer().write(change.apply(medium));
			}
		});
	}

	private UUID build(String scope, Consumer<Build> rows) {
		try (Build build = this.node.builds.open(scope, "north")) {
			rows.accept(build);
			return build.seal().buildStrate();
		}
	}

	private Catalog catalog() {
		return new Catalog(1, "north", 3);
	}

	private static Tag tag(Tag tag) {
		return new Tag(tag.getId());
	}

	private Product detailed(Product product) {
		return details(product, "1.5", SOME_TIME, Product.State.NEW, 1, this.box).currency(this.euro);
	}

	private static Product named(Product product, String name) {
		product.setName(name);
		return product;
	}

	private static Product details(Product product, String weight, Instant addedAt, Product.State state, Integer width,
			Tag packaging) {
		return product.details((weight != null) ? new BigDecimal(weight) : null, addedAt, state,
				new Dimensions(width, null, packaging));
	}

}
