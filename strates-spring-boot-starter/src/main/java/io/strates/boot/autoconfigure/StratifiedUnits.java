package io.strates.boot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.sql.DataSource;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedModel;
import io.strates.entity.hibernate.HibernateMapping;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionManager;

/**
 * Finds the one persistence unit that holds the stratified entities, and refuses what the
 * metadata could not share a transaction with.
 */
final class StratifiedUnits {

	private final ConfigurableListableBeanFactory beanFactory;

	private final HibernateMapping mapping;

	private final StratifiedModel model;

	StratifiedUnits(ConfigurableListableBeanFactory beanFactory, HibernateMapping mapping, StratifiedModel model) {
		this.beanFactory = beanFactory;
		this.mapping = mapping;
		this.model = model;
	}

	StratifiedUnit find() {
		Map<String, EntityManagerFactory> stratified = new TreeMap<>();
		this.beanFactory.getBeansOfType(EntityManagerFactory.class).forEach((name, factory) -> {
			if (!stratifiedEntities(factory).isEmpty()) {
				stratified.put(name, factory);
			}
		});
		if (stratified.isEmpty()) {
			EntityManagerFactory only = this.beanFactory.getBeanProvider(EntityManagerFactory.class).getIfUnique();
			if (only == null) {
				throw new StratesStartException(
						"There are several EntityManagerFactory beans, none of which holds a stratified entity",
						"Annotate an entity with @Stratified, or set strates.enabled=false.");
			}
			return unit("entityManagerFactory", only);
		}
		if (stratified.size() > 1) {
			throw severalUnits(stratified);
		}
		Map.Entry<String, EntityManagerFactory> found = stratified.entrySet().iterator().next();
		requireMapping(found.getKey(), found.getValue());
		return unit(found.getKey(), found.getValue());
	}

	private static List<String> stratifiedEntities(EntityManagerFactory factory) {
		return factory.getMetamodel()
			.getEntities()
			.stream()
			.map((entity) -> entity.getJavaType())
			.filter((type) -> type != null && type.isAnnotationPresent(Stratified.class))
			.map(Class::getSimpleName)
			.sorted()
			.toList();
	}

	private static StratesStartException severalUnits(Map<String, EntityManagerFactory> units) {
		List<String> parts = new ArrayList<>();
		units.forEach((name, factory) -> parts.add("'" + name + "' holds " + stratifiedEntities(factory)));
		return new StratesStartException(
				"Stratified entities are in several persistence units, which cannot share a transaction: "
						+ String.join(", ", parts),
				"Keep all stratified entities in one EntityManagerFactory: narrow the packages that the other one"
						+ " scans, or move the entities.");
	}

	private void requireMapping(String name, EntityManagerFactory factory) {
		if (HibernateMapping.find(factory.getProperties()) != this.mapping) {
			throw new StratesStartException(
					"EntityManagerFactory '" + name + "' holds the stratified entities " + stratifiedEntities(factory)
							+ " but was built without the mapping of Strates",
					"Build it with Spring Boot's EntityManagerFactoryBuilder or as a"
							+ " LocalContainerEntityManagerFactoryBean with a HibernateJpaVendorAdapter, or add"
							+ " HibernateMapping.properties() to its properties.");
		}
		List<String> unknown = factory.getMetamodel()
			.getEntities()
			.stream()
			.map((entity) -> entity.getJavaType())
			.filter((type) -> type != null && type.isAnnotationPresent(Stratified.class)
					&& this.model.find(type) == null)
			.map(Class::getName)
			.toList();
		if (!unknown.isEmpty()) {
			throw new StratesStartException(
					"EntityManagerFactory '" + name + "' holds the stratified entities " + unknown
							+ ", which are not in the scanned packages " + scanned(),
					"Name their packages with @EntityScan.");
		}
	}

	private List<String> scanned() {
		return AutoConfigurationPackages.has(this.beanFactory) ? AutoConfigurationPackages.get(this.beanFactory)
				: List.of();
	}

	private StratifiedUnit unit(String name, EntityManagerFactory factory) {
		Map<String, String> others = new LinkedHashMap<>();
		for (Map.Entry<String, TransactionManager> bean : this.beanFactory.getBeansOfType(TransactionManager.class)
			.entrySet()) {
			if (bean.getValue() instanceof JpaTransactionManager manager && serves(manager, factory)) {
				return new StratifiedUnit(factory, manager, dataSource(bean.getKey(), manager, name));
			}
			others.put(bean.getKey(), bean.getValue().getClass().getSimpleName());
		}
		throw new StratesStartException(
				"No transaction manager serves EntityManagerFactory '" + name
						+ "' in a way that the metadata could share its transactions; found " + others,
				"Declare a JpaTransactionManager for EntityManagerFactory '" + name
						+ "', or remove the TransactionManager beans so that Spring Boot declares it.");
	}

	@SuppressWarnings("ReferenceEquality") // the very bean is meant
	private static boolean serves(JpaTransactionManager manager, EntityManagerFactory factory) {
		EntityManagerFactory served = manager.getEntityManagerFactory();
		return served != null && nativeFactory(served) == nativeFactory(factory);
	}

	private static SessionFactoryImplementor nativeFactory(EntityManagerFactory factory) {
		return factory.unwrap(SessionFactoryImplementor.class);
	}

	/** That of the persistence unit: the manager takes it over. */
	private static DataSource dataSource(String managerName, JpaTransactionManager manager, String unitName) {
		DataSource dataSource = manager.getDataSource();
		if (dataSource == null) {
			throw new StratesStartException(
					"Transaction manager '" + managerName + "' does not know the DataSource of EntityManagerFactory '"
							+ unitName + "', so that the metadata could not share its transactions",
					"Give the DataSource to the LocalContainerEntityManagerFactoryBean instead of naming the"
							+ " connection in JPA properties.");
		}
		return dataSource;
	}

}
