package io.strates.query;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Lob;
import org.jspecify.annotations.NullUnmarked;

/** An entity with columns of types that PostgreSQL cannot compare. */
@Entity
@NullUnmarked
@Stratified(scope = "documents", root = true)
public class Document extends StratifiedEntity {

	@Id
	private Long id;

	@Lob
	private String text;

	@Column(columnDefinition = "json")
	private String json;

	@Override
	public Long getId() {
		return this.id;
	}

	public String getText() {
		return this.text;
	}

	public String getJson() {
		return this.json;
	}

}
