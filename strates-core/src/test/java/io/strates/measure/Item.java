package io.strates.measure;

import java.math.BigDecimal;
import java.time.Instant;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.Table;

/** The row that is measured, as a stratified entity. */
@Entity
@Table(name = "item", indexes = @Index(name = "ix_item_sku", columnList = "build_strate, sku"))
@Stratified(scope = "measure", root = true)
@SuppressWarnings("UnusedVariable") // the database reads them
public class Item extends StratifiedEntity {

	@Id
	private Long id;

	private String sku;

	private String name;

	@Column(length = 500)
	private String description;

	private int price;

	private BigDecimal weight;

	private Instant addedAt;

	private boolean active;

	protected Item() {
	}

	Item(long id) {
		Values values = Values.of(id);
		this.id = id;
		this.sku = values.sku();
		this.name = values.name();
		this.description = values.description();
		this.price = values.price();
		this.weight = values.weight();
		this.addedAt = values.addedAt();
		this.active = values.active();
	}

	@Override
	public Long getId() {
		return this.id;
	}

}
