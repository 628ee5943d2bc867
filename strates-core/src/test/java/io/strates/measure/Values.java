package io.strates.measure;

import java.math.BigDecimal;
import java.time.Instant;

/** The values of the measured row, the same for every way of writing it. */
record Values(String sku, String name, String description, int price, BigDecimal weight, Instant addedAt,
		boolean active) {

	private static final Instant BASE = Instant.parse("2026-01-01T00:00:00Z");

	static Values of(long id) {
		return new Values("SKU-" + id % 977 + "-" + id, "Item number " + id,
				"A description of about ninety characters, as catalogues have them, of item number " + id,
				(int) (id * 31 % 10_000), BigDecimal.valueOf(id * 17 % 100_000, 2), BASE.plusSeconds(id), id % 7 != 0);
	}

}
