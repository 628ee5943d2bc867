package io.strates.boot.autoconfigure;

import io.strates.entity.Stratified;
import io.strates.store.Tiered;
import io.strates.store.TieredStore;
import jakarta.persistence.Entity;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.analyzer.AbstractInjectionFailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;

/** Tells why a store that is wanted is not there, and what to declare. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NoSuchStoreFailureAnalyzer extends AbstractInjectionFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final BeanFactory beans;

	NoSuchStoreFailureAnalyzer(BeanFactory beans) {
		this.beans = beans;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause,
			@Nullable String description) {
		ResolvableType wanted = cause.getResolvableType();
		if (cause instanceof NoUniqueBeanDefinitionException || wanted == null
				|| wanted.toClass() != TieredStore.class) {
			return null;
		}
		Class<?> entity = wanted.getGeneric(0).resolve();
		if (entity == null) {
			return null;
		}
		String problem = ((description != null) ? description : "A component") + " required a " + text(wanted)
				+ ", which there is not: ";
		TieredEntities entities = (this.beans instanceof BeanDefinitionRegistry registry)
				? TieredStoreRegistrar.found(registry) : null;
		return analysis(problem, entity, entities, cause);
	}

	private static FailureAnalysis analysis(String problem, Class<?> entity, @Nullable TieredEntities entities,
			Throwable cause) {
		String name = entity.getName();
		Class<?> id = (entities != null) ? entities.idTypes().get(entity) : null;
		if (id != null) {
			return new FailureAnalysis(problem + "the ids of " + name + " are of type " + id.getName() + ".",
					"Declare it as " + text(ResolvableType.forClassWithGenerics(TieredStore.class, entity, id)) + ".",
					cause);
		}
		if (entity.isAnnotationPresent(Stratified.class)) {
			return new FailureAnalysis(problem + name + " is @Stratified.",
					"Read it with its repository inside a pin; what is released never changes, and is cached by itself.",
					cause);
		}
		if (!entity.isAnnotationPresent(Tiered.class)) {
			boolean mapped = entity.isAnnotationPresent(Entity.class);
			return new FailureAnalysis(problem + name + (mapped ? " is not @Tiered." : " is no entity."),
					"Annotate " + entity.getSimpleName() + " with " + (mapped ? "" : "@Entity and ")
							+ "@Tiered, which is in io.strates.store.",
					cause);
		}
		if (entities == null) {
			return new FailureAnalysis(problem + "this application has no stores.",
					"Let strates.enabled and strates.store.enabled be true, and have a data source and JPA.", cause);
		}
		return new FailureAnalysis(problem + name + " is not in the packages that are scanned for entities.",
				"Name its package with @EntityScan(\"" + entity.getPackageName() + "\").", cause);
	}

	private static String text(ResolvableType store) {
		StringBuilder text = new StringBuilder("TieredStore<");
		for (int index = 0; index < store.getGenerics().length; index++) {
			text.append((index > 0) ? ", " : "").append(store.getGeneric(index).toClass().getSimpleName());
		}
		return text.append('>').toString();
	}

}
