package io.strates.sample.importing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.strates.build.BuildProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ProgressReportTests {

	private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

	@Test
	void barFillsWithTheRows() {
		ProgressReport report = report();
		report.expected(1_000, 4_000);

		report.progressed(new Progress(Map.of("DebianPackage", 900L, "Dependency", 2_100L), Duration.ofSeconds(2)));

		assertThat(this.terminal.toString(StandardCharsets.UTF_8))
			.isEqualTo("\r  main.gz [######################........]  75 %  900 of 1,000 packages, 3,000 rows, "
					+ "1,500 rows/s\u001b[K");
	}

	@Test
	void barIsDrawnNowAndThenOnly() {
		ProgressReport report = report();
		report.expected(1_000, 4_000);

		for (int i = 1; i <= 100; i++) {
			report.progressed(new Progress(Map.of("DebianPackage", (long) i), Duration.ofMillis(i)));
		}

		assertThat(this.terminal.toString(StandardCharsets.UTF_8)).containsOnlyOnce("\r");
	}

	@Test
	void barNeverOverflows() {
		ProgressReport report = report();
		report.expected(1, 1);

		report.progressed(new Progress(Map.of("DebianPackage", 50L), Duration.ofSeconds(1)));

		assertThat(this.terminal.toString(StandardCharsets.UTF_8)).contains("[##############################] 100 %");
	}

	@Test
	void logTellsWhereNobodyWatches(CapturedOutput output) {
		ProgressReport report = new ProgressReport("main.gz", null);
		report.expected(1_000, 4_000);

		report.progressed(new Progress(Map.of("DebianPackage", 10L), Duration.ofSeconds(1)));
		report.progressed(new Progress(Map.of("DebianPackage", 900L), Duration.ofSeconds(4)));

		assertThat(output).contains("Importing main.gz: 1,000 packages", "Importing main.gz: 900 of 1,000 packages")
			.doesNotContain("10 of 1,000");
	}

	private ProgressReport report() {
		return new ProgressReport("main.gz", new PrintStream(this.terminal, true, StandardCharsets.UTF_8));
	}

	private record Progress(Map<String, Long> rows, Duration elapsed) implements BuildProgress {

		@Override
		public UUID buildStrate() {
			return new UUID(0, 0);
		}

		@Override
		public String scope() {
			return "catalog";
		}

		@Override
		public String entity() {
			return "DebianPackage";
		}

		@Override
		public long chunk() {
			return 1;
		}

	}

}
