package io.strates.store.hibernate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import io.strates.store.EntityModel;
import io.strates.store.EntityState;
import io.strates.store.EntityTable;
import io.strates.store.EntityTables;
import io.strates.store.Search;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FlushModeType;
import org.hibernate.StatelessSession;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The table of one entity of a persistence unit on Hibernate.
 *
 * <p>
 * In a transaction of the persistence unit, everything happens on its connection, after
 * its pending changes were flushed; entities that the transaction has loaded already do
 * not change with what the store writes. <b>Concurrency:</b> thread-safe. On databases
 * other than PostgreSQL, two transactions that insert the same id at the same moment
 * collide, and one of them is rejected.
 *
 * @param <T> the type of the entities
 * @param <ID> the type of their ids
 * @since 0.1.0
 */
/*
 * Rows are read and written by statements of our own, with the columns and the binders
 * that Hibernate has for them: no entity is made where flat states are wanted, and on
 * PostgreSQL one statement writes any number of rows and answers what they are then, with
 * what the database or an earlier insert has put into them. Hibernate's own upsert knows
 * neither attributes that are written once nor what became of them. Elsewhere the rows
 * that are there are locked first, so that it is known which to insert and which to
 * change, and read back afterwards.
 *
 * Searches go through Hibernate, since their conditions are those of JPA.
 */
public final class HibernateEntityTable<T, ID> implements EntityTable<T, ID> {

	private static final int MAX_PARAMETERS = 30_000;

	/** From how many rows on arrays are worth while. */
	private static final int MANY = 32;

	private final EntityManagerFactory entityManagerFactory;

	private final SessionFactoryImplementor factory;

	private final HibernateEntityModel<T, ID> model;

	private final List<Column> columns;

	private final List<ModelReader.Stamp> stamps;

	private final RowStatements statements;

	private final ColumnArrays arrays;

	private final HibernateSearch<T> searches;

	private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();

	private volatile @Nullable Boolean readCommittedByDefault;

	@SuppressWarnings("unchecked")
	private HibernateEntityTable(EntityManagerFactory entityManagerFactory, Class<T> type) {
		this.entityManagerFactory = entityManagerFactory;
		this.factory = entityManagerFactory.unwrap(SessionFactoryImplementor.class);
		ModelReader reader = new ModelReader(this.factory, type);
		this.model = new HibernateEntityModel<>(type, (Class<ID>) reader.idType(), reader.persister(),
				reader.attributes(), reader.nodes());
		this.columns = List.copyOf(reader.columns());
		this.stamps = List.copyOf(reader.stamps());
		String table = reader.persister().getIdentifierTableDetails().getTableName();
		this.statements = new RowStatements(table, this.columns, this.factory.getJdbcServices().getDialect());
		this.arrays = new ColumnArrays(table, this.columns);
		this.searches = new HibernateSearch<>(type, reader.persister().getEntityName());
	}

	/**
	 * Makes the table of an entity.
	 * @param entityManagerFactory the persistence unit, on Hibernate
	 * @param type the entity
	 * @param <T> the entity
	 * @return the table
	 * @throws io.strates.store.StoreDefinitionException if tiers cannot hold the entity
	 */
	public static <T> HibernateEntityTable<T, ?> of(EntityManagerFactory entityManagerFactory, Class<T> type) {
		return new HibernateEntityTable<T, Object>(entityManagerFactory, type);
	}

	/**
	 * Makes the tables of all entities of a persistence unit.
	 * @param entityManagerFactory the persistence unit, on Hibernate
	 * @return the tables
	 */
	public static EntityTables tables(EntityManagerFactory entityManagerFactory) {
		return new EntityTables() {
			@Override
			public <T> EntityTable<T, ?> table(Class<T> type) {
				return of(entityManagerFactory, type);
			}
		};
	}

	@Override
	public EntityModel<T, ID> model() {
		return this.model;
	}

	@Override
	public Map<ID, EntityState> load(Collection<ID> ids) {
		List<ID> wanted = new ArrayList<>(ids);
		Map<ID, EntityState> found = new LinkedHashMap<>();
		inSession((session) -> {
			for (int from = 0; from < wanted.size(); from += MAX_PARAMETERS) {
				load(session, wanted.subList(from, Math.min(wanted.size(), from + MAX_PARAMETERS)), found);
			}
			return found;
		});
		return found;
	}

	private void load(SharedSessionContractImplementor session, List<ID> ids, Map<ID, EntityState> found) {
		int parameters = RowStatements.padded(ids.size());
		execute(session, this.statements.select(parameters), (statement) -> {
			bindIds(session, statement, ids, parameters);
			try (ResultSet rows = statement.executeQuery()) {
				read(session, rows, found);
			}
		});
	}

	private void bindIds(SharedSessionContractImplementor session, PreparedStatement statement, List<ID> ids,
			int parameters) throws SQLException {
		Column id = this.columns.get(0);
		for (int i = 0; i < parameters; i++) {
			id.bind(statement, i + 1, ids.get(Math.min(i, ids.size() - 1)), session);
		}
	}

	private void read(SharedSessionContractImplementor session, ResultSet rows, Map<ID, EntityState> found)
			throws SQLException {
		while (rows.next()) {
			@Nullable Object[] values = new @Nullable Object[this.columns.size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = this.columns.get(i).read(rows, i + 1, session);
			}
			found.put(this.model.idType().cast(values[0]), EntityState.of(values));
		}
	}

	@Override
	public EntityState stamped(EntityState state) {
		if (this.stamps.isEmpty()) {
			return state;
		}
		EntityState stamped = state;
		try (StatelessSession stateless = this.factory.openStatelessSession()) {
			SharedSessionContractImplementor session = (SharedSessionContractImplementor) stateless;
			T entity = this.model.entity(state);
			for (ModelReader.Stamp stamp : this.stamps) {
				BeforeExecutionGenerator generator = (BeforeExecutionGenerator) stamp.generator();
				EventType event = generator.generatesOnInsert() ? EventType.INSERT : EventType.UPDATE;
				Object value = generator.generate(session, entity, state.value(stamp.place()), event);
				stamped = stamped.with(stamp.place(),
						this.columns.get(stamp.place()).mapping().convertToRelationalValue(value));
			}
		}
		return stamped;
	}

	@Override
	public List<EntityState> upsert(List<EntityState> states) {
		Map<List<Integer>, List<EntityState>> groups = new LinkedHashMap<>();
		states.forEach((state) -> groups.computeIfAbsent(kept(state), (places) -> new ArrayList<>()).add(state));
		Map<ID, EntityState> written = new LinkedHashMap<>();
		inSession((session) -> {
			groups.forEach((without, rows) -> {
				List<Column> columns = this.statements.written(without);
				int size = Math.max(1, MAX_PARAMETERS / columns.size());
				for (int from = 0; from < rows.size(); from += size) {
					write(session, columns, rows.subList(from, Math.min(rows.size(), from + size)), written);
				}
			});
			return written;
		});
		List<EntityState> after = new ArrayList<>();
		states.forEach((state) -> {
			EntityState found = written.get(idOf(state));
			if (found == null) {
				throw new IllegalStateException("Row " + idOf(state) + " of " + this.model.type().getSimpleName()
						+ " was written and is not there; a trigger or rule of the table suppresses writes");
			}
			after.add(found);
		});
		return after;
	}

	private ID idOf(EntityState state) {
		ID id = this.model.idOf(state);
		if (id == null) {
			throw new IllegalStateException("A row of " + this.model.type().getSimpleName() + " has no id");
		}
		return id;
	}

	/** The places whose columns stay as they are. */
	private List<Integer> kept(EntityState state) {
		List<Integer> places = new ArrayList<>(0);
		for (int place = 0; place < this.columns.size(); place++) {
			if (this.columns.get(place).kept() && state.value(place) == null) {
				places.add(place);
			}
		}
		return places;
	}

	private void write(SharedSessionContractImplementor session, List<Column> written, List<EntityState> rows,
			Map<ID, EntityState> after) {
		if (this.statements.upserts()) {
			upsert(session, written, rows, after);
			return;
		}
		List<ID> ids = rows.stream().map(this::idOf).toList();
		List<ID> there = locked(session, ids);
		List<EntityState> missing = rows.stream().filter((row) -> !there.contains(idOf(row))).toList();
		if (!missing.isEmpty()) {
			execute(session, this.statements.insert(written, missing.size()), (statement) -> {
				bindRows(session, statement, written, missing);
				statement.executeUpdate();
			});
		}
		update(session, written.stream().filter(Column::updated).toList(),
				rows.stream().filter((row) -> there.contains(idOf(row))).toList());
		load(session, ids, after);
	}

	private void upsert(SharedSessionContractImplementor session, List<Column> written, List<EntityState> rows,
			Map<ID, EntityState> after) {
		List<String> types = (rows.size() >= MANY)
				? this.arrays.types(written, rows, (sql, work) -> execute(session, sql, work)) : null;
		String sql = (types != null) ? this.statements.upsertArrays(written, types)
				: this.statements.upsert(written, rows.size());
		execute(session, sql, (statement) -> {
			if (types != null) {
				this.arrays.bind(statement, written, types, rows);
			}
			else {
				bindRows(session, statement, written, rows);
			}
			try (ResultSet answer = statement.executeQuery()) {
				read(session, answer, after);
			}
		});
	}

	private List<ID> locked(SharedSessionContractImplementor session, List<ID> ids) {
		List<ID> there = new ArrayList<>();
		execute(session, this.statements.selectToChange(ids.size()), (statement) -> {
			bindIds(session, statement, ids, ids.size());
			try (ResultSet rows = statement.executeQuery()) {
				while (rows.next()) {
					there.add(this.model.idType().cast(this.columns.get(0).read(rows, 1, session)));
				}
			}
		});
		return there;
	}

	private void update(SharedSessionContractImplementor session, List<Column> updated, List<EntityState> rows) {
		if (rows.isEmpty() || updated.isEmpty()) {
			return;
		}
		execute(session, this.statements.update(updated), (statement) -> {
			for (EntityState row : rows) {
				int parameter = 1;
				for (Column column : updated) {
					column.bind(statement, parameter++, row.value(this.columns.indexOf(column)), session);
				}
				this.columns.get(0).bind(statement, parameter, row.value(0), session);
				statement.addBatch();
			}
			statement.executeBatch();
		});
	}

	private void bindRows(SharedSessionContractImplementor session, PreparedStatement statement, List<Column> written,
			List<EntityState> rows) throws SQLException {
		int[] places = written.stream().mapToInt(this.columns::indexOf).toArray();
		int parameter = 1;
		for (EntityState row : rows) {
			for (int i = 0; i < places.length; i++) {
				written.get(i).bind(statement, parameter++, row.value(places[i]), session);
			}
		}
	}

	@Override
	public void delete(Collection<ID> ids) {
		List<ID> all = new ArrayList<>(ids);
		inSession((session) -> {
			for (int from = 0; from < all.size(); from += MAX_PARAMETERS) {
				List<ID> part = all.subList(from, Math.min(all.size(), from + MAX_PARAMETERS));
				int parameters = RowStatements.padded(part.size());
				execute(session, this.statements.delete(parameters), (statement) -> {
					bindIds(session, statement, part, parameters);
					statement.executeUpdate();
				});
			}
			return all;
		});
	}

	@Override
	public List<EntityState> search(Search<T> search) {
		return inSession((session) -> this.searches.run((StatelessSession) session, search)
			.stream()
			.map(this.model::state)
			.toList());
	}

	@Override
	public long count(Search<T> search) {
		return inSession((session) -> this.searches.count((StatelessSession) session, search));
	}

	@Override
	public void scan(long limit, int pageSize, Runnable beforePage, Predicate<List<EntityState>> pages) {
		long left = limit;
		ID last = null;
		while (left > 0) {
			int size = (int) Math.min(pageSize, left);
			beforePage.run();
			List<EntityState> page = page(last, size);
			if (page.isEmpty() || !pages.test(page) || page.size() < size) {
				return;
			}
			left -= page.size();
			last = idOf(page.get(page.size() - 1));
		}
	}

	private List<EntityState> page(@Nullable ID after, int size) {
		Map<ID, EntityState> page = new LinkedHashMap<>();
		inSession((session) -> {
			execute(session, this.statements.page(after == null), (statement) -> {
				if (after != null) {
					this.columns.get(0).bind(statement, 1, after, session);
				}
				statement.setInt((after == null) ? 1 : 2, size);
				try (ResultSet rows = statement.executeQuery()) {
					read(session, rows, page);
				}
			});
			return page;
		});
		return new ArrayList<>(page.values());
	}

	@Override
	public boolean readsNewest() {
		if (!TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			return false;
		}
		Integer level = TransactionSynchronizationManager.getCurrentTransactionIsolationLevel();
		return (level != null) ? level == Connection.TRANSACTION_READ_COMMITTED : isReadCommittedByDefault();
	}

	private boolean isReadCommittedByDefault() {
		Boolean known = this.readCommittedByDefault;
		if (known == null) {
			try (StatelessSession session = this.factory.openStatelessSession()) {
				known = session.doReturningWork(
						(connection) -> connection.getTransactionIsolation() == Connection.TRANSACTION_READ_COMMITTED);
			}
			this.readCommittedByDefault = known;
		}
		return known;
	}

	@Override
	public boolean inTransaction() {
		return current() != null;
	}

	/** The entity manager of the transaction, unless that is one of another database. */
	private @Nullable EntityManager current() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return null;
		}
		EntityManager bound = EntityManagerFactoryUtils.getTransactionalEntityManager(this.entityManagerFactory);
		return (bound != null && bound.isJoinedToTransaction()) ? bound : null;
	}

	private <R> R inSession(Function<SharedSessionContractImplementor, R> work) {
		EntityManager current = current();
		if (current == null) {
			try (StatelessSession session = this.factory.openStatelessSession()) {
				return work.apply((SharedSessionContractImplementor) session);
			}
		}
		if (current.getFlushMode() == FlushModeType.AUTO
				&& !TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
			current.flush();
		}
		Connection connection = current.unwrap(SharedSessionContractImplementor.class)
			.getJdbcCoordinator()
			.getLogicalConnection()
			.getPhysicalConnection();
		try (StatelessSession session = this.factory.withStatelessOptions()
			.connection(connection)
			.openStatelessSession()) {
			return work.apply((SharedSessionContractImplementor) session);
		}
	}

	private void execute(SharedSessionContractImplementor session, String sql, StatementWork work) {
		PreparedStatement statement = session.getJdbcCoordinator().getStatementPreparer().prepareStatement(sql);
		try {
			int seconds = secondsLeft();
			if (seconds > 0) {
				statement.setQueryTimeout(seconds);
			}
			work.run(statement);
		}
		catch (SQLException ex) {
			RuntimeException translated = this.translator.translate("rows of " + this.model.type().getSimpleName(),
					null, ex);
			throw (translated != null) ? translated
					: new UncategorizedSQLException("rows of " + this.model.type().getSimpleName(), null, ex);
		}
		finally {
			session.getJdbcCoordinator().getLogicalConnection().getResourceRegistry().release(statement);
			session.getJdbcCoordinator().afterStatementExecution();
		}
	}

	private int secondsLeft() {
		Object holder = TransactionSynchronizationManager.isActualTransactionActive()
				? TransactionSynchronizationManager.getResource(this.entityManagerFactory) : null;
		return (holder instanceof EntityManagerHolder manager && manager.hasTimeout())
				? manager.getTimeToLiveInSeconds() : 0;
	}

}
