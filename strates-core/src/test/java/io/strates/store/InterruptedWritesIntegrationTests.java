package io.strates.store;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

import io.strates.cache.CoherentTier;
import io.strates.cache.SharedMemory;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Writes whose thread is interrupted while the second tier has yet to hear of them.
 */
class InterruptedWritesIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final SharedMemory memory = new SharedMemory();

	private final CompletableFuture<Void> heard = new CompletableFuture<>();

	private volatile boolean late;

	private StoreNode a;

	private StoreNode b;

	private TieredStore<Gadget, String> gadgets;

	private TieredStore<Gadget, String> others;

	@BeforeEach
	void start() {
		DevDatabase database = DevPostgres.newDatabase();
		this.a = StoreNode.on(database).entities(Gadget.class).tier(late(this.memory.newNode())).build();
		this.b = StoreNode.on(database).entities(Gadget.class).tier(this.memory.newNode()).build();
		this.a.stores.add(Gadget.class);
		this.b.stores.add(Gadget.class);
		this.gadgets = this.a.stores.store(Gadget.class, String.class);
		this.others = this.b.stores.store(Gadget.class, String.class);
	}

	@AfterEach
	void stop() {
		this.heard.complete(null);
		this.a.close();
		this.b.close();
	}

	/** Hears late of writes and of what is invalidated, and interrupts who tells it. */
	@SuppressWarnings("unchecked")
	private CoherentTier late(CoherentTier tier) {
		return (CoherentTier) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { CoherentTier.class },
				(proxy, method, arguments) -> {
					if (!this.late) {
						return method.invoke(tier, arguments);
					}
					return switch (method.getName()) {
						case "begin" -> {
							Thread.currentThread().interrupt();
							yield this.heard.thenCompose(
									(nothing) -> tier.begin((String) arguments[0], (Collection<String>) arguments[1]));
						}
						case "invalidate" -> {
							Thread.currentThread().interrupt();
							yield this.heard
								.thenCompose((nothing) -> tier.invalidate((Collection<String>) arguments[0]));
						}
						default -> method.invoke(tier, arguments);
					};
				});
	}

	/** Does something, until it is done or waits. */
	private Thread doing(Runnable work, CompletableFuture<Boolean> interrupted) {
		Thread thread = new Thread(() -> {
			work.run();
			interrupted.complete(Thread.currentThread().isInterrupted());
		});
		this.late = true;
		thread.start();
		await().atMost(PATIENCE)
			.until(() -> thread.getState() == Thread.State.TERMINATED || thread.getState() == Thread.State.WAITING
					|| thread.getState() == Thread.State.TIMED_WAITING);
		return thread;
	}

	private String stored() {
		return this.b.jdbc.sql("select name from gadget where id = 'g'").query(String.class).single();
	}

	@Test
	void otherNodeDoesNotReadTheOldValueOnceTheNewOneIsThere() throws Exception {
		this.gadgets.put(new Gadget("g", "v1"));
		assertThat(this.others.get("g").name).isEqualTo("v1");
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

		Thread writer = doing(() -> this.gadgets.put(new Gadget("g", "v2")), interrupted);

		assertThat(this.others.get("g").name).isEqualTo(stored());
		this.heard.complete(null);
		writer.join();
		assertThat(interrupted.get()).isTrue();
		assertThat(stored()).isEqualTo("v2");
		assertThat(this.others.get("g").name).isEqualTo("v2");
		assertThat(this.gadgets.get("g").name).isEqualTo("v2");
	}

	@Test
	void otherNodeDoesNotReadWhatWasInvalidatedOnceThatIsSaid() throws Exception {
		this.gadgets.put(new Gadget("g", "v1"));
		assertThat(this.others.get("g").name).isEqualTo("v1");
		this.b.jdbc.sql("update gadget set name = 'v2'").update();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

		Thread invalidating = doing(() -> this.gadgets.invalidate("g"), interrupted);

		assertThat(this.others.get("g").name).isEqualTo(invalidating.isAlive() ? "v1" : "v2");
		this.heard.complete(null);
		invalidating.join();
		assertThat(interrupted.get()).isTrue();
		assertThat(this.others.get("g").name).isEqualTo("v2");
	}

}
