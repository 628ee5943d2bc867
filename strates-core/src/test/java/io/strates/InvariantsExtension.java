package io.strates;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import io.strates.dev.DevDatabase;
import io.strates.entity.StratifiedTable;
import io.strates.release.ReleaseInvariants;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks after each test what must hold of every database that a {@link TestNode} was on,
 * and that no pin was left behind. JUnit finds it by itself for all tests of this module.
 */
public final class InvariantsExtension implements AfterEachCallback, ParameterResolver {

	private static final Map<DevDatabase, Watched> watched = new ConcurrentHashMap<>();

	/** Has a node's database checked from now on. */
	static void opened(TestNode node, DevDatabase database) {
		Watched here = watched.computeIfAbsent(database, (any) -> new Watched());
		here.nodes.add(node);
		for (StratifiedTable table : node.mapping.schema().tables()) {
			here.buildColumns.put(table.name(), table.buildColumn());
		}
	}

	/** Has a node's database checked once more, unless other nodes are on it. */
	static void closed(TestNode node) {
		watched.values().forEach((here) -> here.nodes.remove(node));
	}

	@Override
	public void afterEach(ExtensionContext context) {
		check();
	}

	/** Checks every database that was used since the last check. */
	void check() {
		watched.forEach((database, here) -> {
			if (here.nodes.isEmpty()) {
				watched.remove(database);
			}
			here.nodes.forEach(InvariantsExtension::checkPins);
			here.checkRows(database);
		});
	}

	private static void checkPins(TestNode node) {
		for (String scope : node.mapping.model().scopes()) {
			assertThat(node.bound.find(scope)).as("pin of scope %s that was left behind", scope).isNull();
		}
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType().equals(InvariantsExtension.class);
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return this;
	}

	/** The nodes of one database, and the tables with rows of builds that they know. */
	private static final class Watched {

		private final Set<TestNode> nodes = ConcurrentHashMap.newKeySet();

		private final Map<String, String> buildColumns = new ConcurrentHashMap<>();

		private void checkRows(DevDatabase database) {
			SingleConnectionDataSource connection = new SingleConnectionDataSource(database.jdbcUrl(),
					database.username(), database.password(), true);
			try {
				JdbcClient jdbc = JdbcClient.create(connection);
				ReleaseInvariants.check(jdbc);
				Set<String> tables = new TreeSet<>(
						jdbc.sql("select lower(table_name) from information_schema.tables").query(String.class).list());
				this.buildColumns.forEach((table, buildColumn) -> {
					if (tables.contains(table.toLowerCase(java.util.Locale.ROOT))) {
						checkOrphans(jdbc, table, buildColumn);
					}
				});
			}
			finally {
				connection.destroy();
			}
		}

		private static void checkOrphans(JdbcClient jdbc, String table, String buildColumn) {
			assertThat(jdbc
				.sql("select distinct t." + buildColumn + " from " + table
						+ " t left join stratified_build b on b.build_strate = t." + buildColumn
						+ " where b.build_strate is null or b.status = 'COLLECTED'")
				.query()
				.listOfRows()).as("builds with rows in %s that are collected or were never opened", table).isEmpty();
		}

	}

}
