package io.strates.store;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CoherentTier;
import io.strates.cache.CoherentTier.Ending;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stores of two nodes whose memory takes what was written when the second tier has
 * confirmed it, which it does late.
 */
class ConfirmedWritesIntegrationTests {

	private final SharedMemory memory = new SharedMemory();

	private final List<Runnable> confirmations = new ArrayList<>();

	private final List<StoreNode> nodes = new ArrayList<>();

	private final List<TieredStore<Gadget, String>> stores = new ArrayList<>();

	private Random random = new Random(0);

	@BeforeEach
	void start() {
		DevDatabase database = DevPostgres.newDatabase();
		for (int number = 0; number < 2; number++) {
			StoreNode node = StoreNode.on(database).entities(Gadget.class).tier(late(this.memory.newNode())).build();
			node.stores.add(Gadget.class, TieredSettings.of(Gadget.class).withWriteMode(WriteMode.L1_ASYNC));
			this.nodes.add(node);
			this.stores.add(node.stores.store(Gadget.class, String.class));
		}
	}

	@AfterEach
	void stop() {
		this.nodes.forEach(StoreNode::close);
	}

	@SuppressWarnings("unchecked")
	private CoherentTier late(CoherentTier tier) {
		return (CoherentTier) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { CoherentTier.class },
				(proxy, method, arguments) -> method.getName().equals("end")
						? confirmedLater(() -> tier.end((String) arguments[0], (Collection<Ending>) arguments[1]))
						: method.invoke(tier, arguments));
	}

	/** What is late is the work or only its answer. */
	private CompletableFuture<Set<String>> confirmedLater(Supplier<CompletableFuture<Set<String>>> work) {
		CompletableFuture<Set<String>> confirmed = new CompletableFuture<>();
		@Nullable CompletableFuture<Set<String>> done = this.random.nextBoolean() ? work.get() : null;
		this.confirmations.add(() -> confirmed.complete(((done != null) ? done : work.get()).join()));
		return confirmed;
	}

	private void confirm() {
		this.confirmations.remove(this.random.nextInt(this.confirmations.size())).run();
	}

	@Test
	void memoryTakesAWriteWhenItIsConfirmed() {
		TieredStore<Gadget, String> gadgets = this.stores.get(0);

		gadgets.put(new Gadget("g", "v1"));

		assertThat(gadgets.statistics().entities().size()).isZero();
		confirm();
		assertThat(gadgets.lookUp("g").origin()).isEqualTo(Origin.L1);
	}

	@Test
	void lateConfirmationDoesNotBringBackWhatWasOverwrittenOrDeleted() {
		for (int seed = 0; seed < 100; seed++) {
			this.random = new Random(seed);
			Map<String, String> expected = new HashMap<>();
			for (int step = 0; step < 15; step++) {
				String id = "g" + seed + "-" + this.random.nextInt(2);
				TieredStore<Gadget, String> store = this.stores.get(this.random.nextInt(2));
				int choice = this.random.nextInt(10);
				if (choice < 3) {
					store.put(new Gadget(id, "v" + step));
					expected.put(id, "v" + step);
				}
				else if (choice < 5) {
					store.delete(id);
					expected.remove(id);
				}
				else if (choice < 8 && !this.confirmations.isEmpty()) {
					confirm();
				}
				else {
					assertReads(store, id, expected, seed);
				}
			}
			while (!this.confirmations.isEmpty()) {
				confirm();
			}
			for (int number = 0; number < 2; number++) {
				String id = "g" + seed + "-" + number;
				assertReads(this.stores.get(0), id, expected, seed);
				assertReads(this.stores.get(1), id, expected, seed);
			}
		}
	}

	private static void assertReads(TieredStore<Gadget, String> store, String id, Map<String, String> expected,
			int seed) {
		assertThat(store.find(id).map(Gadget::getName).orElse(null)).as("%s with seed %s", id, seed)
			.isEqualTo(expected.get(id));
	}

}
