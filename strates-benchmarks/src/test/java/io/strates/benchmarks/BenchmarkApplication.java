package io.strates.benchmarks;

import java.util.stream.Collectors;

import io.strates.query.ReadModel;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** An application with one read model, on H2. */
@SpringBootApplication
class BenchmarkApplication {

	@Bean
	ReadModel<Long, OfferView> offers(OfferRepository offers) {
		return ReadModel.of(OfferView.class, Long.class, "catalog",
				(pin, ids) -> offers.findAllById(ids)
					.stream()
					.collect(Collectors.toMap(Offer::getId,
							(offer) -> new OfferView(offer.getId(), offer.getName(), offer.getPrice()))));
	}

}
