package io.strates.readme.shop;

import java.util.Optional;

import io.strates.store.TieredStore;

import org.springframework.stereotype.Service;

// @start region=watches
@Service
public class WatchList {

	private final TieredStore<Watch, Long> watches;

	public WatchList(TieredStore<Watch, Long> watches) {
		this.watches = watches;
	}

	public void note(Long product, String note) {
		this.watches.put(new Watch(product, note));
	}

	public Optional<String> noteOn(Long product) {
		return this.watches.find(product).map(Watch::getNote);
	}

}
// @end
