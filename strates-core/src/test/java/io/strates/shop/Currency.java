package io.strates.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
public class Currency {

	@Id
	private String code;

	private String name;

	protected Currency() {
	}

	public Currency(String code, String name) {
		this.code = code;
		this.name = name;
	}

	public String getCode() {
		return this.code;
	}

	public String getName() {
		return this.name;
	}

}
