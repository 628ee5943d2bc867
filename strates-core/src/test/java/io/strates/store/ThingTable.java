package io.strates.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.strates.StatementLog;
import io.strates.dev.DevDatabase;
import io.strates.internal.jdbc.Database;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.init.DatabasePopulatorUtils;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A table that queued writes end in, with a history of all that was ever committed. The
 * state of a thing is its content, and after a colon, if any, its parent.
 */
final class ThingTable implements BatchTarget, AutoCloseable {

	private static final String LONGEST = "20";

	final Database database;

	final StatementLog log;

	final JdbcClient jdbc;

	final FlushTable flushes;

	private final HikariDataSource pool;

	private volatile boolean down;

	/** Runs before a batch is applied, in its transaction. */
	private volatile Consumer<List<QueuedWrite>> before = (writes) -> {
	};

	/** Runs when a batch is applied, before the commit. */
	private volatile Consumer<List<QueuedWrite>> after = (writes) -> {
	};

	ThingTable(DevDatabase server) {
		this.pool = new HikariDataSource();
		this.pool.setJdbcUrl(server.jdbcUrl());
		this.pool.setUsername(server.username());
		this.pool.setPassword(server.password());
		this.pool.setMaximumPoolSize(4);
		this.database = Database.of(this.pool);
		this.log = new StatementLog(new Breakable(this.pool), true);
		this.jdbc = JdbcClient.create(this.log);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.log));
		transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.flushes = new FlushTable(this.jdbc, this.database, transaction);
	}

	ThingTable create() {
		ResourceDatabasePopulator script = new ResourceDatabasePopulator(new ClassPathResource(this.database.script()));
		DatabasePopulatorUtils.execute(script, this.pool);
		this.jdbc
			.sql("create table thing (id varchar(50) not null primary key, content varchar(" + LONGEST
					+ ") not null, parent varchar(50), foreign key (parent) references thing (id))")
			.update();
		this.jdbc.sql("create table thing_history (id varchar(50) not null, content varchar(50) not null)").update();
		return this;
	}

	@Override
	public void apply(List<QueuedWrite> writes) {
		this.before.accept(writes);
		List<QueuedWrite> run = new ArrayList<>();
		for (QueuedWrite write : writes) {
			if (!run.isEmpty() && (run.get(0).state() == null) != (write.state() == null)) {
				applyRun(run);
				run.clear();
			}
			run.add(write);
		}
		applyRun(run);
		this.after.accept(writes);
	}

	private void applyRun(List<QueuedWrite> writes) {
		if (writes.get(0).state() == null) {
			this.jdbc.sql("delete from thing where id in (:ids)")
				.param("ids", writes.stream().map(QueuedWrite::id).toList())
				.update();
		}
		else {
			this.jdbc.sql(upsert(writes.size())).params(writes.stream().flatMap((write) -> {
				String[] state = content(write).split(":");
				return Stream.of(write.id(), state[0], (state.length > 1) ? state[1] : null);
			}).toList()).update();
		}
		this.jdbc
			.sql("insert into thing_history (id, content) values " + "(?, ?), ".repeat(writes.size() - 1) + "(?, ?)")
			.params(writes.stream().flatMap((write) -> Stream.of(write.id(), content(write))).toList())
			.update();
	}

	private String upsert(int rows) {
		String values = "(?, ?, ?), ".repeat(rows - 1) + "(?, ?, ?)";
		return switch (this.database) {
			case POSTGRESQL -> "insert into thing (id, content, parent) values " + values
					+ " on conflict (id) do update set content = excluded.content, parent = excluded.parent";
			case H2 -> "merge into thing (id, content, parent) key (id) values " + values;
			default -> "insert into thing (id, content, parent) values " + values
					+ " on duplicate key update content = values(content), parent = values(parent)";
		};
	}

	private static String content(QueuedWrite write) {
		byte[] state = write.state();
		return (state != null) ? new String(state, StandardCharsets.UTF_8) : "-";
	}

	static QueuedWrite put(String id, String content) {
		return new QueuedWrite(id, content.getBytes(StandardCharsets.UTF_8));
	}

	static QueuedWrite delete(String id) {
		return new QueuedWrite(id, null);
	}

	void before(Consumer<List<QueuedWrite>> event) {
		this.before = event;
	}

	void after(Consumer<List<QueuedWrite>> event) {
		this.after = event;
	}

	/** Lets every connection fail, or none. */
	void down(boolean broken) {
		this.down = broken;
	}

	Map<String, String> rows() {
		Map<String, String> rows = new LinkedHashMap<>();
		this.jdbc.sql("select id, content from thing order by id").query((row) -> {
			rows.put(row.getString(1), row.getString(2));
		});
		return rows;
	}

	/** What was committed of an id, in no order. */
	List<String> history(String id) {
		return this.jdbc.sql("select content from thing_history where id = ? order by content")
			.param(id)
			.query(String.class)
			.list();
	}

	long historySize() {
		return this.jdbc.sql("select count(*) from thing_history").query(Long.class).single();
	}

	@Override
	public void close() {
		this.pool.close();
	}

	/** Connections that fail while the database is down. */
	private final class Breakable extends DelegatingDataSource {

		Breakable(DataSource target) {
			super(target);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (ThingTable.this.down) {
				throw new SQLNonTransientConnectionException("Connection refused", "08001");
			}
			return super.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	}

}
