package io.strates.shop;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;

@Entity
@Stratified(scope = "catalog")
public class Product extends StratifiedEntity {

	public enum State {

		NEW, OLD

	}

	@Id
	private Long id;

	private String name;

	private int price;

	@Column(unique = true)
	private String code;

	private BigDecimal weight;

	private Instant addedAt;

	@Enumerated(EnumType.STRING)
	private State state;

	@Embedded
	private Dimensions dimensions;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Catalog catalog;

	@ManyToOne(fetch = FetchType.LAZY)
	private Product successor;

	@ManyToOne(fetch = FetchType.LAZY)
	private Currency currency;

	@OneToMany(mappedBy = "product", cascade = CascadeType.ALL)
	private Set<ProductTag> tags = new LinkedHashSet<>();

	protected Product() {
	}

	public Product(long id, String name, int price, Catalog catalog) {
		this.id = id;
		this.name = name;
		this.price = price;
		this.catalog = catalog;
		this.code = "C" + id;
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

	public void setPrice(int price) {
		this.price = price;
	}

	public void setName(String name) {
		this.name = name;
	}

	public String getCode() {
		return this.code;
	}

	public BigDecimal getWeight() {
		return this.weight;
	}

	public Instant getAddedAt() {
		return this.addedAt;
	}

	public State getState() {
		return this.state;
	}

	public Dimensions getDimensions() {
		return this.dimensions;
	}

	public Catalog getCatalog() {
		return this.catalog;
	}

	public Product getSuccessor() {
		return this.successor;
	}

	public Currency getCurrency() {
		return this.currency;
	}

	public Set<ProductTag> getTags() {
		return this.tags;
	}

	public Product details(BigDecimal weight, Instant addedAt, State state, Dimensions dimensions) {
		this.weight = weight;
		this.addedAt = addedAt;
		this.state = state;
		this.dimensions = dimensions;
		return this;
	}

	public Product successor(Product successor) {
		this.successor = successor;
		return this;
	}

	public Product currency(Currency currency) {
		this.currency = currency;
		return this;
	}

	public Product catalog(Catalog catalog) {
		this.catalog = catalog;
		return this;
	}

}
