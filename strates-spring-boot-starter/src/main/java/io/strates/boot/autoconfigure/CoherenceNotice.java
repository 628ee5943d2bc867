package io.strates.boot.autoconfigure;

import java.util.Collection;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/** Says once why values that change are kept for moments only, where that is so. */
final class CoherenceNotice implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(StratesAutoConfiguration.class);

	private final Supplier<Collection<String>> caches;

	CoherenceNotice(Supplier<Collection<String>> caches) {
		this.caches = caches;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Collection<String> names = new TreeSet<>(this.caches.get());
		if (!names.isEmpty()) {
			logger.info("Values of {} are relied on in memory for one second only: another node may write them, and"
					+ " there is no Redis to tell of it. Configure spring.data.redis, or set"
					+ " strates.cache.single-node=true if no other node writes them", names);
		}
	}

}
