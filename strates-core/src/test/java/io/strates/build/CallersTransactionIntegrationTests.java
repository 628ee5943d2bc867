package io.strates.build;

import java.util.Objects;
import java.util.UUID;

import io.strates.TestNode;
import io.strates.entity.NotPinnedException;
import io.strates.query.UnpinnedStatementException;
import io.strates.shop.Catalog;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
	void saveOutsideABuildTellsWhereToSave() {
		assertThatExceptionOfType(NotPinnedException.class)
			.isThrownBy(() -> node.transaction.executeWithoutResult((status) -> save("nowhere")))
			.withMessage("A new Catalog is saved outside an open build; save it inside build.run(…),"
					+ " or write it with build.writer()");
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

		assertThat(node.builds.get(opened[0]).status()).isEqualTo(BuildStatus.FAILED);
		assertThat(node.count("select count(*) from tag where build_strate = ?", opened[0])).isZero();
	}

	@Test
	void aSealIsRefusedInATransactionThatKeepsToAnOlderSnapshot() {
		TransactionTemplate snapshot = new TransactionTemplate(
				Objects.requireNonNull(node.transaction.getTransactionManager()));
		snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

		try (Build build = node.builds.open("catalog", "snapshot")) {
			assertThatIllegalStateException().isThrownBy(() -> snapshot.executeWithoutResult((status) -> {
				build.run(() -> save("snapshot"));
				build.seal();
			})).withMessageContaining("repeatable read").withMessageContaining("READ COMMITTED");
		}
	}

	@Test
	void aBuildThatIsClosedInAFailedTransactionHasFailedAndNoLongerBeats() {
		UUID[] opened = new UUID[1];

		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> node.transaction.executeWithoutResult((status) -> {
				try (Build build = node.builds.open("catalog", "aborted")) {
					opened[0] = build.buildStrate();
					build.run(() -> save("aborted"));
					node.jdbc.sql("select * from no_such_table").query().listOfRows();
				}
			}));

		assertThat(node.builds.get(opened[0]).status()).isEqualTo(BuildStatus.FAILED);
	}

	@Test
	void aBulkUpdateOfTheLiveBuildIsRefusedAlsoInATransactionThatWritesToAnother() {
		live("bulk");

		assertThatExceptionOfType(UnpinnedStatementException.class)
			.isThrownBy(() -> node.transaction.executeWithoutResult((status) -> {
				try (Build build = node.builds.open("catalog", "bulk")) {
					build.run(() -> save("bulk"));
					node.queries.pinned("catalog", "bulk",
							() -> node.entityManager()
								.createQuery("update Catalog c set c.products = 7")
								.executeUpdate());
				}
			}))
			.withMessageContaining("outside an open build");

		assertThat(node.count("select count(*) from catalog where products = 7")).isZero();
	}

	@Test
	void aBulkUpdateInsideAnOpenBuildChangesThatBuildOnly() {
		live("own");

		node.transaction.executeWithoutResult((status) -> {
			try (Build build = node.builds.open("catalog", "own")) {
				build.run(() -> node.entityManager().persist(new Catalog(1, "own", 1)));
				build
					.run(() -> node.entityManager().createQuery("update Catalog c set c.products = 9").executeUpdate());
				build.seal();
			}
		});

		assertThat(node.count("select count(*) from catalog where products = 9")).isEqualTo(1);
	}

	private static void live(String shop) {
		try (Build build = node.builds.open("catalog", shop)) {
			build.writer().write(new Catalog(1, shop, 1));
			node.releases.release(build.seal().buildStrate());
		}
	}

	private static void save(String shop) {
		Catalog catalog = new Catalog(1, shop, 1);
		node.entityManager().persist(catalog);
		node.entityManager().persist(new Tag("saved"));
	}

}
