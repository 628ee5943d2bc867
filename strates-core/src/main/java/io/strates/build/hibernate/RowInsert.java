package io.strates.build.hibernate;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedType;
import io.strates.entity.hibernate.HibernateMapping;
import org.hibernate.JDBCException;
import org.hibernate.StatelessSession;
import org.hibernate.engine.internal.Versioning;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.CollectionType;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * Inserts rows on the connection of the current transaction.
 */
final class RowInsert {

	/** Those of PostgreSQL and of H2. */
	private static final Set<String> FOREIGN_KEY_STATES = Set.of("23503", "23506");

	private static final int MARIADB_NO_PARENT = 1452;

	/** Saves nearly all round trips, and keeps few statements in memory. */
	private static final int BATCH_SIZE = 500;

	private final SessionFactoryImplementor factory;

	private final DataSource dataSource;

	private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();

	RowInsert(SessionFactoryImplementor factory, DataSource dataSource) {
		this.factory = factory;
		this.dataSource = dataSource;
	}

	@SuppressWarnings("unchecked")
	void insert(StratifiedType type, EntityAccess access, List<Object> rows) {
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			RowPlan plan = access.plan();
			if (plan == null) {
				insertByHibernate(access.persister(), connection, rows);
			}
			else {
				access.insert().insert(connection, (List<@Nullable Object[]>) (List<?>) rows);
			}
		}
		catch (SQLException ex) {
			throw translated(type, ex);
		}
		catch (JDBCException ex) {
			throw isForeignKeyViolation(ex.getSQLException()) ? dangling(type, ex.getSQLException()) : ex;
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private RuntimeException translated(StratifiedType type, SQLException failure) {
		SQLException detail = (failure instanceof BatchUpdateException && failure.getNextException() != null)
				? failure.getNextException() : failure;
		if (isForeignKeyViolation(detail)) {
			return dangling(type, detail);
		}
		RuntimeException translated = this.translator.translate("insert of " + type.name(), null, detail);
		return (translated != null) ? translated
				: new UncategorizedSQLException("insert of " + type.name(), null, detail);
	}

	private static boolean isForeignKeyViolation(SQLException failure) {
		String state = failure.getSQLState();
		return (state != null && FOREIGN_KEY_STATES.contains(state)) || failure.getErrorCode() == MARIADB_NO_PARENT;
	}

	/** A row refers to one that is not there; the driver's text knows the table only. */
	private RuntimeException dangling(StratifiedType type, SQLException failure) {
		String constraint = this.factory.getJdbcServices()
			.getDialect()
			.getViolatedConstraintNameExtractor()
			.extractConstraintName(failure);
		HibernateMapping mapping = HibernateMapping.find(this.factory.getProperties());
		StratifiedReference reference = (constraint != null && mapping != null) ? mapping.findReference(constraint)
				: null;
		String problem = (reference != null) ? reference.name() + " points at a row that the build does not have"
				: "An association of " + type.name() + " points at a row that is not there";
		return new DataIntegrityViolationException(problem + "; write what others refer to first", failure);
	}

	/*
	 * Not by insertMultiple: a stateless session generates the id of what it inserts
	 * anew, although other rows refer to the one that the entity has.
	 */
	private void insertByHibernate(EntityPersister persister, Connection connection, List<Object> rows) {
		try (StatelessSession stateless = this.factory.withStatelessOptions()
			.connection(connection)
			.openStatelessSession()) {
			SharedSessionContractImplementor session = (SharedSessionContractImplementor) stateless;
			session.setJdbcBatchSize(BATCH_SIZE);
			rows.forEach((row) -> insert(persister, row, session));
			session.getJdbcCoordinator().executeBatch();
		}
	}

	private static void insert(EntityPersister persister, Object entity, SharedSessionContractImplementor session) {
		Object id = persister.getIdentifier(entity, session);
		@Nullable Object[] values = persister.getValues(entity);
		if (persister.isVersioned()) {
			Versioning.seedVersion(entity, values, persister, session);
		}
		persister.getInsertCoordinator().insert(entity, id, values, session);
		for (int i = 0; i < values.length; i++) {
			if (values[i] != null && persister.getPropertyTypes()[i] instanceof CollectionType type) {
				session.getFactory()
					.getMappingMetamodel()
					.getCollectionDescriptor(type.getRole())
					.recreate(type.wrap(session, values[i]), id, session);
			}
		}
	}

}
