package io.strates.boot.autoconfigure;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Keeps all that would create or migrate tables before the persistence unit is built from
 * doing so, in a start that only exports DDL.
 */
final class SchemaExportEnvironment implements EnvironmentPostProcessor {

	private static final String EXPORT_TO = "strates.schema.export-to";

	private static final Map<String, Object> SETTINGS = Map.of( //
			"strates.schema.initialize", "never", //
			"spring.jpa.hibernate.ddl-auto", "none", //
			"spring.sql.init.mode", "never", //
			"spring.flyway.enabled", "false", //
			"spring.liquibase.enabled", "false");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (StringUtils.hasText(environment.getProperty(EXPORT_TO))
				&& environment.getProperty("strates.enabled", Boolean.class, true)) {
			environment.getPropertySources().addFirst(new MapPropertySource(EXPORT_TO, SETTINGS));
		}
	}

}
