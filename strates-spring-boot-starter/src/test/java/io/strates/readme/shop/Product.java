package io.strates.readme.shop;

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

	private String name;

	private int price;

	@ManyToOne(fetch = FetchType.LAZY)
	private Catalog catalog;

	protected Product() {
	}

	public Product(Long id, String name, int price, Catalog catalog) {
		this.id = id;
		this.name = name;
		this.price = price;
		this.catalog = catalog;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public String getName() {
		return this.name;
	}

	public int getPrice() {
		return this.price;
	}

}
// @end
