package io.strates.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The same reads and writes with what others offer. */
public class Peers extends AbstractBenchmark {

	/** What reads and writes. */
	@Param("strates")
	public String peer;

	private Peer node;

	private int number;

	/** Starts a node, and fills what it caches. */
	@Setup
	public void start() {
		this.node = Peer.of(this.peer, Servers.find(), "peers-" + this.peer + System.nanoTime());
		this.node.table.fill(VALUES);
		for (int id = 0; id < VALUES; id++) {
			this.node.get(id);
		}
	}

	/** Stops the node. */
	@TearDown
	public void stop() {
		this.node.close();
	}

	private int next() {
		this.number++;
		return this.number & (VALUES - 1);
	}

	/** Reads what was read before. */
	@Benchmark
	public Object get() {
		return this.node.get(next());
	}

	/** Reads from Redis. */
	@Benchmark
	public Object getRemote() {
		return this.node.getRemote(next());
	}

	/** Writes. */
	@Benchmark
	public void put() {
		this.node.put(Article.of(next(), this.number));
	}

}
