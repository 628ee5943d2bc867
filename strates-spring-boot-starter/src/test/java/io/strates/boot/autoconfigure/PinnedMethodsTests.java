package io.strates.boot.autoconfigure;

import io.strates.boot.shop.ProductRepository;
import io.strates.boot.shop.Shops;
import io.strates.query.Pinned;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

class PinnedMethodsTests {

	@Test
	void pinOfAMethodIsTakenWhileItRuns() {
		Contexts.shop().withUserConfiguration(Services.class).run((context) -> {
			Shops.release(context, "berlin", 2, 10);
			Shops.release(context, "berlin", 3, 10);

			PlainService service = context.getBean(PlainService.class);

			assertThat(AopUtils.isCglibProxy(service)).isTrue();
			assertThat(service.count("berlin", null)).isEqualTo(3);
			assertThat(service.count("berlin", 1L)).isEqualTo(2);
		});
	}

	@Test
	void pinIsTakenOutsideTheTransactionOfTheMethod() {
		Contexts.shop().withUserConfiguration(Services.class).run((context) -> {
			Shops.release(context, "berlin", 2, 10);
			RecordingQueries queries = context.getBean(RecordingQueries.class);

			long count = context.getBean(TransactionalService.class).count("berlin");

			assertThat(count).isEqualTo(2);
			assertThat(queries.inTransaction).isFalse();
		});
	}

	@Test
	void pinOfAnInterfaceMethodIsTakenThroughAnInterfaceProxy() {
		Contexts.shop()
			.withUserConfiguration(Services.class)
			.withPropertyValues("spring.aop.proxy-target-class=false")
			.run((context) -> {
				Shops.release(context, "berlin", 2, 10);
				Contract contract = context.getBean(Contract.class);

				assertThat(AopUtils.isJdkDynamicProxy(contract)).isTrue();
				assertThat(contract.products("berlin")).isEqualTo(2);
			});
	}

	@Test
	void beanWithoutPinsIsNotProxied() {
		Contexts.shop()
			.withUserConfiguration(Services.class)
			.run((context) -> assertThat(AopUtils.isAopProxy(context.getBean(Unpinned.class))).isFalse());
	}

	@Configuration(proxyBeanMethods = false)
	static class Services {

		@Bean
		PlainService plain(ProductRepository products) {
			return new PlainService(products);
		}

		@Bean
		TransactionalService transactional(ProductRepository products) {
			return new TransactionalService(products);
		}

		@Bean
		ContractService contract(ProductRepository products) {
			return new ContractService(products);
		}

		@Bean
		Unpinned unpinned() {
			return new Unpinned();
		}

		@Bean
		RecordingQueries recordingQueries() {
			return new RecordingQueries();
		}

	}

	static class PlainService {

		private final ProductRepository products;

		PlainService(ProductRepository products) {
			this.products = products;
		}

		@Pinned(scope = "shop", scopeId = "#code", release = "#release")
		public long count(String code, Long release) {
			return this.products.count();
		}

	}

	static class TransactionalService {

		private final ProductRepository products;

		TransactionalService(ProductRepository products) {
			this.products = products;
		}

		@Transactional
		@Pinned(scope = "shop", scopeId = "#code")
		public long count(String code) {
			return this.products.count();
		}

	}

	interface Contract {

		@Pinned(scope = "shop", scopeId = "#code")
		long products(String code);

	}

	static class ContractService implements Contract {

		private final ProductRepository products;

		ContractService(ProductRepository products) {
			this.products = products;
		}

		@Override
		@Transactional
		public long products(String code) {
			return this.products.count();
		}

	}

	static class Unpinned {

	}

	/** Notes whether a pin was taken inside a transaction. */
	static class RecordingQueries implements io.strates.query.PinListener {

		private Boolean inTransaction;

		@Override
		public void pinned(io.strates.query.Pin pin) {
			this.inTransaction = TransactionSynchronizationManager.isActualTransactionActive();
		}

	}

}
