package io.strates.build;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the builds that this node writes that their writers live, and gives up those
 * that the program has lost.
 */
final class Heartbeat implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Heartbeat.class);

	private static final String FORGOTTEN = "forgotten: neither sealed nor closed, and nothing refers to it any more";

	private final DefaultBuildService.Parts parts;

	private final OpenBuilds open;

	private final ScheduledExecutorService schedule;

	@SuppressWarnings("FutureReturnValueIgnored") // a beat reports its own failure
	Heartbeat(DefaultBuildService.Parts parts, OpenBuilds open) {
		this.parts = parts;
		this.open = open;
		this.schedule = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "strates-heartbeat");
			thread.setDaemon(true);
			return thread;
		});
		long period = parts.settings().heartbeat().toMillis();
		this.schedule.scheduleWithFixedDelay(this::beatAll, period, period, TimeUnit.MILLISECONDS);
	}

	private void beatAll() {
		for (OpenBuilds.Entry entry : this.open.entries()) {
			try {
				beat(entry);
			}
			// An uncaught one would end the schedule.
			catch (RuntimeException | Error ex) {
				logger.warn("Heartbeat of {} failed; the next one may succeed: {}", entry.opened().describe(),
						ex.toString());
			}
		}
	}

	private void beat(OpenBuilds.Entry entry) {
		if (entry.writer() == null) {
			giveUp(entry.opened());
		}
		else {
			this.parts.newTransaction()
				.executeWithoutResult((transaction) -> this.parts.table().beat(entry.opened().buildStrate()));
		}
	}

	/**
	 * Fails a build that the program has lost. Does not wait for whoever has locked it,
	 * since other builds wait for their heartbeat, but tries again with the next one.
	 * What somebody else has ended before is not told of again.
	 */
	private void giveUp(BuildInfo lost) {
		Ending ending = this.parts.newTransaction().execute((transaction) -> {
			BuildInfo locked = this.parts.table().tryLock(lost.buildStrate());
			return (locked != null) ? new Ending(locked.status(), this.parts.table().fail(locked, FORGOTTEN)) : null;
		});
		if (ending == null || !this.open.remove(lost.buildStrate()) || ending.before() != BuildStatus.BUILDING) {
			return;
		}
		logger.warn("{} was {}; it has failed. Open builds in try-with-resources", lost.describe(), FORGOTTEN);
		this.parts.listeners().tell((listener) -> listener.failed(ending.build()));
	}

	/**
	 * How a lost build has ended.
	 *
	 * @param before its status until now
	 * @param build the build as it is
	 */
	private record Ending(BuildStatus before, BuildInfo build) {
	}

	@Override
	public void close() {
		this.schedule.shutdownNow();
	}

}
