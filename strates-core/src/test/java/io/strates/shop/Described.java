package io.strates.shop;

import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;

/** A mapped superclass that is mapped by its getters. */
@MappedSuperclass
@Access(AccessType.PROPERTY)
public abstract class Described extends StratifiedEntity {

	private Integer id;

	private String description;

	protected Described() {
	}

	protected Described(Integer id, String description) {
		this.id = id;
		this.description = description;
	}

	@Id
	@Override
	public Integer getId() {
		return this.id;
	}

	protected void setId(Integer id) {
		this.id = id;
	}

	public String getDescription() {
		return this.description;
	}

	protected void setDescription(String description) {
		this.description = description;
	}

}
