package io.strates.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.ManyToOne;

@Entity
public class Image extends Media {

	private int pixels;

	@ManyToOne(fetch = FetchType.LAZY)
	private Image thumbnail;

	protected Image() {
	}

	public Image(long id, String title, Product product, int pixels, Image thumbnail) {
		super(id, title, product);
		this.pixels = pixels;
		this.thumbnail = thumbnail;
	}

	public int getPixels() {
		return this.pixels;
	}

	public Image getThumbnail() {
		return this.thumbnail;
	}

}
