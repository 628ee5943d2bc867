package io.strates.shop;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.entity.StratifiedEntity;
import io.strates.query.PinRequest;
import io.strates.release.Release;

/**
 * Two releases of one shop that share all ids: X with 3 products and 1 tag, Y with 4
 * products and 2 tags. Names and codes begin with the letter of their build.
 */
public final class TwoBuilds {

	public static final UUID SETTINGS = new UUID(1, 2);

	public final State x;

	public final State y;

	public final State priceX;

	public final State priceY;

	public TwoBuilds(TestNode node) {
		node.inTransaction(() -> {
			node.entityManager().persist(new Currency("EUR", "Euro"));
			return true;
		});
		this.x = write(node, "X", 3, List.of("new"));
		this.priceX = writePrices(node, "X", 2);
		this.y = write(node, "Y", 4, List.of("new", "old"));
		this.priceY = writePrices(node, "Y", 3);
	}

	/** A build and what it holds. */
	public record State(String letter, int products, List<String> tags, Release release) {

		public UUID build() {
			return this.release.buildStrate();
		}

		public PinRequest request() {
			return PinRequest.release(this.release.scope(), this.release.scopeId(), this.release.number());
		}

		/** What marks the rows with the ids 1 to n. */
		public List<String> marks(int n) {
			List<String> marks = new ArrayList<>();
			for (int id = 1; id <= n; id++) {
				marks.add(this.letter + id);
			}
			return marks;
		}

		public List<String> productMarks() {
			return marks(this.products);
		}

		public List<String> tagMarks() {
			return this.tags.stream().map((tag) -> this.letter + tag).toList();
		}

	}

	/** The letter of the build that an entity belongs to, and its id. */
	public String mark(StratifiedEntity entity) {
		UUID build = entity.getBuildStrate();
		boolean isX = this.x.build().equals(build) || this.priceX.build().equals(build);
		boolean isY = this.y.build().equals(build) || this.priceY.build().equals(build);
		return (isX ? "X" : isY ? "Y" : "?") + entity.getId();
	}

	private static State write(TestNode node, String letter, int products, List<String> tags) {
		try (Build build = node.builds.open("catalog", "north")) {
			Catalog catalog = new Catalog(1, "north", products);
			build.writer().write(catalog);
			build.writer().write(new Settings(SETTINGS, catalog, letter + "-theme"));
			List<Tag> written = new ArrayList<>();
			for (String id : tags) {
				Tag tag = new Tag(id);
				written.add(tag);
				build.writer().write(tag);
			}
			Currency euro = node.inTransaction(() -> node.entityManager().find(Currency.class, "EUR"));
			List<Product> all = new ArrayList<>();
			for (int id = 1; id <= products; id++) {
				Product product = new Product(id, letter + id, id * 10, catalog);
				product.details(BigDecimal.ONE, Instant.EPOCH, Product.State.NEW,
						new Dimensions(id, id, written.get(0)));
				product.successor(all.isEmpty() ? null : all.get(0)).currency(euro);
				written.forEach((tag) -> product.getTags().add(new ProductTag(product, tag)));
				all.add(product);
				build.writer().write(product);
			}
			Image thumbnail = new Image(1, letter + "1", all.get(0), 1, null);
			Image image = new Image(2, letter + "2", all.get(0), 9, thumbnail);
			Video video = new Video(3, letter + "3", all.get(1), 60);
			for (Media media : List.of(thumbnail, image, video)) {
				media.getLabels().add(letter + "a");
				media.getLabels().add(letter + "b");
				media.getProperties().put("build", letter);
				build.writer().write(media);
			}
			build.seal();
			return new State(letter, products, tags, node.releases.release(build.buildStrate()));
		}
	}

	private static State writePrices(TestNode node, String letter, int rules) {
		try (Build build = node.builds.open("pricing", "north")) {
			PriceRule base = new PriceRule(1, letter + "1", 1L);
			build.writer().write(base);
			for (int id = 2; id <= rules; id++) {
				build.writer().write(new DiscountRule(id, letter + id, (long) id, 5, base));
			}
			build.seal();
			return new State(letter, rules, List.of(), node.releases.release(build.buildStrate()));
		}
	}

}
