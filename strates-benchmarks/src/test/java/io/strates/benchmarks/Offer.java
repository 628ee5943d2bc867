package io.strates.benchmarks;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A row of a build. */
@Entity
@Stratified(scope = "catalog", root = true)
public class Offer extends StratifiedEntity {

	@Id
	private Long id;

	private String name;

	private int price;

	protected Offer() {
	}

	Offer(Long id, String name, int price) {
		this.id = id;
		this.name = name;
		this.price = price;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	String getName() {
		return this.name;
	}

	int getPrice() {
		return this.price;
	}

}
