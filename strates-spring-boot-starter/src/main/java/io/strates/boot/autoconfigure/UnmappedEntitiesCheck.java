package io.strates.boot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.strates.entity.Stratified;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.util.ClassUtils;

/**
 * Refuses persistence units with stratified entities where nothing maps them: what
 * Hibernate makes of them by itself either fails with a riddle or reads all builds at
 * once.
 */
/*
 * The types that Spring Boot has found are checked before Hibernate can fail on them.
 * Which types are in a unit that the application builds itself is known afterwards only.
 */
final class UnmappedEntitiesCheck implements BeanPostProcessor {

	private final ObjectProvider<PersistenceManagedTypes> managedTypes;

	UnmappedEntitiesCheck(ObjectProvider<PersistenceManagedTypes> managedTypes) {
		this.managedTypes = managedTypes;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractEntityManagerFactoryBean) {
			ClassLoader classLoader = bean.getClass().getClassLoader();
			refuse(beanName,
					this.managedTypes.stream()
						.flatMap((types) -> types.getManagedClassNames().stream())
						.map((name) -> ClassUtils.resolveClassName(name, classLoader)));
		}
		return bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractEntityManagerFactoryBean unit) {
			refuse(beanName,
					unit.getNativeEntityManagerFactory()
						.getMetamodel()
						.getEntities()
						.stream()
						.<Class<?>>map((entity) -> entity.getJavaType()));
		}
		return bean;
	}

	private static void refuse(String beanName, Stream<Class<?>> types) {
		List<String> stratified = types.filter((type) -> type != null && type.isAnnotationPresent(Stratified.class))
			.map(Class::getSimpleName)
			.sorted()
			.toList();
		if (!stratified.isEmpty()) {
			throw new StratesStartException(
					"strates.enabled=false, but EntityManagerFactory '" + beanName.replace("&", "")
							+ "' holds the stratified entities " + stratified
							+ ", which nothing but Strates can map and read",
					"Remove strates.enabled=false, or keep these entities and their repositories out of this"
							+ " application or test: name the packages of the others with @EntityScan and"
							+ " @EnableJpaRepositories.");
		}
	}

}
