package io.strates.build;

import java.util.function.Supplier;

import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedTable;
import io.strates.internal.jdbc.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The planner's statistics of stratified tables, which PostgreSQL gathers too late for
 * whoever writes or reads right after a bulk load. Does nothing on other databases.
 */
final class TableStatistics {

	private static final Logger logger = LoggerFactory.getLogger(TableStatistics.class);

	/** Builds of fewer rows do not change a plan for the worse. */
	private static final long ANALYZE_FROM = 5_000;

	/** Below this, the planner knows of no rows worth the name. */
	private static final double KNOWN_FROM = 100;

	private final Supplier<StratifiedSchema> schema;

	private final JdbcClient jdbc;

	private final Database database;

	TableStatistics(Supplier<StratifiedSchema> schema, JdbcClient jdbc, Database database) {
		this.schema = schema;
		this.jdbc = jdbc;
		this.database = database;
	}

	/** Gathers statistics of the tables of an entity that have none worth the name. */
	void analyzeIfUnknown(String scope, String entity) {
		if (this.database != Database.POSTGRESQL) {
			return;
		}
		for (StratifiedTable table : this.schema.get().parentsFirst(scope)) {
			if (table.type().name().equals(entity) && rowsKnown(table) < KNOWN_FROM) {
				analyze(table);
			}
		}
	}

	/** Fresh statistics after a bulk load, so that the first readers get good plans. */
	void analyze(BuildInfo build) {
		if (this.database != Database.POSTGRESQL
				|| build.rowCounts().values().stream().mapToLong(Long::longValue).sum() < ANALYZE_FROM) {
			return;
		}
		for (StratifiedTable table : this.schema.get().parentsFirst(build.scope())) {
			try {
				analyze(table);
			}
			catch (DataAccessException ex) {
				logger.debug("Statistics of {} were not refreshed: {}", table.name(), ex.toString());
			}
		}
	}

	private void analyze(StratifiedTable table) {
		this.jdbc.sql("analyze " + table.name()).update();
	}

	private double rowsKnown(StratifiedTable table) {
		return this.jdbc.sql("select reltuples from pg_class where oid = to_regclass(?)")
			.param(table.name())
			.query(Double.class)
			.optional()
			.orElse(0.0);
	}

}
