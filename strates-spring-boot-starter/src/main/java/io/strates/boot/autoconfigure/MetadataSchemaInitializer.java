package io.strates.boot.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;

/** Creates the metadata tables where that is wanted; what is there already stays. */
final class MetadataSchemaInitializer extends DataSourceScriptDatabaseInitializer {

	private MetadataSchemaInitializer(DataSource dataSource, DatabaseInitializationSettings settings) {
		super(dataSource, settings);
	}

	static MetadataSchemaInitializer of(DataSource dataSource, DatabaseInitializationMode mode) {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setMode(mode);
		if (mode != DatabaseInitializationMode.NEVER) {
			settings.setSchemaLocations(List.of("classpath:" + SchemaScripts.of(dataSource).script()));
		}
		return new MetadataSchemaInitializer(dataSource, settings);
	}

}
