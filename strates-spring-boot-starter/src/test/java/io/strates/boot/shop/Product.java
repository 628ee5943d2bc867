package io.strates.boot.shop;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** A row below the root. */
@Entity
@Stratified(scope = "shop")
public class Product extends StratifiedEntity {

	@Id
	private Long id;

	private String name;

	private int price;

	@ManyToOne(fetch = FetchType.LAZY)
	private Shop shop;

	protected Product() {
	}

	public Product(Long id, String name, int price, Shop shop) {
		this.id = id;
		this.name = name;
		this.price = price;
		this.shop = shop;
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
