package io.strates.build.hibernate;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import io.strates.entity.StratifiedType;
import org.hibernate.StatelessSession;
import org.hibernate.engine.internal.Versioning;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.CollectionType;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * Inserts rows on the connection of the current transaction.
 */
final class RowInsert {

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
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private RuntimeException translated(StratifiedType type, SQLException failure) {
		SQLException detail = (failure instanceof BatchUpdateException && failure.getNextException() != null)
				? failure.getNextException() : failure;
		RuntimeException translated = this.translator.translate("insert of " + type.name(), null, detail);
		return (translated != null) ? translated
				: new UncategorizedSQLException("insert of " + type.name(), null, detail);
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
			session.setJdbcBatchSize(500);
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
