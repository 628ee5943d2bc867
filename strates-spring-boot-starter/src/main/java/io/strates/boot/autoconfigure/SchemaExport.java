package io.strates.boot.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import javax.sql.DataSource;

import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.jdbc.Database;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.tool.schema.Action;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/**
 * Writes the DDL of the metadata tables and of all entities to a file, and ends the
 * application with exit code 0.
 */
/*
 * The JVM is ended in the middle of the start, as Spring does with
 * spring.context.exit=onRefresh: an exception would be logged as a failure, and end the
 * JVM with another exit code; at any later moment beans of the application have run. In
 * the middle of a start Spring's shutdown hook destroys no beans, so that servers and
 * pools that exist already would not be stopped; here they are.
 */
final class SchemaExport {

	private static final Logger logger = LoggerFactory.getLogger(StratesAutoConfiguration.class);

	private static final String TARGET = SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_CREATE_TARGET;

	private final Path file;

	private final HibernateMapping mapping;

	private final ObjectProvider<DataSource> dataSource;

	private final ConfigurableListableBeanFactory beanFactory;

	SchemaExport(File file, HibernateMapping mapping, ObjectProvider<DataSource> dataSource,
			ConfigurableListableBeanFactory beanFactory) {
		this.file = file.toPath().toAbsolutePath();
		this.mapping = mapping;
		this.dataSource = dataSource;
		this.beanFactory = beanFactory;
	}

	/** Lets Hibernate write the DDL of a persistence unit when it builds it. */
	void prepare(Map<String, Object> settings) {
		if (settings.get(SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION) != null) {
			throw new StratesStartException(
					"Both strates.schema.export-to and " + SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION
							+ " want to export DDL",
					"Remove strates.schema.export-to, or the properties spring.jpa.properties."
							+ "jakarta.persistence.schema-generation.scripts.*.");
		}
		settings.put(SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION, Action.CREATE_ONLY);
		settings.put(TARGET, new StringWriter());
		settings.putIfAbsent(SchemaToolingSettings.HBM2DDL_DELIMITER, ";");
		settings.putIfAbsent(SchemaToolingSettings.HBM2DDL_SKIP_DEFAULT_IMPORT_FILE, "true");
		settings.put(SchemaToolingSettings.HBM2DDL_AUTO, Action.NONE);
		settings.put(SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION, Action.NONE);
	}

	/**
	 * Ends the application when the persistence unit of the stratified entities is there.
	 */
	void complete(AbstractEntityManagerFactoryBean unit) {
		boolean stratified = unit.getNativeEntityManagerFactory()
			.getMetamodel()
			.getEntities()
			.stream()
			.map((entity) -> entity.getJavaType())
			.anyMatch((type) -> type != null && this.mapping.model().find(type) != null);
		if (!stratified && !this.mapping.model().types().isEmpty()) {
			return; // another unit
		}
		DataSource dataSource = Objects.requireNonNullElseGet(unit.getDataSource(), this.dataSource::getObject);
		Database database = SchemaScripts.of(dataSource);
		write(database, String.valueOf(unit.getJpaPropertyMap().get(TARGET)));
		logger.info(
				"The DDL of the metadata tables and of all entities is in {}, for {}; the database is left alone,"
						+ " and the application ends here because strates.schema.export-to is set",
				this.file, database);
		this.beanFactory.destroySingletons();
		System.exit(0);
	}

	private void write(Database database, String entities) {
		try (InputStream script = new ClassPathResource(database.script()).getInputStream()) {
			Files.createDirectories(Objects.requireNonNull(this.file.getParent()));
			String metadata = new String(script.readAllBytes(), StandardCharsets.UTF_8);
			Files.writeString(this.file,
					"-- Metadata of Strates\n" + metadata.stripTrailing() + "\n-- Entities\n" + entities);
		}
		catch (IOException ex) {
			throw new StratesStartException("The DDL cannot be written to " + this.file + " (" + ex + ")",
					"Let strates.schema.export-to name a file that can be written, or remove it.",
					new UncheckedIOException(ex));
		}
	}

}
