package io.strates.store;

import java.util.function.Consumer;

import io.strates.cache.CacheExplanation;
import io.strates.cache.CacheInspection;
import io.strates.cache.CacheSettings;

/**
 * What operators ask of a store, by texts that have to be those of ids.
 */
final class StoreInspection<ID> implements CacheInspection {

	private final StoreParts<?, ID> parts;

	private final Consumer<ID> invalidation;

	StoreInspection(StoreParts<?, ID> parts, Consumer<ID> invalidation) {
		this.parts = parts;
		this.invalidation = invalidation;
	}

	@Override
	public CacheSettings settings() {
		return this.parts.settings().cache();
	}

	@Override
	public CacheExplanation explain(String keyText) {
		String text = this.parts.model().idText(this.parts.id(keyText));
		return this.parts.cache().inspection().explain(text);
	}

	@Override
	public void invalidate(String keyText) {
		this.invalidation.accept(this.parts.id(keyText));
	}

}
