package io.strates.boot.autoconfigure;

import java.sql.Connection;
import java.util.List;

import javax.sql.DataSource;

import io.strates.internal.jdbc.Database;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How the metadata tables are reached: with plain SQL, in the transactions of the
 * persistence unit.
 *
 * @param database the database
 * @param jdbc the client of the unit's data source
 * @param joining joins the caller's transaction, or runs one
 * @param own always runs a transaction of its own
 */
record MetadataAccess(Database database, JdbcClient jdbc, TransactionOperations joining, TransactionOperations own) {

	static MetadataAccess of(StratifiedUnit unit, StratesProperties.Schema schema) {
		DataSource dataSource = unit.dataSource();
		Database database = SchemaScripts.of(dataSource);
		JdbcClient jdbc = JdbcClient.create(dataSource);
		requireTables(database, jdbc, schema);
		int isolation = isolation(dataSource);
		return new MetadataAccess(database, jdbc,
				transaction(unit.transactionManager(), TransactionDefinition.PROPAGATION_REQUIRED, isolation),
				transaction(unit.transactionManager(), TransactionDefinition.PROPAGATION_REQUIRES_NEW, isolation));
	}

	private static void requireTables(Database database, JdbcClient jdbc, StratesProperties.Schema schema) {
		List<String> missing = SchemaScripts.missing(database, jdbc);
		if (!missing.isEmpty()) {
			throw new StratesStartException("The " + database + " database lacks the metadata tables " + missing
					+ ", and strates.schema.initialize=" + schema.initialize().name().toLowerCase(java.util.Locale.ROOT)
					+ " does not create them there",
					"Set strates.schema.initialize=always, or add the script classpath:" + database.script()
							+ " to your migrations. To have it written to a file together with the DDL of your entities,"
							+ " start once with --strates.schema.export-to=<file>.");
		}
	}

	/**
	 * Compare-and-set needs READ COMMITTED. It is asked for only where it is not the
	 * default anyway, since asking costs a round trip in each transaction.
	 */
	private static int isolation(DataSource dataSource) {
		Integer found = new JdbcTemplate(dataSource)
			.execute((ConnectionCallback<Integer>) Connection::getTransactionIsolation);
		return (found != null && found == Connection.TRANSACTION_READ_COMMITTED)
				? TransactionDefinition.ISOLATION_DEFAULT : TransactionDefinition.ISOLATION_READ_COMMITTED;
	}

	private static TransactionOperations transaction(PlatformTransactionManager manager, int propagation,
			int isolation) {
		TransactionTemplate template = new TransactionTemplate(manager);
		template.setPropagationBehavior(propagation);
		template.setIsolationLevel(isolation);
		return template;
	}

}
