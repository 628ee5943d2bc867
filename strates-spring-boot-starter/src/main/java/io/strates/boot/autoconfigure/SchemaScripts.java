package io.strates.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import io.strates.internal.jdbc.Database;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The scripts that create the metadata tables, one for each database. */
final class SchemaScripts {

	private static final Pattern TABLE = Pattern.compile("create table if not exists (\\w+)");

	private SchemaScripts() {
	}

	static Database of(DataSource dataSource) {
		try {
			return Database.of(dataSource);
		}
		catch (IllegalStateException ex) {
			if (ex.getCause() != null) {
				throw ex; // cannot be reached: Spring Boot's analyzers know more
			}
			throw new StratesStartException(String.valueOf(ex.getMessage()),
					"Let spring.datasource.url name a supported database, or set strates.enabled=false.", ex);
		}
	}

	/** The tables in the script, so that none is forgotten. */
	static List<String> tables(Database database) {
		try {
			String script = new ClassPathResource(database.script()).getContentAsString(StandardCharsets.UTF_8);
			List<String> tables = new ArrayList<>();
			Matcher matcher = TABLE.matcher(script);
			while (matcher.find()) {
				tables.add(matcher.group(1));
			}
			return tables;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The metadata tables that are not in the database. */
	static List<String> missing(Database database, JdbcClient jdbc) {
		return tables(database).stream().filter((table) -> isMissing(table, jdbc)).toList();
	}

	private static boolean isMissing(String table, JdbcClient jdbc) {
		try {
			jdbc.sql("select count(*) from " + table + " where 1 = 0").query(Long.class).single();
			return false;
		}
		catch (BadSqlGrammarException ex) {
			return true;
		}
	}

}
