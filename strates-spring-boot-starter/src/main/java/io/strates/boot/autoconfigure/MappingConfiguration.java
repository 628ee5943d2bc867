package io.strates.boot.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import io.strates.build.WritePermits;
import io.strates.entity.StratifiedModel;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.BoundBuilds;
import io.strates.query.QueryService;
import io.strates.query.hibernate.RepositoryCache;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.persistence.autoconfigure.EntityScanPackages;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypesScanner;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/** What has to be there before the persistence unit is built. */
@Configuration(proxyBeanMethods = false)
class MappingConfiguration {

	@Bean
	@ConditionalOnMissingBean
	BoundBuilds stratesBoundBuilds() {
		return new BoundBuilds();
	}

	@Bean
	@ConditionalOnMissingBean
	StratifiedModel stratesModel(ObjectProvider<PersistenceManagedTypes> managedTypes, BeanFactory beanFactory,
			ResourceLoader resources) {
		Set<String> names = new LinkedHashSet<>();
		managedTypes.stream().forEach((types) -> names.addAll(types.getManagedClassNames()));
		if (names.isEmpty()) {
			names.addAll(scan(beanFactory, resources));
		}
		ClassLoader classLoader = resources.getClassLoader();
		return StratifiedModel
			.of(names.stream().<Class<?>>map((name) -> ClassUtils.resolveClassName(name, classLoader)).toList());
	}

	/**
	 * An application that builds its persistence unit itself has no managed types as a
	 * bean.
	 */
	private static List<String> scan(BeanFactory beanFactory, ResourceLoader resources) {
		List<String> packages = EntityScanPackages.get(beanFactory).getPackageNames();
		if (packages.isEmpty() && AutoConfigurationPackages.has(beanFactory)) {
			packages = AutoConfigurationPackages.get(beanFactory);
		}
		return new PersistenceManagedTypesScanner(resources).scan(StringUtils.toStringArray(packages))
			.getManagedClassNames();
	}

	@Bean
	@ConditionalOnMissingBean
	HibernateMapping stratesHibernateMapping(StratifiedModel model, BoundBuilds bound) {
		return new HibernateMapping(model, bound);
	}

	@Bean
	MappingCustomizer stratesMappingCustomizer(HibernateMapping mapping, ObjectProvider<WritePermits> permits,
			StratesProperties properties, ObjectProvider<DataSource> dataSource,
			ConfigurableListableBeanFactory beanFactory) {
		SingletonSupplier<WritePermits> resolved = SingletonSupplier.of(permits::getObject);
		SchemaExport export = (properties.schema().exportTo() != null)
				? new SchemaExport(properties.schema().exportTo(), mapping, dataSource, beanFactory) : null;
		return new MappingCustomizer(mapping, resolved::obtain, export);
	}

	@Bean
	static UnitPostProcessor stratesUnitPostProcessor(ObjectProvider<MappingCustomizer> customizer) {
		return new UnitPostProcessor(customizer);
	}

	@Bean
	static RepositoryPostProcessor stratesRepositoryPostProcessor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<StratifiedModel> model, ObjectProvider<QueryService> queries,
			ObjectProvider<RepositoryCache> cache) {
		return new RepositoryPostProcessor(beanFactory, model, queries, cache);
	}

}
