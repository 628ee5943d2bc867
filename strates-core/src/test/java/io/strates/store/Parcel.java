package io.strates.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** An entity whose rows are written as arrays where there are many. */
@Entity
@Tiered
class Parcel {

	@Id
	long id;

	int number;

	@Nullable Short small;

	@Nullable Boolean flag;

	@Column(name = "\"Text\"")
	@Nullable String text;

	@Column(precision = 12, scale = 2)
	@Nullable BigDecimal price;

	@Nullable UUID uuid;

	@Nullable Instant changed;

	@Enumerated(EnumType.STRING)
	Everything.@Nullable Kind kind;

	@Convert(converter = Everything.MoneyConverter.class)
	Everything.@Nullable Money money;

	Parcel() {
	}

	Parcel(long id) {
		this.id = id;
	}

	Parcel full(String value) {
		this.number = Integer.MIN_VALUE;
		this.small = Short.MAX_VALUE;
		this.flag = true;
		this.text = value;
		this.price = new BigDecimal("-1234567.891");
		this.uuid = new UUID(1, 2);
		this.changed = Instant.parse("2026-03-29T01:30:00.123456789Z").plusSeconds(this.id);
		this.kind = Everything.Kind.LARGE;
		this.money = new Everything.Money(Long.MIN_VALUE);
		return this;
	}

}
