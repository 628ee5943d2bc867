package io.strates.readme.shop;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

// @start region=root
@Entity
@Stratified(scope = "catalog", root = true, scopeId = "shop")
public class Catalog extends StratifiedEntity {

	@Id
	private Long id;

	private String shop;

	protected Catalog() {
	}

	public Catalog(Long id, String shop) {
		this.id = id;
		this.shop = shop;
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
// @end
