package io.strates.boot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.strates.build.BuildInfo;
import io.strates.build.BuildListener;
import io.strates.build.BuildProgress;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionProgress;
import io.strates.gc.CollectionReport;
import io.strates.query.Pin;
import io.strates.query.PinListener;
import io.strates.release.Release;
import io.strates.release.ReleaseListener;
import org.jspecify.annotations.Nullable;

/**
 * All meters of Strates. A scope id is never a tag: there may be any number of them.
 *
 * <p>
 * Builds, rows and pins are counted by the node that does the work; releases by every
 * node that is told of them.
 *
 * @since 0.1.0
 */
public final class StratesMetrics implements BuildListener, ReleaseListener, PinListener, CollectionListener {

	private static final String SCOPE = "scope";

	private final MeterRegistry registry;

	/**
	 * Creates the meters.
	 * @param registry where they are registered
	 */
	public StratesMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void progressed(BuildProgress progress) {
		Counter.builder("strates.build.rows")
			.description("Rows written to builds")
			.baseUnit("rows")
			.tags(SCOPE, progress.scope(), "entity", progress.entity())
			.register(this.registry)
			.increment((double) progress.chunk());
	}

	@Override
	public void sealed(BuildInfo build) {
		ended(build, "sealed", build.sealedAt());
	}

	@Override
	public void failed(BuildInfo build) {
		ended(build, "failed", build.endedAt());
	}

	private void ended(BuildInfo build, String outcome, @Nullable Instant end) {
		Counter.builder("strates.builds")
			.description("Builds that ended")
			.baseUnit("builds")
			.tags(SCOPE, build.scope(), "outcome", outcome)
			.register(this.registry)
			.increment();
		if (end != null) {
			Timer.builder("strates.build.duration")
				.description("Time from opening a build to its end")
				.tags(SCOPE, build.scope(), "outcome", outcome)
				.register(this.registry)
				.record(Duration.between(build.createdAt(), end));
		}
	}

	@Override
	public void released(Release release) {
		Counter.builder("strates.releases")
			.description("Moves of release pointers that this node was told of")
			.baseUnit("releases")
			.tags(SCOPE, release.scope(), "kind", release.kind().name().toLowerCase(Locale.ROOT))
			.register(this.registry)
			.increment();
	}

	@Override
	public void pinned(Pin pin) {
		Counter.builder("strates.pins")
			.description("Pins that were resolved")
			.baseUnit("pins")
			.tags(SCOPE, pin.scope())
			.register(this.registry)
			.increment();
	}

	@Override
	public void progressed(CollectionProgress progress) {
		Counter.builder("strates.gc.rows")
			.description("Rows that garbage collection removed")
			.baseUnit("rows")
			.tags(SCOPE, progress.scope())
			.register(this.registry)
			.increment((double) progress.batch());
	}

	@Override
	public void completed(CollectionReport report) {
		report.builds()
			.stream()
			.filter(CollectionReport.Entry::removed)
			.forEach((entry) -> Counter.builder("strates.gc.builds")
				.description("Builds that garbage collection removed")
				.baseUnit("builds")
				.tags(SCOPE, entry.scope())
				.register(this.registry)
				.increment());
		Timer.builder("strates.gc.duration")
			.description("Time that garbage collection took")
			.register(this.registry)
			.record(report.duration());
	}

}
