package io.strates.build;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * How builds are written.
 *
 * @param chunkSize how many rows of an entity one transaction stores
 * @param parallelism how many branches run at a time
 * @param heartbeat how often an open build tells that its writer lives
 * @param owner the name of this node
 * @param branchExecutor runs the branches
 */
record BuildSettings(int chunkSize, int parallelism, Duration heartbeat, String owner, Executor branchExecutor) {
}
