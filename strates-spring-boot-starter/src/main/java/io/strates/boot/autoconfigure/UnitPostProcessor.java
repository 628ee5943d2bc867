package io.strates.boot.autoconfigure;

import io.strates.entity.hibernate.HibernateMapping;
import org.hibernate.cfg.SchemaToolingSettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/** Adds the mapping to persistence units that the application builds itself. */
final class UnitPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<MappingCustomizer> customizer;

	UnitPostProcessor(ObjectProvider<MappingCustomizer> customizer) {
		this.customizer = customizer;
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractEntityManagerFactoryBean unit
				&& unit.getJpaVendorAdapter() instanceof HibernateJpaVendorAdapter
				&& !unit.getJpaPropertyMap().containsKey(HibernateMapping.SETTING)) {
			Object auto = unit.getJpaVendorAdapter().getJpaPropertyMap().get(SchemaToolingSettings.HBM2DDL_AUTO);
			if (auto != null) {
				unit.getJpaPropertyMap().putIfAbsent(SchemaToolingSettings.HBM2DDL_AUTO, auto);
			}
			this.customizer.getObject().customize(unit.getJpaPropertyMap());
		}
		return bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractEntityManagerFactoryBean unit
				&& unit.getJpaPropertyMap().containsKey(HibernateMapping.SETTING)) {
			this.customizer.getObject().complete(unit);
		}
		return bean;
	}

}
