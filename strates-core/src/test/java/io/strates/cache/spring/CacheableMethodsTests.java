package io.strates.cache.spring;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;

import static org.assertj.core.api.Assertions.assertThat;

/** What caches hold, told by the methods that fill them. */
class CacheableMethodsTests {

	@Test
	void typesAreThoseThatSpringCaches() {
		assertThat(types(Plain.class)).containsOnly(Map.entry("plain", Set.of("java.lang.Integer", "java.lang.String")),
				Map.entry("inner", Set.of("java.lang.Long", "java.util.List<java.lang.Long>")),
				Map.entry("maps", Set.of("java.util.Map<java.lang.String, java.util.List<java.lang.Long>>")),
				Map.entry("arrays", Set.of("[B")));
	}

	@Test
	void typeVariablesAreThoseOfTheBean() {
		assertThat(types(Names.class)).containsOnly(Map.entry("found", Set.of("java.lang.String")),
				Map.entry("all", Set.of("java.util.List<java.lang.String>")));
	}

	@Test
	void whatLeavesOpenWhatItsValuesAreIsNoType() {
		assertThat(types(Open.class)).isEmpty();
	}

	private static Map<String, Set<String>> types(Class<?> bean) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerBeanDefinition("bean", new RootBeanDefinition(bean));
		return CacheableMethods.types(beans, new AnnotationCacheOperationSource())
			.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey,
					(entry) -> entry.getValue()
						.stream()
						.map((type) -> type.getTypeName().replace("byte[]", "[B"))
						.collect(Collectors.toSet())));
	}

	/** Methods of each kind. */
	abstract static class Plain {

		@Cacheable("plain")
		public abstract int number();

		@CachePut("plain")
		public abstract String text();

		@CacheEvict("plain")
		public abstract Long evicts();

		@CachePut("plain")
		public abstract void nothing();

		@Cacheable("inner")
		public abstract Optional<Long> optional();

		@Cacheable("inner")
		public abstract CompletableFuture<List<Long>> later();

		@Cacheable("maps")
		public abstract Map<String, List<Long>> map();

		@Cacheable("arrays")
		public abstract byte[] bytes();

	}

	/** A repository of anything. */
	interface Repository<T> {

		@Cacheable("found")
		Optional<T> find(int id);

		@Cacheable("all")
		List<T> findAll();

	}

	/** A repository of names. */
	interface Names extends Repository<String> {

	}

	/** Methods whose values could be of any type. */
	@SuppressWarnings("rawtypes")
	abstract static class Open<T> {

		@Cacheable("open")
		public abstract Object object();

		@Cacheable("open")
		public abstract Serializable serializable();

		@Cacheable("open")
		public abstract List<?> anything();

		@Cacheable("open")
		public abstract List raw();

		@Cacheable("open")
		public abstract Map<String, Object> map();

		@Cacheable("open")
		public abstract T variable();

		@Cacheable("open")
		public abstract List<T> variables();

	}

}
