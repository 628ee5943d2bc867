package io.strates.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;

/** An article as an entity, which its readers may change. */
@Entity
@Table(name = "article")
@Cacheable
@Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
public class ArticleRow {

	@Id
	private Long id;

	@Column(nullable = false, length = 100)
	private String name;

	@Column(nullable = false, length = 100)
	private String brand;

	@Column(nullable = false, length = 1000)
	private String description;

	@Column(nullable = false, precision = 12, scale = 2)
	private BigDecimal price;

	private int stock;

	private boolean active;

	@Column(nullable = false)
	private Instant changed;

	protected ArticleRow() {
	}

	ArticleRow(Article article) {
		this.id = article.id();
		this.name = article.name();
		this.brand = article.brand();
		this.description = article.description();
		this.price = article.price();
		this.stock = article.stock();
		this.active = article.active();
		this.changed = article.changed();
	}

	Article article() {
		return new Article(this.id, this.name, this.brand, this.description, this.price, this.stock, this.active,
				this.changed);
	}

	int stock() {
		return this.stock;
	}

}
