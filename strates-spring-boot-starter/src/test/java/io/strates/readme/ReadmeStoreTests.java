package io.strates.readme;

import java.util.Base64;
import java.util.List;
import java.util.UUID;

import io.strates.readme.reviews.Review;
import io.strates.readme.reviews.ReviewApplication;
import io.strates.readme.reviews.Reviews;
import io.strates.store.VetoedException;
import io.strates.store.WriteRejectedException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the README says of stores, with the settings that it shows. */
class ReadmeStoreTests {

	@Test
	void bestAreFoundInTheirOrderUntilTheNextWrite() {
		try (ConfigurableApplicationContext context = start()) {
			Reviews reviews = context.getBean(Reviews.class);
			reviews.write(review(4, "a"));
			reviews.write(review(2, "b"));
			assertThat(reviews.best(1L)).extracting(Review::getStars).containsExactly(4);

			reviews.write(review(5, "c"));

			assertThat(reviews.best(1L)).extracting(Review::getStars).containsExactly(5, 4);
			assertThat(reviews.best(1L)).extracting(Review::getEmail).containsExactly("c", "a");
		}
	}

	@Test
	void whatIsWrittenPastTheStoreIsSeenWhenItIsTold() {
		try (ConfigurableApplicationContext context = start()) {
			Reviews reviews = context.getBean(Reviews.class);
			reviews.write(review(4, "a"));
			reviews.best(1L);
			context.getBean(JdbcTemplate.class).update("update review set stars = 5");

			reviews.importedPastTheStore(1L);

			assertThat(reviews.best(1L)).extracting(Review::getStars).containsExactly(5);
		}
	}

	@Test
	void hookRefuses() {
		try (ConfigurableApplicationContext context = start()) {
			assertThatExceptionOfType(VetoedException.class)
				.isThrownBy(() -> context.getBean(Reviews.class).write(review(6, "a")))
				.withStackTraceContaining("A review has 1 to 5 stars");
		}
	}

	@Test
	void columnHoldsAHundredBytesAndNotOneMore() {
		try (ConfigurableApplicationContext context = start()) {
			Reviews reviews = context.getBean(Reviews.class);
			reviews.write(review(5, "e".repeat(100)));

			assertThat(context.getBean(JdbcTemplate.class).queryForObject("select email from review", String.class))
				.hasSize(176)
				.doesNotContain("eee");
			assertThatExceptionOfType(WriteRejectedException.class)
				.isThrownBy(() -> reviews.write(review(5, "e".repeat(101))));
		}
	}

	private static Review review(int stars, String email) {
		return new Review(UUID.randomUUID(), 1L, stars, email);
	}

	private static ConfigurableApplicationContext start() {
		String key = Base64.getEncoder().encodeToString(new byte[32]);
		List<String> settings = Readme.blocks("properties");
		assertThat(settings).hasSize(1);
		return SpringApplication.run(ReviewApplication.class, "--" + settings.get(0).strip().replace("…", key),
				"--spring.main.web-application-type=none", "--strates.release.redis.enabled=false",
				"--strates.cache.redis.enabled=false");
	}

}
