package io.strates.boot.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import io.strates.build.WritePermits;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.query.hibernate.StatementGuard;
import org.hibernate.cfg.BatchSettings;
import org.hibernate.cfg.CacheSettings;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.util.ClassUtils;

/**
 * Adds the mapping and the statement guard to the settings of a persistence unit. Comes
 * last, to see what the application has set.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
final class MappingCustomizer implements HibernatePropertiesCustomizer {

	private static final String BATCH_SIZE = "100";

	private final HibernateMapping mapping;

	private final Supplier<WritePermits> permits;

	private final @Nullable SchemaExport export;

	MappingCustomizer(HibernateMapping mapping, Supplier<WritePermits> permits, @Nullable SchemaExport export) {
		this.mapping = mapping;
		this.permits = permits;
		this.export = export;
	}

	@Override
	public void customize(Map<String, Object> settings) {
		refuseQueryCache(settings);
		settings.putAll(this.mapping.properties());
		StatementInspector own = inspector(settings.get(JdbcSettings.STATEMENT_INSPECTOR));
		settings.putAll(
				new StatementGuard(this.mapping::schemaIfBound, this.mapping.bound(), this.permits, own).properties());
		settings.putIfAbsent(BatchSettings.STATEMENT_BATCH_SIZE, BATCH_SIZE);
		settings.putIfAbsent(BatchSettings.ORDER_INSERTS, "true");
		settings.putIfAbsent(BatchSettings.ORDER_UPDATES, "true");
		if (this.export != null) {
			this.export.prepare(settings);
		}
	}

	/** To be called when a persistence unit is built. */
	void complete(AbstractEntityManagerFactoryBean unit) {
		if (this.export != null) {
			this.export.complete(unit);
		}
	}

	private static void refuseQueryCache(Map<String, Object> settings) {
		Object setting = settings.get(CacheSettings.USE_QUERY_CACHE);
		if (setting != null && Boolean.parseBoolean(setting.toString())) {
			throw new StratesStartException(
					"Hibernate's query cache is on (" + CacheSettings.USE_QUERY_CACHE
							+ "=true), and its keys do not hold the build that is read: it would answer from another"
							+ " build",
					"Remove spring.jpa.properties." + CacheSettings.USE_QUERY_CACHE + " or set it to false.");
		}
	}

	/** Hibernate takes an instance, a class, or the name of one. */
	private static @Nullable StatementInspector inspector(@Nullable Object setting) {
		if (setting == null || setting instanceof StatementInspector) {
			return (StatementInspector) setting;
		}
		Class<?> type = (setting instanceof Class<?> named) ? named
				: ClassUtils.resolveClassName(setting.toString(), null);
		return (StatementInspector) BeanUtils.instantiateClass(type);
	}

}
