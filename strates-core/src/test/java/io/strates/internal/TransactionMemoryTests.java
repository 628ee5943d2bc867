package io.strates.internal;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TransactionMemory}.
 */
class TransactionMemoryTests {

	private final JdbcTransactionManager transactions = new JdbcTransactionManager(
			new DriverManagerDataSource("jdbc:h2:mem:memory"));

	private final TransactionMemory<List<String>> memory = new TransactionMemory<>(ArrayList::new);

	@Test
	void nothingIsRememberedOutsideATransaction() {
		assertThat(this.memory.open()).isNull();
		assertThat(this.memory.find()).isNull();
	}

	@Test
	void memoryEndsWithItsTransaction() {
		TransactionTemplate transaction = new TransactionTemplate(this.transactions);

		transaction.executeWithoutResult((status) -> {
			assertThat(this.memory.find()).isNull();
			remember("first");
			status.setRollbackOnly();
			assertThat(this.memory.find()).containsExactly("first");
		});

		transaction.executeWithoutResult((status) -> assertThat(this.memory.find()).isNull());
		assertThat(this.memory.find()).isNull();
	}

	@Test
	void innerTransactionHasAMemoryOfItsOwn() {
		TransactionTemplate transaction = new TransactionTemplate(this.transactions);
		transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

		transaction.executeWithoutResult((outer) -> {
			remember("outer");
			transaction.executeWithoutResult((inner) -> {
				assertThat(this.memory.find()).isNull();
				remember("inner");
			});
			assertThat(this.memory.find()).containsExactly("outer");
		});
	}

	private void remember(String what) {
		List<String> open = this.memory.open();
		assertThat(open).isNotNull();
		open.add(what);
	}

}
