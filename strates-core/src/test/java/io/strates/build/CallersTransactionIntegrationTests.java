package io.strates.build;

import java.util.UUID;

import io.strates.TestNode;
import io.strates.shop.Catalog;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Builds that are written, sealed and closed inside a transaction of the caller. */
@Timeout(60)
class CallersTransactionIntegrationTests {

	private static TestNode node;

	@BeforeAll
	static void start() {
		node = TestNode.onPostgres();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@Test
	void rowsSavedByRepositoriesAreSealedAndReleasedInTheirOwnTransaction() {
		UUID sealed = node.inTransaction(() -> {
			try (Build build = node.builds.open("catalog", "inside")) {
				build.run(() -> save("inside"));
				BuildInfo info = build.seal();
				node.releases.release(info.buildStrate());
				return info.buildStrate();
			}
		});

		BuildInfo build = node.builds.get(sealed);
		assertThat(build.status()).isEqualTo(BuildStatus.RELEASED);
		assertThat(build.rowCounts()).containsEntry("Tag", 1L).containsEntry("Catalog", 1L);
		assertThat(node.queries.<Long>pinned("catalog", "inside",
				() -> node.entityManager().createQuery("select count(t) from Tag t", Long.class).getSingleResult()))
			.isEqualTo(1);
	}

	@Test
	void aRowSavedAfterTheSealIsRefusedInTheSameTransaction() {
		assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> node.inTransaction(() -> {
			try (Build build = node.builds.open("catalog", "late")) {
				build.run(() -> save("late"));
				build.seal();
				build.run(() -> node.entityManager().persist(new Tag("late")));
				return build.buildStrate();
			}
		}));

		assertThat(node.releases.current("catalog", "late")).isEmpty();
	}

	@Test
	void aBuildThatIsClosedUnsealedInTheTransactionOfItsRowsHasFailed() {
		UUID closed = node.inTransaction(() -> {
			try (Build build = node.builds.open("catalog", "closed")) {
				build.run(() -> save("closed"));
				return build.buildStrate();
			}
		});

		assertThat(node.builds.get(closed).status()).isEqualTo(BuildStatus.FAILED);
	}

	@Test
	void aSealIsUndoneWithTheTransactionThatItJoined() {
		UUID[] opened = new UUID[1];

		node.transaction.executeWithoutResult((status) -> {
			try (Build build = node.builds.open("catalog", "undone")) {
				opened[0] = build.buildStrate();
				build.run(() -> save("undone"));
				build.seal();
			}
			status.setRollbackOnly();
		});

		assertThat(node.builds.get(opened[0]).status()).isEqualTo(BuildStatus.BUILDING);
		assertThat(node.count("select count(*) from tag where build_strate = ?", opened[0])).isZero();
	}

	private static void save(String shop) {
		Catalog catalog = new Catalog(1, shop, 1);
		node.entityManager().persist(catalog);
		node.entityManager().persist(new Tag("saved"));
	}

}
