package io.strates.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import org.hibernate.annotations.ColumnDefault;
import org.hibernate.annotations.CreationTimestamp;
import org.hibernate.annotations.Generated;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UpdateTimestamp;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An entity with an attribute of each kind. */
@Entity
@Tiered
class Everything {

	enum Kind {

		SMALL, LARGE

	}

	@Embeddable
	record Size(@Nullable Integer width, @Nullable Integer height) {
	}

	record Money(long cents) {
	}

	static class MoneyConverter implements AttributeConverter<Money, Long> {

		@Override
		public @Nullable Long convertToDatabaseColumn(@Nullable Money money) {
			return (money != null) ? money.cents() : null;
		}

		@Override
		public @Nullable Money convertToEntityAttribute(@Nullable Long cents) {
			return (cents != null) ? new Money(cents) : null;
		}

	}

	@Id
	long id;

	int number;

	long large;

	float single;

	double twice;

	boolean flag;

	@Nullable String text;

	@Nullable BigDecimal decimal;

	@Column(precision = 38, scale = 0)
	@Nullable BigInteger integer;

	@Nullable UUID uuid;

	@Nullable Instant instant;

	@Column(name = "\"offset\"")
	@Nullable OffsetDateTime offset;

	@Nullable LocalDate date;

	@Nullable LocalTime time;

	@Nullable LocalDateTime dateTime;

	@Nullable Duration duration;

	byte @Nullable [] bytes;

	java.util.@Nullable Date legacy;

	@Enumerated(EnumType.STRING)
	@Nullable Kind kind;

	@Enumerated(EnumType.ORDINAL)
	@Nullable Kind ordinal;

	@Embedded
	@Nullable Size size;

	@Convert(converter = MoneyConverter.class)
	@Nullable Money money;

	@JdbcTypeCode(SqlTypes.JSON)
	@Nullable List<String> labels;

	@JdbcTypeCode(SqlTypes.JSON)
	@Nullable Map<String, Integer> counts;

	@ManyToOne(fetch = FetchType.LAZY)
	@Nullable Gadget gadget;

	@CreationTimestamp
	@Nullable Instant createdAt;

	@UpdateTimestamp
	@Nullable Instant updatedAt;

	@Generated
	@ColumnDefault("'viewer'")
	@Nullable String role;

	Everything() {
	}

	Everything(long id) {
		this.id = id;
	}

}
