package io.strates.entity.hibernate;

import java.util.List;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedSchema;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.relational.SqlStringGenerationContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;

/**
 * Puts keys into the order (build, id), adds the foreign keys, unique keys and indexes
 * that Hibernate leaves out where a formula takes part in a join, and records the tables.
 */
final class SchemaIntegrator {

	private final HibernateMapping mapping;

	private final Metadata metadata;

	private final Dialect dialect;

	private final SqlStringGenerationContext names;

	SchemaIntegrator(HibernateMapping mapping, Metadata metadata, SessionFactoryImplementor factory) {
		this.mapping = mapping;
		this.metadata = metadata;
		this.dialect = factory.getJdbcServices().getDialect();
		this.names = factory.getSqlStringGenerationContext();
	}

	/** To be called before any schema is exported or validated. */
	void run() {
		BoundTables tables = new BoundTables(this.mapping.model(), this.dialect, this.names);
		this.metadata.getEntityBindings().forEach(tables::record);
		this.metadata.getCollectionBindings().forEach(tables::record);
		this.mapping.reordered().addAll(new KeyOrder(tables).run());
		TableIndexes indexes = new TableIndexes(this.dialect);
		tables.keys().forEach(indexes::lead);
		List<StratifiedReference> references = new BoundJoins(this.mapping, this.metadata, tables, indexes).run();
		this.mapping.bind(new StratifiedSchema(this.mapping.model(), tables.all(), references));
	}

}
