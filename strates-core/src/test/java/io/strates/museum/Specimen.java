package io.strates.museum;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.EnumeratedValue;
import jakarta.persistence.Id;

/** Values that all go by the bulk path of PostgreSQL. */
@Entity
@Stratified(scope = "museum", root = true)
public class Specimen extends StratifiedEntity {

	@Id
	private Long id;

	@Column(length = 1_000_000)
	public String text;

	@Column(length = 20)
	public String shortText;

	public int primitive;

	public Integer integer;

	public Long big;

	public Short small;

	public Byte tiny;

	public Boolean flag;

	public Double real64;

	public Float real32;

	@Column(precision = 38, scale = 10)
	public BigDecimal decimal;

	@Column(precision = 38, scale = 0)
	public BigInteger bigInteger;

	public UUID uuid;

	public LocalDate date;

	public LocalDateTime dayTime;

	public LocalTime clock;

	public Instant instant;

	public OffsetDateTime offsetTime;

	@Column(length = 1_000_000)
	public byte[] bytes;

	@Enumerated(EnumType.ORDINAL)
	public Season byOrdinal;

	@Enumerated(EnumType.STRING)
	public Season byName;

	@Enumerated(EnumType.STRING)
	public Grade byValue;

	protected Specimen() {
	}

	public Specimen(long id) {
		this.id = id;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public enum Season {

		SPRING, SUMMER

	}

	/** Stored as the value that it names. */
	public enum Grade {

		GOOD("g"), BAD("b");

		@EnumeratedValue
		final String code;

		Grade(String code) {
			this.code = code;
		}

	}

}
