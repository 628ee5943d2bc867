package io.strates.benchmarks;

/** What is read from memory. */
record OfferView(Long id, String name, int price) {
}
