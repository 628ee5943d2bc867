package io.strates.store;

import java.time.Duration;
import java.time.Instant;

/** Time that passes only when a test says so, or somebody waits. */
final class TestPace implements Pace {

	private Instant now = Instant.parse("2030-01-01T12:00:00Z");

	private Runnable whileWaiting = () -> {
	};

	@Override
	public synchronized Instant now() {
		return this.now;
	}

	@Override
	public double chance() {
		return 0.5;
	}

	@Override
	public void pause(Duration time) {
		pass(time);
		this.whileWaiting.run();
	}

	synchronized void pass(Duration time) {
		this.now = this.now.plus(time);
	}

	void whileWaiting(Runnable event) {
		this.whileWaiting = event;
	}

}
