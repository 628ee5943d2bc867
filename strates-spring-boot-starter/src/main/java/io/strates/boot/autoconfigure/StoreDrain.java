package io.strates.boot.autoconfigure;

import io.strates.store.FlushFailedException;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Brings queued writes into the database when the application stops: after the web server
 * has ended the last request and executors their last task, and before connections to
 * Redis go. Then the stores close; where the application is only halted, they do not.
 */
final class StoreDrain implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {

	/** Web servers stop before executors, and those in the phase above this one. */
	static final int PHASE = Integer.MAX_VALUE / 2 - 1024;

	private static final Logger logger = LoggerFactory.getLogger(StoreDrain.class);

	private final TieredStores stores;

	private volatile boolean running;

	private volatile boolean closing;

	private @Nullable ApplicationContext context;

	StoreDrain(TieredStores stores) {
		this.stores = stores;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	/** A child, such as that of the management server, may close earlier. */
	@Override
	@SuppressWarnings("ReferenceEquality") // the very context is meant
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.closing = true;
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		if (this.closing) {
			this.stores.close();
		}
		else {
			this.stores.all().forEach(StoreDrain::flush);
		}
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
