package io.strates.boot.autoconfigure;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.strates.store.Tiered;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.persistence.autoconfigure.EntityScanPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the entities with a tiered store where entities are looked for, and registers the
 * store of each as early as a repository, so that it can be injected by its type. One
 * that the application declares itself goes first.
 */
final class TieredStoreRegistrar implements ImportBeanDefinitionRegistrar {

	private static final String ENTITIES = "stratesTieredEntities";

	private final BeanFactory beanFactory;

	private final ResourceLoader resources;

	private final Environment environment;

	TieredStoreRegistrar(BeanFactory beanFactory, ResourceLoader resources, Environment environment) {
		this.beanFactory = beanFactory;
		this.resources = resources;
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		Map<Class<?>, Class<?>> idTypes = new LinkedHashMap<>();
		entities().forEach((entity) -> idTypes.put(entity, idType(entity)));
		TieredEntities found = new TieredEntities(idTypes);
		registry.registerBeanDefinition(ENTITIES, definition(ResolvableType.forClass(TieredEntities.class)));
		((RootBeanDefinition) registry.getBeanDefinition(ENTITIES)).setInstanceSupplier(() -> found);
		idTypes.forEach((entity, id) -> {
			RootBeanDefinition definition = definition(
					ResolvableType.forClassWithGenerics(TieredStore.class, entity, id));
			definition.setInstanceSupplier(() -> this.beanFactory.getBean(TieredStores.class).store(entity, id));
			definition.setFallback(true);
			registry.registerBeanDefinition("stratesStore." + entity.getName(), definition);
		});
	}

	/**
	 * Returns what was found, also where beans can no longer be made.
	 * @param registry the definitions of an application's beans
	 * @return the entities, or {@code null} if the application has no stores
	 */
	static @Nullable TieredEntities found(BeanDefinitionRegistry registry) {
		Supplier<?> found = (registry.containsBeanDefinition(ENTITIES)
				&& registry.getBeanDefinition(ENTITIES) instanceof RootBeanDefinition definition)
						? definition.getInstanceSupplier() : null;
		return (found != null && found.get() instanceof TieredEntities entities) ? entities : null;
	}

	private static RootBeanDefinition definition(ResolvableType type) {
		RootBeanDefinition definition = new RootBeanDefinition();
		definition.setTargetType(type);
		definition.setBeanClass(type.toClass());
		definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
		return definition;
	}

	private List<? extends Class<?>> entities() {
		ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false,
				this.environment);
		scanner.setResourceLoader(this.resources);
		scanner.addIncludeFilter(new AnnotationTypeFilter(Tiered.class));
		return packages().stream()
			.flatMap((each) -> scanner.findCandidateComponents(each).stream())
			.map((candidate) -> String.valueOf(candidate.getBeanClassName()))
			.distinct()
			.sorted()
			.map((name) -> ClassUtils.resolveClassName(name, this.resources.getClassLoader()))
			.toList();
	}

	private List<String> packages() {
		List<String> packages = EntityScanPackages.get(this.beanFactory).getPackageNames();
		return (packages.isEmpty() && AutoConfigurationPackages.has(this.beanFactory))
				? AutoConfigurationPackages.get(this.beanFactory) : packages;
	}

	private static Class<?> idType(Class<?> entity) {
		if (!entity.isAnnotationPresent(Entity.class)) {
			throw new StratesStartException(entity.getName() + " is @Tiered, but no entity",
					"Annotate it with @Entity, or remove @Tiered.");
		}
		for (Class<?> part = entity; part != null && part != Object.class; part = part.getSuperclass()) {
			Class<?> found = declaredId(part, entity);
			if (found != null) {
				return ClassUtils.resolvePrimitiveIfNecessary(found);
			}
		}
		throw new StratesStartException(entity.getName() + " is @Tiered, but no attribute is annotated with @Id",
				"Annotate its id with @Id.");
	}

	private static @Nullable Class<?> declaredId(Class<?> part, Class<?> entity) {
		for (Field field : part.getDeclaredFields()) {
			if (isId(field)) {
				return ResolvableType.forField(field, entity).toClass();
			}
		}
		for (Method method : part.getDeclaredMethods()) {
			if (isId(method)) {
				return ResolvableType.forMethodReturnType(method, entity).toClass();
			}
		}
		return null;
	}

	private static boolean isId(AnnotatedElement element) {
		return element.isAnnotationPresent(Id.class) || element.isAnnotationPresent(EmbeddedId.class);
	}

}
