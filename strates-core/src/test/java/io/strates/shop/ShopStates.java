package io.strates.shop;

import java.util.Objects;
import java.util.UUID;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildWriter;
import io.strates.entity.StratifiedTable;
import io.strates.release.Release;

/** States of a shop that tests need before they begin. */
public final class ShopStates {

	private ShopStates() {
	}

	/**
	 * Writes one catalog with products 1 to n, each with the tag of its remainder by 3.
	 */
	public static void write(BuildWriter writer, String shop, int products) {
		Catalog catalog = new Catalog(1, shop, products);
		writer.write(catalog);
		Tag[] tags = { new Tag("zero"), new Tag("one"), new Tag("two") };
		for (Tag tag : tags) {
			writer.write(tag);
		}
		for (int id = 1; id <= products; id++) {
			Product product = new Product(id, "p" + id, id * 10, catalog);
			product.getTags().add(new ProductTag(product, tags[id % 3]));
			writer.write(product);
		}
	}

	public static BuildInfo sealed(TestNode node, String shop, int products) {
		try (Build build = node.builds.open("catalog", shop)) {
			write(build.writer(), shop, products);
			return build.seal();
		}
	}

	public static Release released(TestNode node, String shop, int products) {
		return node.releases.release(sealed(node, shop, products).buildStrate());
	}

	/** Makes a build what garbage collection leaves of it. */
	public static void collected(TestNode node, UUID build) {
		Object id = Objects.requireNonNull(node.database.uuid(build));
		node.transaction.executeWithoutResult((status) -> {
			for (StratifiedTable table : node.mapping.schema().childrenFirst("catalog")) {
				node.jdbc.sql("delete from " + table.name() + " where " + table.buildColumn() + " = ?")
					.param(id)
					.update();
			}
			node.jdbc.sql("update stratified_build set status = 'COLLECTED' where build_strate = ?").param(id).update();
		});
	}

	public static long products(TestNode node, BuildInfo build) {
		return node.count("select count(*) from product where build_strate = ?",
				Objects.requireNonNull(node.database.uuid(build.buildStrate())));
	}

}
