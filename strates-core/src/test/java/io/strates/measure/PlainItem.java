package io.strates.measure;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Index;
import jakarta.persistence.Table;

/** The same row in an application that knows no builds: a composite key of its own. */
@Entity
@Table(name = "plain_item", indexes = @Index(name = "ix_plain_item_sku", columnList = "batch, sku"))
@IdClass(PlainItem.Key.class)
@SuppressWarnings("UnusedVariable") // the database reads them
public class PlainItem {

	@Id
	private UUID batch;

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

	protected PlainItem() {
	}

	PlainItem(UUID batch, long id) {
		Values values = Values.of(id);
		this.batch = batch;
		this.id = id;
		this.sku = values.sku();
		this.name = values.name();
		this.description = values.description();
		this.price = values.price();
		this.weight = values.weight();
		this.addedAt = values.addedAt();
		this.active = values.active();
	}

	public record Key(UUID batch, Long id) implements Serializable {

		public Key {
			Objects.requireNonNull(id);
		}

	}

}
