package io.strates.readme.reviews;

import io.strates.store.StoreHooks;

import org.springframework.stereotype.Component;

// @start region=rules
@Component
public class ReviewRules implements StoreHooks<Review> {

	@Override
	public Class<Review> type() {
		return Review.class;
	}

	@Override
	public void beforePut(Review review) {
		if (review.getStars() < 1 || review.getStars() > 5) {
			throw new IllegalArgumentException("A review has 1 to 5 stars");
		}
	}

}
// @end
