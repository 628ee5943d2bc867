package io.strates.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import io.strates.cache.Tiers;
import io.strates.gc.CollectionReport;
import io.strates.internal.jdbc.Database;
import io.strates.release.ReleaseTable;
import io.strates.release.ReleaseWatcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class StratesHealthIndicatorTests {

	private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z"));

	private final ReleaseWatcher watcher = watcher();

	private final Tiers tiers = Tiers.builder("health").build();

	private static ReleaseWatcher watcher() {
		DriverManagerDataSource dataSource = new DriverManagerDataSource("jdbc:h2:mem:health;DB_CLOSE_DELAY=-1");
		new ResourceDatabasePopulator(new ClassPathResource(Database.H2.script())).execute(dataSource);
		return new ReleaseWatcher(new ReleaseTable(JdbcClient.create(dataSource), Database.H2),
				TransactionOperations.withoutTransaction(), null, Duration.ofHours(1), List.of());
	}

	@AfterEach
	void closeWatcher() {
		this.watcher.close();
		this.tiers.close();
	}

	@Test
	void downWhileTheMetadataCannotBeRead() {
		this.watcher.start();

		Health health = new StratesHealthIndicator(() -> {
			throw new DataAccessResourceFailureException("gone");
		}, this.watcher, null, Duration.ofSeconds(2), this.tiers, CLOCK).health();

		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("error",
				DataAccessResourceFailureException.class.getName() + ": gone");
	}

	@Test
	void outOfServiceBeforeTheWatcherHasStarted() {
		Health health = new StratesHealthIndicator(() -> 3, this.watcher, null, Duration.ofSeconds(2), this.tiers,
				CLOCK)
			.health();

		assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		assertThat(health.getDetails()).containsEntry("released", 3L).containsEntry("watcher", "not started");
	}

	@Test
	void upWithTheOutcomeOfTheLastCollection() {
		this.watcher.start();
		StratesHealthIndicator indicator = new StratesHealthIndicator(() -> 3, this.watcher, null,
				Duration.ofSeconds(2), this.tiers, CLOCK);

		indicator.failed(mock(), new IllegalStateException());
		indicator.completed(new CollectionReport(false, List.of(), Duration.ZERO));

		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(indicator.health().getDetails()).containsEntry("garbageCollection",
				"0 builds removed, 1 could not be");
	}

}
