package io.strates.benchmarks;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a read of a value that is in memory costs, beside Caffeine alone. No test: it
 * prints times, and ratios of times of one run.
 */
class ReleasedReadsMeasurement {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void readsBesideCaffeine(int threads) throws RunnerException {
		Collection<RunResult> results = new Runner(new OptionsBuilder().include(ReleasedReads.class.getName())
			.threads(threads)
			.addProfiler(GCProfiler.class)
			.resultFormat(ResultFormatType.JSON)
			.result("target/released-reads-" + threads + ".json")
			.build()).run();

		Map<String, Double> times = new TreeMap<>();
		Map<String, Double> bytes = new TreeMap<>();
		for (RunResult result : results) {
			String name = result.getPrimaryResult().getLabel();
			times.put(name, result.getPrimaryResult().getScore());
			bytes.put(name, result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
		}
		assertThat(times).containsOnlyKeys("cache", "caffeine", "entity", "pin", "pinnedRead", "releasedRead");
		times.forEach((name, time) -> System.out.printf("%d threads  %-12s %7.1f ns  %4.2f of Caffeine  %6.1f bytes%n",
				threads, name, time, time / times.get("caffeine"), bytes.get(name)));
	}

}
