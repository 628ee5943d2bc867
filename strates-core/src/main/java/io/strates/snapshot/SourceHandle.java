package io.strates.snapshot;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A source of a builder, and what is in force for it.
 */
final class SourceHandle {

	private final Source<?> source;

	private final Kind kind;

	private final SourceOptions options;

	private final Dispatcher dispatcher;

	private final Latencies latencies = new Latencies();

	SourceHandle(Source<?> source, SourceOptions options, int window) {
		this.source = source;
		this.kind = Kind.of(source);
		this.options = options;
		this.dispatcher = new Dispatcher(options.isBlocking() ? window : Integer.MAX_VALUE);
	}

	/** How a source is called. */
	enum Kind {

		SINGLE, BATCH, DERIVED;

		static Kind of(Source<?> source) {
			if (source instanceof DerivedSource<?>) {
				return DERIVED;
			}
			return (source instanceof BatchSource<?>) ? BATCH : SINGLE;
		}

	}

	String name() {
		return this.source.name();
	}

	Source<?> source() {
		return this.source;
	}

	Kind kind() {
		return this.kind;
	}

	SourceOptions options() {
		return this.options;
	}

	Dispatcher dispatcher() {
		return this.dispatcher;
	}

	Latencies latencies() {
		return this.latencies;
	}

	RetryOptions retry() {
		RetryOptions retry = this.options.retry();
		return (retry != null) ? retry : RetryOptions.defaults();
	}

	CircuitOptions circuit() {
		CircuitOptions circuit = this.options.circuit();
		return (circuit != null) ? circuit : CircuitOptions.defaults();
	}

	boolean isHedged() {
		return Boolean.TRUE.equals(this.options.hedged());
	}

	@SuppressWarnings({ "unchecked", "rawtypes" }) // sources are found by type
	boolean supports(ResourceKey<?> key) {
		return ((Source) this.source).supports(key);
	}

	/** Cuts flights into calls, in their order. */
	List<List<Flight>> chunks(List<Flight> flights) {
		Integer limit = this.options.maxBatchSize();
		int size = (this.kind != Kind.BATCH) ? 1 : (limit != null) ? limit : Integer.MAX_VALUE;
		if (flights.size() <= size) {
			return flights.isEmpty() ? List.of() : List.of(flights);
		}
		List<List<Flight>> chunks = new ArrayList<>();
		for (int start = 0; start < flights.size(); start += size) {
			chunks.add(flights.subList(start, Math.min(start + size, flights.size())));
		}
		return chunks;
	}

	/** Two handles are one if they are the same object; a call is known by its handle. */
	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

	@Override
	public String toString() {
		return this.source.name();
	}

}
