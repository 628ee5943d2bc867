package io.strates.cache.spring;

import java.sql.Connection;
import java.util.Map;
import java.util.Objects;

import io.strates.cache.SharedMemory;
import io.strates.cache.spring.Library.Book;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Cached methods inside transactions, on two nodes. */
class TransactionTests {

	private final SharedMemory memory = new SharedMemory();

	private final Map<String, String> database = Library.database();

	private final Node here = new Node(this.memory.node(), this.database, (manager) -> manager);

	private final Node there = new Node(this.memory.node(), this.database, (manager) -> manager);

	private final PlatformTransactionManager transactions = new DataSourceTransactionManager(
			new DriverManagerDataSource("jdbc:h2:mem:transactions"));

	private final TransactionTemplate transaction = new TransactionTemplate(this.transactions);

	@AfterEach
	void close() {
		this.here.close();
		this.there.close();
	}

	@Test
	void whatOthersReadBetweenEvictAndCommitIsNotKept() {
		this.database.put("1", "old");
		this.there.library().find("1");

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().forget("1");
			assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "old"));
			this.database.put("1", "new");
		});

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void fencesStandWhenTheTransactionCommits() {
		this.database.put("1", "old");

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().forget("1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCommit() {
					TransactionTests.this.there.library().find("1");
					TransactionTests.this.database.put("1", "new");
				}
			});
		});

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void transactionDoesNotSeeWhatItHasEvicted() {
		this.database.put("1", "old");
		this.here.library().find("1");

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().change("1", "new");
			assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		});
	}

	@Test
	void whatIsPutIsNotThereBeforeTheCommit() {
		this.transaction.executeWithoutResult((status) -> {
			this.here.library().rename("1", "new");
			assertThat(cache(this.there).get("1")).isNull();
		});

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
	}

	@Test
	void whatIsPutIsThereAfterTheCommit() {
		this.transaction.executeWithoutResult((status) -> this.here.library().rename("1", "new"));

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().calls() + this.there.library().calls()).isZero();
	}

	@Test
	void lastOfTwoPutsIsThereAfterTheCommit() {
		this.transaction.executeWithoutResult((status) -> {
			this.here.library().rename("1", "first");
			this.here.library().rename("1", "second");
			this.here.library().rename("2", "second");
			this.here.library().forget("2");
		});

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "second"));
		assertThat(this.there.library().calls()).isZero();
		assertThat(cache(this.there).get("2")).isNull();
	}

	@Test
	void nothingOfATransactionThatIsRolledBackIsKept() {
		this.transaction.executeWithoutResult((status) -> {
			this.here.library().rename("1", "never");
			this.database.put("2", "never");
			this.here.library().find("2");
			this.here.library().findOnce("2");
			status.setRollbackOnly();
		});
		this.database.put("1", "one");
		this.database.put("2", "two");

		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "one"));
		assertThat(this.here.library().find("2")).isEqualTo(new Book("2", "two"));
		assertThat(this.there.library().find("2")).isEqualTo(new Book("2", "two"));
	}

	@Test
	void nothingOfASavepointThatIsRolledBackIsKept() {
		this.transaction.executeWithoutResult((status) -> {
			Object savepoint = status.createSavepoint();
			this.here.library().rename("1", "never");
			this.database.put("2", "never");
			this.here.library().find("2");
			status.rollbackToSavepoint(savepoint);
		});
		this.database.put("1", "one");
		this.database.put("2", "two");

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "one"));
		assertThat(this.there.library().find("2")).isEqualTo(new Book("2", "two"));
	}

	@Test
	void answerInsideATransactionIsKeptAfterItsCommit() {
		this.database.put("1", "one");

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().find("1");
			assertThat(cache(this.there).get("1")).isNull();
		});

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "one"));
		assertThat(this.there.library().calls()).isZero();
	}

	@Test
	void answerInsideAReadOnlyTransactionIsKeptAtOnce() {
		this.database.put("1", "one");
		this.transaction.setReadOnly(true);

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().find("1");
			assertThat(cache(this.there).get("1")).isNotNull();
		});
	}

	@Test
	void answerInsideATransactionThatMaySeeAnOldStateIsNotKept() {
		this.database.put("1", "old");
		this.database.put("2", "old");
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().find("1");
			this.here.library().findOnce("2");
		});

		assertThat(cache(this.here).get("1")).isNull();
		assertThat(cache(this.there).get("2")).isNull();
	}

	@Test
	void isolationOfTransactionsThatDoNotSayIsDeclared() {
		try (Node node = new Node(this.memory.node(), this.database,
				(manager) -> manager.defaultIsolation(Connection.TRANSACTION_REPEATABLE_READ))) {
			this.database.put("1", "old");

			this.transaction.executeWithoutResult((status) -> node.library().find("1"));

			assertThat(cache(node).get("1")).isNull();
		}
	}

	@Test
	void clearedCacheIsEmptyForTheTransactionAndAfterItsCommitForAll() {
		this.database.put("1", "old");
		this.there.library().find("1");

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().rename("2", "never");
			this.database.remove("2");
			this.here.library().forgetAll();
			this.database.put("1", "new");
			assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
			assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "old"));
		});

		assertThat(this.there.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().find("1")).isEqualTo(new Book("1", "new"));
		assertThat(this.here.library().find("2")).isNull();
	}

	@Test
	void clearedCacheIsAsBeforeAfterARollback() {
		this.database.put("1", "old");
		this.there.library().find("1");

		this.transaction.executeWithoutResult((status) -> {
			this.here.library().forgetAll();
			status.setRollbackOnly();
		});

		this.there.library().find("1");
		assertThat(this.there.library().calls()).isEqualTo(1);
	}

	@Test
	void innerTransactionHasItsOwnOutcome() {
		TransactionTemplate inner = new TransactionTemplate(this.transactions);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

		this.transaction.executeWithoutResult((outer) -> {
			this.here.library().rename("1", "never");
			inner.executeWithoutResult((status) -> this.here.library().rename("2", "two"));
			assertThat(this.there.library().find("2")).isEqualTo(new Book("2", "two"));
			assertThat(this.there.library().calls()).isZero();
			outer.setRollbackOnly();
		});

		assertThat(cache(this.there).get("1")).isNull();
	}

	private static Cache cache(Node node) {
		return Objects.requireNonNull(node.manager().getCache("books"));
	}

}
