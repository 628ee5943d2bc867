package io.strates.boot.autoconfigure;

import io.strates.release.ReleaseWatcher;

import org.springframework.context.SmartLifecycle;

/**
 * Starts the watcher when all beans are there, before a web server takes requests. It is
 * closed as a bean, after those that use it: a context that is merely paused goes on
 * watching.
 */
final class ReleaseWatch implements SmartLifecycle {

	private final ReleaseWatcher watcher;

	private volatile boolean started;

	ReleaseWatch(ReleaseWatcher watcher) {
		this.watcher = watcher;
	}

	@Override
	public void start() {
		if (!this.started) {
			this.watcher.start();
			this.started = true;
		}
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return this.started;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE / 2;
	}

}
