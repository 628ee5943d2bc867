package io.strates.boot.autoconfigure;

import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;

/**
 * Auto-configuration of an application that has switched Strates off, which must not have
 * stratified entities.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass({ EntityManagerFactory.class, AbstractEntityManagerFactoryBean.class })
@ConditionalOnBooleanProperty(name = "strates.enabled", havingValue = false)
public final class StratesOffAutoConfiguration {

	StratesOffAutoConfiguration() {
	}

	@Bean
	static UnmappedEntitiesCheck stratesUnmappedEntitiesCheck(ObjectProvider<PersistenceManagedTypes> managedTypes) {
		return new UnmappedEntitiesCheck(managedTypes);
	}

}
