package io.strates;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.strates.build.BranchesFailedException;
import io.strates.build.Build;
import io.strates.build.BuildStatus;
import io.strates.dev.DevPostgres;
import io.strates.query.PinRequest;
import io.strates.release.Release;
import io.strates.shop.Catalog;
import io.strates.shop.PriceRule;
import io.strates.shop.Product;
import io.strates.shop.ShopStates;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a unit of work sees while others build, fail and release around it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnitOfWorkIntegrationTests {

	private static TestNode node;

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase()).build();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@Test
	void aBuildThatFailsIsSeenByNobodyAndLeavesTheLiveReleaseAsItIs() {
		Release live = ShopStates.released(node, "failing", 3);
		List<Long> seen = new ArrayList<>();
		UUID failed;
		try (Build build = node.builds.open("catalog", "failing")) {
			failed = build.buildStrate();
			assertThatExceptionOfType(BranchesFailedException.class)
				.isThrownBy(() -> build.branches().branch("feed", (writer) -> {
					ShopStates.write(writer, "failing", 60);
					writer.flush();
					seen.add(CompletableFuture.supplyAsync(() -> products("failing")).get());
					throw new IOException("feed is broken");
				}).run());
		}
		seen.add(products("failing"));

		assertThat(seen).containsExactly(3L, 3L);
		assertThat(node.builds.get(failed).status()).isEqualTo(BuildStatus.FAILED);
		assertThat(node.builds.get(failed).failure()).isEqualTo("IOException: feed is broken");
		assertThat(node.releases.current("catalog", "failing")).contains(live);
		assertThat(node.count("select count(*) from product where build_strate = ?", failed)).isPositive();
	}

	@Test
	void childrenThatAreReadAfterAReleaseAreOfTheBuildOfTheirRoot() {
		ShopStates.released(node, "children", 3);

		List<Integer> read = node.queries.pinned("catalog", "children", () -> node.inTransaction(() -> {
			Catalog root = entityManager().createQuery("from Catalog", Catalog.class).getSingleResult();
			releaseElsewhere("children", 5);
			List<Product> queried = entityManager().createQuery("from Product", Product.class).getResultList();
			int tags = root.getItems().stream().mapToInt((product) -> product.getTags().size()).sum();
			return List.of(root.getProducts(), root.getItems().size(), queried.size(), tags);
		}));

		assertThat(read).containsExactly(3, 3, 3, 3);
		assertThat(products("children")).isEqualTo(5);
	}

	@Test
	void scopesThatArePinnedAtOnceStayTogetherWhileBothAreReleased() {
		ShopStates.released(node, "both", 1);
		releasedRules("both", 1);
		List<PinRequest> both = List.of(PinRequest.released("catalog", "both"), PinRequest.released("pricing", "both"));

		List<Long> read = node.queries.pinned(both, () -> {
			long products = node.products.count();
			ShopStates.released(node, "both", 2);
			releasedRules("both", 2);
			return List.of(products, rules(), node.products.count());
		});

		assertThat(read).containsExactly(1L, 1L, 1L);
		assertThat(node.queries.pinned(both, () -> List.of(node.products.count(), rules()))).containsExactly(2L, 2L);
	}

	private static EntityManager entityManager() {
		return node.entityManager();
	}

	private static long products(String shop) {
		return node.queries.pinned("catalog", shop, () -> node.products.count());
	}

	private static long rules() {
		return entityManager().createQuery("select count(r) from PriceRule r", Long.class).getSingleResult();
	}

	/** As another node does, outside the transaction of this thread. */
	private static void releaseElsewhere(String shop, int products) {
		CompletableFuture.runAsync(() -> ShopStates.released(node, shop, products)).join();
	}

	private static void releasedRules(String shop, int rules) {
		try (Build build = node.builds.open("pricing", shop)) {
			for (int id = 1; id <= rules; id++) {
				build.writer().write(new PriceRule(id, "rule " + id, 1L));
			}
			build.seal();
			node.releases.release(build.buildStrate());
		}
	}

}
