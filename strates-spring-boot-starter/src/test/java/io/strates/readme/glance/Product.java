package io.strates.readme.glance;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

// @start region=entity
@Entity
@Stratified(scope = "catalog")
public class Product extends StratifiedEntity {

	@Id
	private Long id;

	@ManyToOne(fetch = FetchType.LAZY)
	private Catalog catalog;

	private int price;

	@Override
	public Long getId() {
		return this.id;
	}

}
// @end
