package io.strates.query;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.release.ReleaseInvariants;
import io.strates.release.RollbackTarget;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.ProductTag;
import io.strates.shop.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight readers on two nodes and a release every ten milliseconds: each unit of work sees
 * one build whole.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TornReadIntegrationTests {

	private static final int READERS = 8;

	private static final long SECONDS = 20;

	private static final int STATES = 5;

	private final AtomicLong units = new AtomicLong();

	private final AtomicLong releases = new AtomicLong();

	private final AtomicBoolean over = new AtomicBoolean();

	@Test
	void everyUnitOfWorkSeesOneBuildWhole() throws Exception {
		DevDatabase database = DevPostgres.newDatabase();
		ExecutorService threads = Executors.newCachedThreadPool();
		ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
		try (TestNode one = TestNode.builder(database).name("one").poolSize(8).build();
				TestNode two = TestNode.builder(database).name("two").poolSize(8).build()) {
			for (int state = 1; state <= STATES; state++) {
				one.releases.release(build(one, state));
			}
			Future<?> releasing = clock.scheduleAtFixedRate(
					() -> releaseNext((this.releases.get() % 2 == 0) ? one : two), 0, 10, TimeUnit.MILLISECONDS);
			List<Future<Map<UUID, Long>>> readers = new ArrayList<>();
			for (int reader = 0; reader < READERS; reader++) {
				TestNode node = (reader % 2 == 0) ? one : two;
				boolean lazily = reader % 4 < 2;
				readers.add(threads.submit(() -> read(node, lazily)));
			}
			Future<?> end = clock.schedule(() -> this.over.set(true), SECONDS, TimeUnit.SECONDS);

			Map<UUID, Long> seen = new HashMap<>();
			for (Future<Map<UUID, Long>> reader : readers) {
				reader.get().forEach((build, count) -> seen.merge(build, count, Long::sum));
			}
			assertThat(end).isDone();
			assertThat(releasing).as("a release that fails would end it").isNotDone();
			clock.shutdown();
			assertThat(clock.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

			System.out.println("Torn-read test: " + this.releases + " releases, " + this.units
					+ " units of work, 0 mismatches, seen " + seen.values());
			assertThat(seen).hasSize(STATES);
			assertThat(this.releases.get()).isGreaterThan(300);
			assertThat(this.units.get()).isGreaterThan(500);
			assertThat(one.releases.history("catalog", "torn")).hasSize(STATES + (int) this.releases.get());
			ReleaseInvariants.check(one);
		}
		finally {
			threads.shutdownNow();
			clock.shutdownNow();
		}
	}

	/** The root of a state holds the number of its products, which have equal prices. */
	private static UUID build(TestNode node, int state) {
		try (Build build = node.builds.open("catalog", "torn")) {
			int products = state * 7;
			Catalog catalog = new Catalog(1, "torn", products);
			build.writer().write(catalog);
			Tag tag = new Tag("tag");
			build.writer().write(tag);
			for (long id = 1; id <= products; id++) {
				Product product = new Product(id, "state " + state, products * 1000 + (int) id, catalog);
				product.getTags().add(new ProductTag(product, tag));
				build.writer().write(product);
			}
			return build.seal().buildStrate();
		}
	}

	/** Restores the states in turn, so that each release changes what is read. */
	private void releaseNext(TestNode node) {
		long state = this.releases.get() % STATES + 1;
		node.releases.rollBack("catalog", "torn", RollbackTarget.release(state), "flip");
		this.releases.incrementAndGet();
	}

	private Map<UUID, Long> read(TestNode node, boolean lazily) {
		Map<UUID, Long> seen = new HashMap<>();
		while (!this.over.get()) {
			UUID build = node.queries.pinned("catalog", "torn",
					() -> lazily ? node.inTransaction(() -> readLazily(node)) : readByQueries(node));
			seen.merge(build, 1L, Long::sum);
			this.units.incrementAndGet();
		}
		return seen;
	}

	/** One transaction: the root, then its collection, then the collections of that. */
	private static UUID readLazily(TestNode node) {
		Catalog catalog = node.entityManager.createQuery("from Catalog", Catalog.class).getSingleResult();
		assertThat(catalog.getItems()).hasSize(catalog.getProducts());
		long checksum = 0;
		for (Product product : catalog.getItems()) {
			assertThat(product.getBuildStrate()).isEqualTo(catalog.getBuildStrate());
			assertThat(product.getTags()).hasSize(1);
			checksum += product.getPrice();
		}
		assertThat(checksum).isEqualTo(checksum(catalog.getProducts()));
		return catalog.getBuildStrate();
	}

	/** Several transactions in one pin. */
	private static UUID readByQueries(TestNode node) {
		Catalog catalog = node.entityManager.createQuery("from Catalog", Catalog.class).getSingleResult();
		long products = node.products.count();
		long checksum = node.entityManager.createQuery("select sum(p.price) from Product p", Long.class)
			.getSingleResult();
		long tags = node.entityManager
			.createQuery("select count(t) from ProductTag t where t.product.catalog.shop = 'torn'", Long.class)
			.getSingleResult();
		Product last = node.products.findById((long) catalog.getProducts()).orElseThrow();

		assertThat(products).isEqualTo(catalog.getProducts());
		assertThat(tags).isEqualTo(catalog.getProducts());
		assertThat(checksum).isEqualTo(checksum(catalog.getProducts()));
		assertThat(last.getPrice()).isEqualTo(catalog.getProducts() * 1001);
		assertThat(node.products.findById(catalog.getProducts() + 1L)).isEmpty();
		return catalog.getBuildStrate();
	}

	private static long checksum(long products) {
		return products * products * 1000 + products * (products + 1) / 2;
	}

}
