package io.strates.benchmarks;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.ThreadParams;

/** Where a thread reads: on and on, and threads not side by side. */
@State(Scope.Thread)
public class Position {

	private int index;

	/** Begins in the thread's own part of the values. */
	@Setup
	public void begin(ThreadParams thread) {
		this.index = AbstractBenchmark.VALUES / thread.getThreadCount() * thread.getThreadIndex();
	}

	int next() {
		this.index = (this.index + 1) & (AbstractBenchmark.VALUES - 1);
		return this.index;
	}

}
