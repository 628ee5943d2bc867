package io.strates.shop;

import jakarta.persistence.Embeddable;
import jakarta.persistence.FetchType;
import jakarta.persistence.ManyToOne;

@Embeddable
public class Dimensions {

	private Integer width;

	private Integer height;

	@ManyToOne(fetch = FetchType.LAZY)
	private Tag packaging;

	protected Dimensions() {
	}

	public Dimensions(Integer width, Integer height, Tag packaging) {
		this.width = width;
		this.height = height;
		this.packaging = packaging;
	}

	public Integer getWidth() {
		return this.width;
	}

	public Integer getHeight() {
		return this.height;
	}

	public Tag getPackaging() {
		return this.packaging;
	}

}
