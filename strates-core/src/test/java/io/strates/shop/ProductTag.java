package io.strates.shop;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;

@Entity
@Table(uniqueConstraints = @UniqueConstraint(name = "uk_product_tag", columnNames = { "product_id", "tag" }))
@Stratified(scope = "catalog")
public class ProductTag extends StratifiedEntity {

	@Id
	@GeneratedValue(strategy = GenerationType.SEQUENCE)
	private Integer id;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Product product;

	@ManyToOne(fetch = FetchType.LAZY)
	@JoinColumn(name = "tag", nullable = false)
	private Tag tag;

	protected ProductTag() {
	}

	public ProductTag(Product product, Tag tag) {
		this.product = product;
		this.tag = tag;
	}

	@Override
	public Integer getId() {
		return this.id;
	}

	public Product getProduct() {
		return this.product;
	}

	public Tag getTag() {
		return this.tag;
	}

}
