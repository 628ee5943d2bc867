package io.strates.cache.spring;

import java.util.List;

import io.strates.cache.CacheExplanation;
import io.strates.cache.CacheInspection;
import io.strates.cache.CacheSettings;

/**
 * What operators ask of a cache of methods, by what a person writes for a key. It may be
 * read in several ways: what is explained is the first of them that a tier knows, and
 * what is forgotten are all.
 */
final class NamedInspection implements CacheInspection {

	private final NamedCache cache;

	NamedInspection(NamedCache cache) {
		this.cache = cache;
	}

	@Override
	public CacheSettings settings() {
		return tiers().settings();
	}

	@Override
	public CacheExplanation explain(String keyText) {
		List<CacheExplanation> explained = KeyReadings.of(this.cache.name(), keyText)
			.stream()
			.map(tiers()::explain)
			.toList();
		return explained.stream().filter(NamedInspection::isKnown).findFirst().orElse(explained.get(0));
	}

	private static boolean isKnown(CacheExplanation explained) {
		return explained.memory() != null || explained.beingWritten() || explained.loading()
				|| switch (explained.remote()) {
					case PRESENT, OUTDATED, UNREADABLE, FENCED -> true;
					case MISSING, AWAY, NONE -> false;
				};
	}

	@Override
	public void invalidate(String keyText) {
		KeyReadings.of(this.cache.name(), keyText).forEach(tiers()::invalidate);
	}

	private CacheInspection tiers() {
		return this.cache.tiers().inspection();
	}

}
