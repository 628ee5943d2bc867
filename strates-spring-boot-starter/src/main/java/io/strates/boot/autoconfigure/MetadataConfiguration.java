package io.strates.boot.autoconfigure;

import javax.sql.DataSource;

import io.strates.entity.StratifiedModel;
import io.strates.entity.hibernate.HibernateMapping;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The metadata tables and the transactions in which they are read and written. */
@Configuration(proxyBeanMethods = false)
class MetadataConfiguration {

	@Bean
	@ConditionalOnSingleCandidate(DataSource.class)
	MetadataSchemaInitializer stratesSchemaInitializer(DataSource dataSource, StratesProperties properties) {
		return MetadataSchemaInitializer.of(dataSource, properties.schema().initialize());
	}

	@Bean
	StratifiedUnit stratesUnit(ConfigurableListableBeanFactory beanFactory, HibernateMapping mapping,
			StratifiedModel model) {
		return new StratifiedUnits(beanFactory, mapping, model).find();
	}

	@Bean
	@DependsOnDatabaseInitialization
	MetadataAccess stratesMetadataAccess(StratifiedUnit unit, StratesProperties properties) {
		return MetadataAccess.of(unit, properties.schema());
	}

}
