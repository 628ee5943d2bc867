package io.strates.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes something when the application closes: after web servers have ended the last
 * request and executors their last task, and before connections to Redis go, which beans
 * outlive otherwise. Where the application is only halted, it is not closed.
 */
final class EarlyClose implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware {

	/** Web servers stop before executors, and those in the phase above these. */
	static final int STORES = Integer.MAX_VALUE / 2 - 1024;

	/** Connections to Redis stop in phase 0. */
	static final int TIERS = 1024;

	private final int phase;

	private final Runnable close;

	private final Runnable halt;

	private volatile boolean running;

	private volatile boolean closing;

	private @Nullable ApplicationContext context;

	EarlyClose(int phase, Runnable close, Runnable halt) {
		this.phase = phase;
		this.close = close;
		this.halt = halt;
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
		(this.closing ? this.close : this.halt).run();
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
		return this.phase;
	}

}
