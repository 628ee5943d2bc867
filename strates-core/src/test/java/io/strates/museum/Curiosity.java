package io.strates.museum;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import io.strates.museum.Specimen.Season;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.YesNoConverter;

/** Values that only their own binders know how to write. */
@Entity
@Stratified(scope = "museum")
public class Curiosity extends StratifiedEntity {

	@Id
	private Long id;

	public Character letter;

	public Duration duration;

	public ZonedDateTime zoned;

	public Date date;

	@Lob
	public String clob;

	@Convert(converter = YesNoConverter.class)
	public Boolean yes;

	public String[] texts;

	public List<Integer> numbers;

	@Enumerated(EnumType.STRING)
	@JdbcTypeCode(SqlTypes.NAMED_ENUM)
	public Season named;

	@Column(columnDefinition = "text")
	public String wide;

	protected Curiosity() {
	}

	public Curiosity(long id) {
		this.id = id;
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
