package io.strates.benchmarks;

import org.springframework.data.jpa.repository.JpaRepository;

/** The offers of the build that is pinned. */
interface OfferRepository extends JpaRepository<Offer, Long> {

}
