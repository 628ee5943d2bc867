package io.strates.build;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * How builds are written.
 *
 * @param chunkSize how many rows of an entity one transaction stores
 * @param parallelism how many branches of a build run at a time
 * @param heartbeat how often an open build tells that its writer lives
 * @param owner the name of this node
 * @param branchExecutor runs the branches
 * @since 0.1.0
 */
public record BuildSettings(int chunkSize, int parallelism, Duration heartbeat, String owner, Executor branchExecutor) {

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if the chunk size, parallelism or heartbeat is not
	 * positive
	 */
	public BuildSettings {
		requirePositive("chunk size", chunkSize);
		requirePositive("parallelism", parallelism);
		requirePositive("heartbeat", heartbeat.toMillis());
	}

	private static void requirePositive(String what, long value) {
		if (value <= 0) {
			throw new IllegalArgumentException("The " + what + " of builds is " + value + "; it must be positive");
		}
	}

}
