package io.strates.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run measured, by name.
 *
 * @param times microseconds per operation
 * @param bytes what an operation allocates
 */
record Measured(Map<String, Double> times, Map<String, Double> bytes) {

	private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	/**
	 * Runs benchmarks, and writes their results to the target directory.
	 * @param benchmarks the class that holds them
	 * @param threads how many run each
	 * @param file the name of the results
	 * @param arguments arguments of the processes
	 */
	static Measured run(Class<?> benchmarks, int threads, String file, String... arguments) {
		OptionsBuilder options = new OptionsBuilder();
		options.include(benchmarks.getName() + "\\.").threads(threads);
		return run(options, file, arguments);
	}

	/**
	 * Runs one benchmark with several peers, and names the results by them.
	 * @param benchmarks the class that holds it
	 * @param benchmark its name
	 * @param servers what it needs
	 * @param file the name of the results
	 * @param peers the peers
	 */
	static Measured run(Class<?> benchmarks, String benchmark, Servers servers, String file, String... peers) {
		OptionsBuilder options = new OptionsBuilder();
		options.include(benchmarks.getName() + "\\." + benchmark + "$").param("peer", peers);
		return run(options, file, servers.arguments());
	}

	private static Measured run(OptionsBuilder options, String file, String... arguments) {
		// Not the arguments of this process, which is prepared for tests.
		options.jvmArgs("-Xmx1g")
			.jvmArgsAppend(arguments)
			.addProfiler(GCProfiler.class)
			.resultFormat(ResultFormatType.JSON)
			.result("target/" + file + ".json");
		Map<String, Double> times = new LinkedHashMap<>();
		Map<String, Double> bytes = new LinkedHashMap<>();
		for (RunResult result : run(options)) {
			Result<?> primary = result.getPrimaryResult();
			double scale = primary.getScoreUnit().startsWith("ns") ? 1e-3 : 1;
			String peer = result.getParams().getParam("peer");
			String name = (peer != null) ? peer : primary.getLabel();
			times.put(name, primary.getScore() * scale);
			bytes.put(name, result.getSecondaryResults().get("gc.alloc.rate.norm").getScore());
		}
		return new Measured(times, bytes);
	}

	private static Collection<RunResult> run(OptionsBuilder options) {
		try {
			return new Runner(options.build()).run();
		}
		catch (RunnerException ex) {
			throw new IllegalStateException(ex);
		}
	}

	double time(String name) {
		Double time = this.times.get(name);
		if (time == null) {
			throw new IllegalStateException("Nothing called " + name + " was measured, but " + this.times.keySet());
		}
		return time;
	}

	/** Prints a time beside its limit, and what was aimed at, if anything was. */
	void print(String what, String name, String limit, double goal) {
		System.out.printf("%-44s %9.3f µs  limit %9.3f µs  %5.2f times%s  %8.0f bytes%n", what, time(name), time(limit),
				time(name) / time(limit), Double.isNaN(goal) ? "" : " (goal %.2f)".formatted(goal),
				this.bytes.getOrDefault(name, 0.0));
	}

	/** Prints what was counted, and writes it to the target directory. */
	static void report(String file, Map<String, Object> counted) {
		counted.forEach((name, value) -> System.out.printf("%-60s %s%n", name, value));
		try {
			Files.writeString(Path.of("target", file + ".json"), JSON.writeValueAsString(counted));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
