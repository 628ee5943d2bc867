package io.strates.readme.shop;

import java.util.stream.Collectors;

import io.strates.query.ReadModel;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

// @start region=offers
@Configuration
public class Offers {

	@Bean
	ReadModel<Long, Offer> offer(ProductRepository products) {
		return ReadModel.of(Offer.class, Long.class, "catalog", (pin, ids) -> products.findAllById(ids)
			.stream()
			.collect(Collectors.toMap(Product::getId, (product) -> new Offer(product.getName(), product.getPrice()))));
	}

	public record Offer(String name, int price) {
	}

}
// @end
