package io.strates.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.readme.shop.CheapProducts;
import io.strates.readme.shop.ShopApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The README's application with the README's configuration on PostgreSQL. */
class ReadmeIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void firstApplicationRunsOnPostgresWithTheConfigurationShown() throws IOException {
		DevDatabase database = DevPostgres.newDatabase();
		List<String> blocks = Readme.blocks("yaml");
		assertThat(blocks).hasSize(1);
		Files.writeString(this.directory.resolve("application.yml"),
				blocks.get(0)
					.replace("jdbc:postgresql://localhost/shop", database.jdbcUrl())
					.replace("username: shop", "username: \"" + database.username() + "\"")
					.replace("password: secret", "password: \"" + database.password() + "\""));

		for (int start = 1; start <= 2; start++) {
			try (ConfigurableApplicationContext context = SpringApplication.run(ShopApplication.class,
					"--spring.config.additional-location=file:" + this.directory + "/",
					"--spring.main.web-application-type=none", "--strates.release.redis.enabled=false")) {
				assertThat(context.getEnvironment().getProperty("spring.datasource.url")).isEqualTo(database.jdbcUrl());
				assertThat(context.getBean(CheapProducts.class).below(90, "north", 2L)).hasSize(1);
			}
		}
	}

}
