package io.strates.boot.shop;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** The root of the scope. */
@Entity
@Stratified(scope = "shop", root = true, scopeId = "code")
public class Shop extends StratifiedEntity {

	@Id
	private Long id;

	private String code;

	protected Shop() {
	}

	public Shop(Long id, String code) {
		this.id = id;
		this.code = code;
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
