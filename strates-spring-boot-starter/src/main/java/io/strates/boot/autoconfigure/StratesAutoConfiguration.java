package io.strates.boot.autoconfigure;

import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of builds, releases and pinned reads of stratified entities.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { DataSourceAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
				TransactionAutoConfiguration.class },
		afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass({ EntityManagerFactory.class, SessionFactoryImplementor.class })
@ConditionalOnBean(EntityManagerFactory.class)
@ConditionalOnBooleanProperty(name = "strates.enabled", matchIfMissing = true)
@EnableConfigurationProperties(StratesProperties.class)
@Import({ PropertiesConfiguration.class, MappingConfiguration.class, MetadataConfiguration.class,
		RedisConfiguration.class, CodecConfiguration.class, RemoteTierConfiguration.class,
		CoherentTierConfiguration.class, CacheConfiguration.class, JournalConfiguration.class, StoreConfiguration.class,
		BuildConfiguration.class, ReleaseConfiguration.class, QueryConfiguration.class, JdbcGuardConfiguration.class,
		ContextPropagationConfiguration.class, CollectionConfiguration.class })
public final class StratesAutoConfiguration {

	StratesAutoConfiguration() {
	}

}
