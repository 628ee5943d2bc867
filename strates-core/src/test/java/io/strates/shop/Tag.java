package io.strates.shop;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
@Stratified(scope = "catalog")
public class Tag extends StratifiedEntity {

	@Id
	@Column(name = "tag_name")
	private String id;

	protected Tag() {
	}

	public Tag(String id) {
		this.id = id;
	}

	@Override
	public String getId() {
		return this.id;
	}

}
