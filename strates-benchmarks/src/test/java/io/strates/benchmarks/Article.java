package io.strates.benchmarks;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;

/** A row of a table as a value that never changes. */
record Article(long id, String name, String brand, String description, BigDecimal price, int stock, boolean active,
		Instant changed) implements Serializable {

	static Article of(long id, int stock) {
		return new Article(id, "article " + id, "brand " + id % 50,
				"What article " + id + " is good for, and what it is made of, in a line of text",
				BigDecimal.valueOf(1_999 + id, 2), stock, true, Instant.ofEpochSecond(1_750_000_000L + id));
	}

}
