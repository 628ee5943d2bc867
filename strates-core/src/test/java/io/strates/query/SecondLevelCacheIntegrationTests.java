package io.strates.query;

import io.strates.TestNode;
import io.strates.dev.DevPostgres;
import io.strates.entity.NotPinnedException;
import io.strates.entity.hibernate.MapRegionFactory;
import io.strates.shop.Product;
import io.strates.shop.TwoBuilds;
import org.hibernate.SessionFactory;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Hibernate's cache of entities, whose keys hold the build.
 */
class SecondLevelCacheIntegrationTests {

	private static TestNode node;

	private static TwoBuilds two;

	private static Statistics statistics;

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase())
			.property("hibernate.cache.use_second_level_cache", true)
			.property("hibernate.cache.region.factory_class", MapRegionFactory.class.getName())
			.property("hibernate.generate_statistics", true)
			.property("jakarta.persistence.sharedCache.mode", "ALL")
			.build();
		two = new TwoBuilds(node);
		statistics = node.entityManagerFactory.unwrap(SessionFactory.class).getStatistics();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@BeforeEach
	void readBothOnce() {
		read(two.x);
		read(two.y);
		statistics.clear();
	}

	private static String read(TwoBuilds.State state) {
		return node.queries.pinned(state.request(), () -> node.inTransaction(() -> {
			Product product = node.products.findById(2L).orElseThrow();
			return product.getName() + product.getSuccessor().getName() + product.getCatalog().getProducts();
		}));
	}

	@Test
	void cachedEntitiesAreThoseOfThePinnedBuild() {
		assertThat(read(two.x)).isEqualTo("X2X13");
		assertThat(read(two.y)).isEqualTo("Y2Y14");
		assertThat(statistics.getSecondLevelCacheHitCount()).isEqualTo(6);
		assertThat(statistics.getSecondLevelCacheMissCount()).isZero();
	}

	@Test
	void cachedEntitiesNeedAPinToo() {
		assertThatThrownBy(() -> node.products.findById(2L)).isInstanceOf(NotPinnedException.class);
	}

}
