package io.strates.shop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OrderColumn;

@Entity
@Inheritance(strategy = InheritanceType.JOINED)
@Stratified(scope = "catalog")
public abstract class Media extends StratifiedEntity {

	@Id
	private Long id;

	private String title;

	@ManyToOne(fetch = FetchType.LAZY)
	private Product product;

	@ElementCollection
	@OrderColumn(name = "position")
	private List<String> labels = new ArrayList<>();

	@ElementCollection
	private Map<String, String> properties = new LinkedHashMap<>();

	protected Media() {
	}

	protected Media(long id, String title, Product product) {
		this.id = id;
		this.title = title;
		this.product = product;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public String getTitle() {
		return this.title;
	}

	public void setTitle(String title) {
		this.title = title;
	}

	public Product getProduct() {
		return this.product;
	}

	public List<String> getLabels() {
		return this.labels;
	}

	public Map<String, String> getProperties() {
		return this.properties;
	}

}
