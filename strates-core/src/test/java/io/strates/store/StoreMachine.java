package io.strates.store;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.strates.RedisMonitor;
import io.strates.TcpProxy;
import io.strates.cache.redis.RedisCoherentTier;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevRedis;

import static org.awaitility.Awaitility.await;

/** A node with a store on a real Redis, to which it has a network of its own. */
final class StoreMachine implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final AtomicLong marks = new AtomicLong();

	final TcpProxy proxy;

	final StoreNode node;

	final TieredStore<Gadget, String> store;

	private final RedisClient client;

	private final RedisCoherentTier tier;

	StoreMachine(DevDatabase database, DevRedis redis, UnaryOperator<StoreNode.Options> options) {
		this.proxy = new TcpProxy(redis.host(), redis.port());
		this.client = RedisClient.create(RedisURI.create(this.proxy.host(), this.proxy.port()));
		this.tier = RedisCoherentTier.builder(this.client, "machines", CircuitBreaker.ofDefaults("l2"))
			.timeout(Duration.ofSeconds(10))
			.build();
		this.node = options.apply(StoreNode.on(database).entities(Gadget.class).tier(this.tier)).build();
		this.node.stores.add(Gadget.class);
		this.store = this.node.stores.store(Gadget.class, String.class);
		awaitTrust();
	}

	void awaitTrust() {
		await().atMost(PATIENCE)
			.until(() -> this.tier.answering() && this.tier.trusted()
					&& this.store.statistics().coherence().debts() == 0);
	}

	/** Cuts the network between this node and Redis. */
	void cutOff() {
		this.proxy.holdToServer(true);
		this.proxy.holdToClients(true);
		this.proxy.cut();
		await().atMost(PATIENCE).until(() -> !this.tier.answering() && !this.tier.trusted());
	}

	/** Mends the network. */
	void reconnect() {
		this.proxy.holdToServer(false);
		this.proxy.holdToClients(false);
	}

	/** Whether this node hears the others, and may ask Redis. */
	boolean connected() {
		return this.tier.answering() && this.tier.trusted();
	}

	boolean trusted() {
		return this.tier.trusted();
	}

	/**
	 * Returns what Redis was asked since the last call, and takes note that this node has
	 * no more to say of what it did before.
	 */
	RedisMonitor.Asked asked(RedisMonitor monitor) {
		String mark = "mark-" + marks.incrementAndGet() + "-";
		this.tier.fetch(List.of(mark));
		return monitor.until(mark);
	}

	@Override
	public void close() {
		this.node.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
		this.proxy.close();
	}

}
