package io.strates.shop;

import java.util.LinkedHashSet;
import java.util.Set;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;

@Entity
@Stratified(scope = "catalog", root = true, scopeId = "shop")
public class Catalog extends StratifiedEntity {

	@Id
	private Long id;

	private String shop;

	private int products;

	@OneToMany(mappedBy = "catalog")
	private Set<Product> items = new LinkedHashSet<>();

	@OneToOne(mappedBy = "catalog")
	private Settings settings;

	protected Catalog() {
	}

	public Catalog(long id, String shop, int products) {
		this.id = id;
		this.shop = shop;
		this.products = products;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public String getShop() {
		return this.shop;
	}

	public void setShop(String shop) {
		this.shop = shop;
	}

	public int getProducts() {
		return this.products;
	}

	public Set<Product> getItems() {
		return this.items;
	}

	public Settings getSettings() {
		return this.settings;
	}

}
