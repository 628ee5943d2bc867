package io.strates.boot.autoconfigure;

import java.util.concurrent.CancellationException;

import io.strates.gc.GarbageCollector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.support.CronTrigger;

/** Collects garbage when the schedule says so, with a thread of its own. */
final class CollectionSchedule implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(CollectionSchedule.class);

	private static final int CLOSING_SECONDS = 10;

	private final GarbageCollector collector;

	private final StratesProperties.Gc properties;

	private @Nullable ThreadPoolTaskScheduler scheduler;

	CollectionSchedule(GarbageCollector collector, StratesProperties.Gc properties) {
		this.collector = collector;
		this.properties = properties;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the task reports its own failure
	public synchronized void start() {
		if (this.scheduler != null || !this.properties.isScheduled()) {
			return;
		}
		ThreadPoolTaskScheduler created = new ThreadPoolTaskScheduler();
		created.setThreadNamePrefix("strates-gc-");
		created.setDaemon(true);
		created.setAwaitTerminationSeconds(CLOSING_SECONDS);
		created.initialize();
		created.schedule(this::collect, new CronTrigger(this.properties.schedule()));
		this.scheduler = created;
	}

	private void collect() {
		try {
			this.collector.collect();
		}
		catch (CancellationException ex) {
			logger.debug("Garbage collection was ended; the next run takes it up");
		}
		catch (RuntimeException ex) {
			logger.warn("Garbage collection failed; the next run takes it up", ex);
		}
	}

	@Override
	public synchronized void stop() {
		if (this.scheduler != null) {
			this.scheduler.shutdown();
			this.scheduler = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.scheduler != null;
	}

}
