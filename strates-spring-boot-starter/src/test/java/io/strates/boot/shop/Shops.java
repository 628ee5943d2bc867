package io.strates.boot.shop;

import java.util.ArrayList;
import java.util.List;

import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildService;
import io.strates.query.QueryService;
import io.strates.release.Release;
import io.strates.release.ReleaseService;

import org.springframework.beans.factory.BeanFactory;

/** Builds and releases states of a shop. */
public final class Shops {

	public static final String SCOPE = "shop";

	private Shops() {
	}

	/** Writes and seals a state of so many products, each of a price. */
	public static BuildInfo build(BeanFactory beans, String code, int products, int price) {
		try (Build build = beans.getBean(BuildService.class).open(SCOPE, code)) {
			Shop shop = new Shop(1L, code);
			build.writer().write(shop);
			List<Product> rows = new ArrayList<>();
			for (long id = 1; id <= products; id++) {
				rows.add(new Product(id, "product " + id, price, shop));
			}
			build.writer().writeAll(rows);
			return build.seal();
		}
	}

	/** Writes, seals and releases a state. */
	public static Release release(BeanFactory beans, String code, int products, int price) {
		BuildInfo build = build(beans, code, products, price);
		return beans.getBean(ReleaseService.class).release(build.buildStrate());
	}

	/** Returns how many products the released state has. */
	public static long count(BeanFactory beans, String code) {
		ProductRepository products = beans.getBean(ProductRepository.class);
		Long count = beans.getBean(QueryService.class).pinned(SCOPE, code, () -> products.count());
		return count;
	}

}
