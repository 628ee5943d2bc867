package io.strates.cache.spring;

import java.util.Map;
import java.util.function.UnaryOperator;

import io.strates.cache.CoherentTier;
import io.strates.cache.Tiers;
import io.strates.cache.jackson.JacksonCodecs;

import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;

/** One node of an application with cached methods. */
final class Node implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Tiers tiers;

	Node(CoherentTier tier, Map<String, String> database, UnaryOperator<TieredCacheManager.Builder> settings) {
		this.tiers = Tiers.builder("test").coherent(tier).build();
		TieredCacheManager manager = settings
			.apply(TieredCacheManager.builder(this.tiers, JacksonCodecs.smile())
				.types(() -> CacheableMethods.types(this.context.getBeanFactory(),
						new AnnotationCacheOperationSource())))
			.build();
		this.context.registerBean(TieredCacheManager.class, () -> manager);
		this.context.registerBean(Library.class, () -> new Library(database));
		this.context.register(Caching.class);
		this.context.refresh();
	}

	Library library() {
		return this.context.getBean(Library.class);
	}

	TieredCacheManager manager() {
		return this.context.getBean(TieredCacheManager.class);
	}

	Tiers tiers() {
		return this.tiers;
	}

	@Override
	public void close() {
		this.context.close();
		this.tiers.close();
	}

	/** As every application has it. */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching(proxyTargetClass = true)
	static class Caching {

	}

}
