package io.strates.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import io.strates.build.RowStore.Row;
import io.strates.entity.StratifiedType;

/**
 * Rows that are stored together; in the order in which chunks may be stored.
 *
 * @param lane where they were collected
 * @param ticket its place among the chunks of its lane
 * @param rows the rows
 */
record Chunk(Lane lane, long ticket, List<Row> rows) implements Comparable<Chunk> {

	@Override
	public int compareTo(Chunk other) {
		return (this.lane.position() != other.lane.position())
				? Integer.compare(this.lane.position(), other.lane.position())
				: Long.compare(this.ticket, other.ticket);
	}

	/** Goes through the rows in their order, as many of one type at a time as follow. */
	void forEachRun(BiConsumer<StratifiedType, List<Object>> action) {
		List<Object> run = new ArrayList<>(this.rows.size());
		StratifiedType type = this.rows.get(0).type();
		for (Row row : this.rows) {
			if (!row.type().equals(type)) {
				action.accept(type, run);
				run = new ArrayList<>();
				type = row.type();
			}
			run.add(row.content());
		}
		action.accept(type, run);
	}

	Map<StratifiedType, Long> rowsByType() {
		if (this.lane.hasOneType()) {
			return Map.of(this.rows.get(0).type(), (long) this.rows.size());
		}
		Map<StratifiedType, Long> counts = new HashMap<>();
		this.rows.forEach((row) -> counts.merge(row.type(), 1L, Long::sum));
		return counts;
	}

}
