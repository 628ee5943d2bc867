package io.strates.readme.reviews;

import java.util.UUID;

import io.strates.store.Encrypted;
import io.strates.store.Tiered;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

// @start region=review
@Entity
@Tiered(tags = "product")
public class Review {

	@Id
	private UUID id;

	private Long product;

	private int stars;

	@Encrypted
	@Column(length = 176)
	private String email;

	protected Review() {
	}

	public Review(UUID id, Long product, int stars, String email) {
		this.id = id;
		this.product = product;
		this.stars = stars;
		this.email = email;
	}

	public int getStars() {
		return this.stars;
	}

	public String getEmail() {
		return this.email;
	}

}
// @end
