package io.strates.boot.actuate;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.strates.build.BuildInfo;
import io.strates.cache.ChannelStatistics;
import io.strates.cache.Tiers;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionReport;
import io.strates.release.ReleaseChannel;
import io.strates.release.ReleaseWatcher;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of Strates: {@code DOWN} while the metadata cannot be read,
 * {@code OUT_OF_SERVICE} while this node does not learn of releases. Garbage that could
 * not be collected, announcements that do not arrive, and a second tier that is away show
 * in the details only: they cost space and time, nothing else, and a node that is taken
 * out of service for them would leave its load to others that fare no better.
 *
 * @since 0.1.0
 */
public class StratesHealthIndicator extends AbstractHealthIndicator implements CollectionListener {

	private static final int MISSED_POLLS = 10;

	private static final Duration AT_LEAST = Duration.ofSeconds(30);

	private final LongSupplier pointers;

	private final ReleaseWatcher watcher;

	private final @Nullable ReleaseChannel channel;

	private final Duration pollInterval;

	private final Tiers tiers;

	private final InstantSource clock;

	private final Duration late;

	private final AtomicInteger failedSinceCompletion = new AtomicInteger();

	private volatile String collection = "not run on this node";

	/**
	 * Creates the indicator.
	 * @param pointers counts the release pointers in the database
	 * @param watcher looks for releases of other nodes
	 * @param channel announces releases between nodes, or {@code null} if nothing does
	 * @param pollInterval how often it should look
	 * @param tiers tell whether the second tier answers
	 * @param clock tells the time
	 */
	public StratesHealthIndicator(LongSupplier pointers, ReleaseWatcher watcher, @Nullable ReleaseChannel channel,
			Duration pollInterval, Tiers tiers, InstantSource clock) {
		super("The metadata of Strates cannot be read");
		this.pointers = pointers;
		this.watcher = watcher;
		this.channel = channel;
		this.pollInterval = pollInterval;
		this.tiers = tiers;
		this.clock = clock;
		Duration polls = pollInterval.multipliedBy(MISSED_POLLS);
		this.late = (polls.compareTo(AT_LEAST) > 0) ? polls : AT_LEAST;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("garbageCollection", this.collection).withDetail("announcements", announcements());
		ChannelStatistics coherence = this.tiers.channel();
		builder.withDetail("l2", l2(coherence)).withDetail("channel", channel(coherence));
		builder.withDetail("released", this.pointers.getAsLong());
		Duration sinceLook = this.watcher.sinceLastLook();
		if (sinceLook == null) {
			builder.outOfService().withDetail("watcher", "not started");
			return;
		}
		builder.status((sinceLook.compareTo(this.late) > 0) ? Status.OUT_OF_SERVICE : Status.UP)
			.withDetail("lastLook", this.clock.instant().minus(sinceLook).truncatedTo(ChronoUnit.MILLIS).toString());
	}

	private String l2(ChannelStatistics coherence) {
		if (isAlone(coherence)) {
			return "off";
		}
		if (!this.tiers.answering()) {
			return "does not answer; values are read from the database";
		}
		int debts = this.tiers.debts();
		return (debts > 0) ? "answers, and is yet to be told of " + debts + " keys that were written while it was away"
				: "answers";
	}

	private static String channel(ChannelStatistics coherence) {
		if (isAlone(coherence)) {
			return coherence.trusted() ? "off; this is the only node"
					: "off; values that change are relied on in memory for a second";
		}
		return coherence.trusted() ? "heard" : "not heard; values that change are relied on in memory for a second";
	}

	private static boolean isAlone(ChannelStatistics coherence) {
		return coherence.breaker().equals("none");
	}

	private String announcements() {
		if (this.channel == null) {
			return "off; releases of other nodes are found by polling every " + this.pollInterval.toMillis() + " ms";
		}
		return this.channel.isListening() ? "received"
				: "not received; releases of other nodes are found by polling every " + this.pollInterval.toMillis()
						+ " ms";
	}

	@Override
	public void failed(BuildInfo build, Throwable cause) {
		this.failedSinceCompletion.incrementAndGet();
	}

	@Override
	public void completed(CollectionReport report) {
		int failed = this.failedSinceCompletion.getAndSet(0);
		this.collection = report.removedBuilds() + " builds removed"
				+ ((failed > 0) ? ", " + failed + " could not be" : "");
	}

}
