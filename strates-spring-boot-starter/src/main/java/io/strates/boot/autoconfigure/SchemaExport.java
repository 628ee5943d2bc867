package io.strates.boot.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import javax.sql.DataSource;

import io.strates.internal.jdbc.Database;
import org.hibernate.cfg.SchemaToolingSettings;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.io.ClassPathResource;

/**
 * Writes the script of the metadata tables to a file and lets Hibernate add the DDL of
 * the entities. Ours comes first, because what follows may fail for want of the very
 * tables.
 */
final class SchemaExport {

	private final File file;

	private final ObjectProvider<DataSource> dataSource;

	SchemaExport(File file, ObjectProvider<DataSource> dataSource) {
		this.file = file;
		this.dataSource = dataSource;
	}

	void prepare(Map<String, Object> settings) {
		Object own = settings.get(SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION);
		if (own != null) {
			throw new StratesStartException(
					"Both strates.schema.export-to and " + SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION
							+ " want to export DDL",
					"Remove strates.schema.export-to, or the properties spring.jpa.properties."
							+ "jakarta.persistence.schema-generation.scripts.*.");
		}
		Path path = this.file.toPath().toAbsolutePath();
		write(path, SchemaScripts.of(this.dataSource.getObject()));
		settings.put(SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_ACTION, "create");
		settings.put(SchemaToolingSettings.JAKARTA_HBM2DDL_SCRIPTS_CREATE_TARGET, path.toString());
		settings.put(SchemaToolingSettings.HBM2DDL_SCRIPTS_CREATE_APPEND, "true");
		settings.putIfAbsent(SchemaToolingSettings.HBM2DDL_DELIMITER, ";");
	}

	private static void write(Path path, Database database) {
		try (InputStream script = new ClassPathResource(database.script()).getInputStream()) {
			Files.createDirectories(path.getParent());
			String metadata = new String(script.readAllBytes(), StandardCharsets.UTF_8);
			Files.writeString(path, "-- Metadata of Strates\n" + metadata.stripTrailing() + "\n-- Entities\n");
		}
		catch (IOException ex) {
			throw new StratesStartException("The DDL cannot be written to " + path + " (" + ex + ")",
					"Let strates.schema.export-to name a file that can be written, or remove it.",
					new UncheckedIOException(ex));
		}
	}

}
