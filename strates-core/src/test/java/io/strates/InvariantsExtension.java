package io.strates;

import java.util.Locale;
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
			here.tables.put(table.name(), table);
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

		private final Map<String, StratifiedTable> tables = new ConcurrentHashMap<>();

		private void checkRows(DevDatabase database) {
			SingleConnectionDataSource connection = new SingleConnectionDataSource(database.jdbcUrl(),
					database.username(), database.password(), true);
			try {
				JdbcClient jdbc = JdbcClient.create(connection);
				ReleaseInvariants.check(jdbc);
				Set<String> existing = new TreeSet<>(
						jdbc.sql("select lower(table_name) from information_schema.tables").query(String.class).list());
				for (StratifiedTable table : this.tables.values()) {
					if (existing.contains(table.name().toLowerCase(Locale.ROOT))) {
						checkOrphans(jdbc, table);
						checkCounts(jdbc, table);
					}
				}
			}
			finally {
				connection.destroy();
			}
		}

		private static void checkOrphans(JdbcClient jdbc, StratifiedTable table) {
			assertThat(jdbc
				.sql("select distinct t." + table.buildColumn() + " from " + table.name()
						+ " t left join stratified_build b on b.build_strate = t." + table.buildColumn()
						+ " where b.build_strate is null or b.status = 'COLLECTED'")
				.query()
				.listOfRows()).as("builds with rows in %s that are collected or were never opened", table.name())
				.isEmpty();
		}

		private static void checkCounts(JdbcClient jdbc, StratifiedTable table) {
			if (table.kind() != StratifiedTable.Kind.COLLECTION) {
				assertThat(jdbc
					.sql("select r.build_strate, r.row_count from stratified_build_rows r"
							+ " join stratified_build b on b.build_strate = r.build_strate"
							+ " where b.status in ('SEALED', 'RELEASED', 'REJECTED') and r.entity = ?"
							+ " and r.row_count <> (select count(*) from " + table.name() + " t where t."
							+ table.buildColumn() + " = r.build_strate)")
					.param(table.type().name())
					.query()
					.listOfRows()).as("sealed builds whose rows in %s are no longer those counted", table.name())
					.isEmpty();
			}
		}

	}

}
