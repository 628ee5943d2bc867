package io.strates.readme.shop;

import io.strates.build.Build;
import io.strates.build.BuildService;
import io.strates.query.PinRequest;
import io.strates.query.QueryService;
import io.strates.release.ReleaseService;
import io.strates.release.RollbackTarget;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

// @start region=application
@SpringBootApplication
public class ShopApplication {

	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

	@Bean
	ApplicationRunner demo(BuildService builds, ReleaseService releases, QueryService queries,
			ProductRepository products) {
		return (arguments) -> {
			publish(builds, releases, 100);
			publish(builds, releases, 80);
			System.out.println(queries.pinned("catalog", "north", () -> products.findById(1L)).get().getPrice());

			releases.rollBack("catalog", "north", RollbackTarget.previous(), "wrong prices");
			System.out.println(queries.pinned("catalog", "north", () -> products.findById(1L)).get().getPrice());

			PinRequest second = PinRequest.release("catalog", "north", 2);
			System.out.println(queries.pinned(second, () -> products.findById(1L)).get().getPrice());
		};
	}

	private static void publish(BuildService builds, ReleaseService releases, int price) {
		try (Build build = builds.open("catalog", "north")) {
			Catalog catalog = new Catalog(1L, "north");
			build.writer().write(catalog);
			build.writer().write(new Product(1L, "Anorak", price, catalog));
			build.seal();
			releases.release(build.buildStrate());
		}
	}

}
// @end
