package io.strates.sample.importing;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import io.strates.build.BuildInfo;
import io.strates.build.BuildProgress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows how an import goes: a bar where a terminal is attached, else a line in the log
 * now and then. Thread-safe.
 */
final class ProgressReport implements ImportProgress {

	private static final Logger log = LoggerFactory.getLogger(ProgressReport.class);

	private static final Duration BETWEEN_LINES = Duration.ofSeconds(3);

	private static final Duration BETWEEN_BARS = Duration.ofMillis(100);

	private static final int WIDTH = 30;

	private final String source;

	private final @Nullable PrintStream terminal;

	private int expectedPackages;

	private long expectedRows;

	private Duration last = Duration.ZERO;

	private boolean drawn;

	/**
	 * Creates a report.
	 * @param source what is imported
	 * @param terminal where to draw, or {@code null} if nobody watches
	 */
	ProgressReport(String source, @Nullable PrintStream terminal) {
		this.source = source;
		this.terminal = terminal;
	}

	@Override
	public synchronized void expected(int packages, long rows) {
		this.expectedPackages = packages;
		this.expectedRows = rows;
		if (this.terminal == null) {
			log.info("Importing {}: {} packages", this.source, number(packages));
		}
	}

	@Override
	public synchronized void progressed(BuildProgress progress) {
		Duration between = (this.terminal != null) ? BETWEEN_BARS : BETWEEN_LINES;
		if (progress.elapsed().minus(this.last).compareTo(between) < 0) {
			return;
		}
		this.last = progress.elapsed();
		String figures = "%s of %s packages, %s rows, %s rows/s".formatted(number(packages(progress.rows())),
				number(this.expectedPackages), number(progress.total()), number(Math.round(progress.rate())));
		if (this.terminal != null) {
			draw(progress.total(), figures);
		}
		else {
			log.info("Importing {}: {}", this.source, figures);
		}
	}

	@Override
	public synchronized void sealed(BuildInfo build) {
		if (this.drawn) {
			long rows = build.rowCounts().values().stream().mapToLong(Long::longValue).sum();
			draw(this.expectedRows,
					"%s packages, %s rows".formatted(number(packages(build.rowCounts())), number(rows)));
		}
		finishLine();
	}

	@Override
	public synchronized void failed(BuildInfo build) {
		finishLine();
	}

	private void draw(long done, String figures) {
		if (this.terminal != null) {
			double share = Math.min(1, (double) done / Math.max(1, this.expectedRows));
			int filled = (int) (WIDTH * share);
			String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
			this.terminal.printf(Locale.ROOT, "\r  %s [%s] %3d %%  %s\u001b[K", this.source, bar, (int) (100 * share),
					figures);
			this.terminal.flush();
			this.drawn = true;
		}
	}

	private void finishLine() {
		if (this.drawn && this.terminal != null) {
			this.terminal.println();
			this.drawn = false;
		}
	}

	private static long packages(Map<String, Long> rows) {
		return rows.getOrDefault("DebianPackage", 0L);
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

}
