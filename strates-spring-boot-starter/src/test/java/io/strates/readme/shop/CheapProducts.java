package io.strates.readme.shop;

import java.util.List;

import io.strates.query.Pinned;

import org.springframework.stereotype.Service;

// @start region=pinned
@Service
public class CheapProducts {

	private final ProductRepository products;

	public CheapProducts(ProductRepository products) {
		this.products = products;
	}

	@Pinned(scope = "catalog", scopeId = "#shop", release = "#release")
	public List<Product> below(int price, String shop, Long release) {
		return this.products.findByPriceLessThan(price);
	}

}
// @end
