package io.strates.boot.autoconfigure;

import io.strates.store.FlushFailedException;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Brings queued writes into the database when the application stops: after the web server
 * has ended the last request, and before connections to Redis go.
 */
final class StoreDrain implements SmartLifecycle {

	/** Later than the web server, which stops in two phases above this one. */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private static final Logger logger = LoggerFactory.getLogger(StoreDrain.class);

	private final TieredStores stores;

	private volatile boolean running;

	StoreDrain(TieredStores stores) {
		this.stores = stores;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.stores.all().forEach(StoreDrain::flush);
	}

	private static void flush(TieredStore<?, ?> store) {
		try {
			store.flush();
		}
		catch (FlushFailedException ex) {
			logger.warn("Not all queued writes of store '{}' are in the database; a durable journal keeps them for"
					+ " other nodes and the next start: {}", store.name(), ex.getMessage());
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
