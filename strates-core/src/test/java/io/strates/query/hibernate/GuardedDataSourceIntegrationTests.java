package io.strates.query.hibernate;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.dev.DevPostgres;
import io.strates.gc.RetentionPolicy;
import io.strates.query.Difference;
import io.strates.query.UnpinnedStatementException;
import io.strates.shop.Catalog;
import io.strates.shop.Product;
import io.strates.shop.TwoBuilds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link GuardedDataSource}, and for what raw JDBC reads without it.
 */
class GuardedDataSourceIntegrationTests {

	private static TestNode node;

	private static TwoBuilds two;

	private static StatementGuard guard;

	private static GuardedDataSource guarded;

	private static JdbcTemplate jdbc;

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase()).logStatements().build();
		guard = new StatementGuard(node.mapping::schemaIfBound, node.bound, () -> node.permits, null);
		guarded = new GuardedDataSource(node.dataSource, guard);
		jdbc = new JdbcTemplate(guarded);
		two = new TwoBuilds(node);
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@Test
	void plainDataSourceReadsTheRowsOfAllBuilds() {
		long count = new JdbcTemplate(node.dataSource).queryForObject("select count(*) from product", Long.class);

		assertThat(count).isEqualTo(two.x.products() + two.y.products());
	}

	@Test
	void queryWithoutBuildIsRefusedWithAndWithoutParameters() {
		assertThatThrownBy(() -> jdbc.queryForObject("select count(*) from product", Long.class))
			.isInstanceOf(UnpinnedStatementException.class);
		assertThatThrownBy(() -> jdbc.queryForObject("select count(*) from product where id = ?", Long.class, 1))
			.isInstanceOf(UnpinnedStatementException.class);
	}

	@Test
	void queryThatFixesTheBuildPasses() {
		Long count = jdbc.queryForObject("select count(*) from product where build_strate = ?", Long.class,
				two.x.build());

		assertThat(count).isEqualTo(two.x.products());
	}

	@Test
	void changeAndBatchWithoutBuildAreRefused() {
		assertThatThrownBy(() -> jdbc.update("delete from product where id = 1"))
			.isInstanceOf(UnpinnedStatementException.class);
		assertThatThrownBy(() -> jdbc.batchUpdate("delete from product", "delete from catalog"))
			.isInstanceOf(UnpinnedStatementException.class);
		assertThatThrownBy(() -> jdbc.update("truncate product cascade"))
			.isInstanceOf(UnpinnedStatementException.class);
	}

	@Test
	void otherTablesAreReadAsEver() {
		assertThat(jdbc.queryForList("select name from currency", String.class)).containsExactly("Euro");
	}

	@Test
	void failureOfTheDatabaseArrivesAsItIs() throws SQLException {
		try (Connection connection = guarded.getConnection(); Statement statement = connection.createStatement()) {
			assertThatThrownBy(() -> statement.executeQuery("select * from nowhere"))
				.isExactlyInstanceOf(PSQLException.class);
		}
	}

	@Test
	void connectionIsEqualToItselfAndUnwraps() throws SQLException {
		try (Connection connection = guarded.getConnection(); Connection other = guarded.getConnection()) {
			assertThat(List.of(connection)).contains(connection).doesNotContain(other);
			assertThat(connection.unwrap(PGConnection.class)).isNotNull();
		}
	}

	@Test
	void connectionOfAStatementOrOfMetadataIsTheOneThatChecks() throws SQLException {
		try (Connection connection = guarded.getConnection();
				Statement plain = connection.createStatement();
				PreparedStatement prepared = connection.prepareStatement("select name from currency");
				CallableStatement callable = connection.prepareCall("select 1")) {
			assertThat(plain.getConnection()).isSameAs(connection);
			assertThat(prepared.getConnection()).isSameAs(connection);
			assertThat(callable.getConnection()).isSameAs(connection);
			assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
			assertThatThrownBy(() -> prepared.getConnection().prepareStatement("select * from product"))
				.isInstanceOf(UnpinnedStatementException.class);
		}
	}

	@Test
	void everyStatementOfTheLibraryPasses() {
		Duration day = Duration.ofDays(1);
		List<Difference> differences;
		try (Stream<Difference> found = node.queries.difference(Product.class, two.x.request(), two.y.request())) {
			differences = found.toList();
		}
		node.queries.pinned("catalog", "north", () -> node.products.findAll());
		try (Build failed = node.builds.open("catalog", "south")) {
			failed.writer().write(new Catalog(1, "south", 0));
			failed.fail(new IllegalStateException("given up"));
		}
		node.collector()
			.policy(new RetentionPolicy(10, Duration.ofNanos(1_000), day, day, day))
			.batchSize(2)
			.owner("node-1")
			.build()
			.collect();

		List<String> statements = node.statements.statements();

		assertThat(differences).isNotEmpty();
		assertThat(statements).anyMatch((sql) -> sql.startsWith("delete from")).hasSizeGreaterThan(20);
		assertThat(statements).allSatisfy((sql) -> guard.requireFixed(sql));
	}

}
