package io.strates.shop;

import java.util.UUID;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.OneToOne;

@Entity
@Stratified(scope = "catalog")
public class Settings extends StratifiedEntity {

	@Id
	private UUID id;

	@OneToOne(fetch = FetchType.LAZY, optional = false)
	private Catalog catalog;

	private String theme;

	protected Settings() {
	}

	public Settings(UUID id, Catalog catalog, String theme) {
		this.id = id;
		this.catalog = catalog;
		this.theme = theme;
	}

	@Override
	public UUID getId() {
		return this.id;
	}

	public Catalog getCatalog() {
		return this.catalog;
	}

	public String getTheme() {
		return this.theme;
	}

}
