package io.strates.readme.glance;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** The root that the first screen does not show. */
@Entity
@Stratified(scope = "catalog", root = true)
class Catalog extends StratifiedEntity {

	@Id
	private Long id = 1L;

	@Override
	public Long getId() {
		return this.id;
	}

}
