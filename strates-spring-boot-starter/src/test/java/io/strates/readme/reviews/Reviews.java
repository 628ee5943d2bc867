package io.strates.readme.reviews;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.strates.store.Search;
import io.strates.store.TieredStore;

import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Service;

// @start region=reviews
@Service
public class Reviews {

	private final TieredStore<Review, UUID> reviews;

	public Reviews(TieredStore<Review, UUID> reviews) {
		this.reviews = reviews;
	}

	public void write(Review review) {
		this.reviews.put(review);
	}

	public List<Review> best(Long product) {
		Search<Review> search = Search.matching("e.product = :product and e.stars > 3", Map.of("product", product));
		return this.reviews.searchCached(search.sort(Sort.by("stars").descending()).limit(10));
	}

	public void importedPastTheStore(Long product) {
		this.reviews.invalidateTag("product", product);
	}

}
// @end
