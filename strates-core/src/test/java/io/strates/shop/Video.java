package io.strates.shop;

import jakarta.persistence.Entity;

@Entity
public class Video extends Media {

	private int seconds;

	protected Video() {
	}

	public Video(long id, String title, Product product, int seconds) {
		super(id, title, product);
		this.seconds = seconds;
	}

	public int getSeconds() {
		return this.seconds;
	}

}
