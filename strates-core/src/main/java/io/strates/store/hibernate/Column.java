package io.strates.store.hibernate;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.type.descriptor.ValueBinder;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param name the name as SQL writes it
 * @param marker what stands for its value in SQL
 * @param mapping how its value is bound and read
 * @param inserted whether inserts write it
 * @param updated whether updates write it
 * @param kept whether it stays as it is where a state has {@code null}
 */
record Column(String name, String marker, JdbcMapping mapping, boolean inserted, boolean updated, boolean kept) {

	@SuppressWarnings({ "unchecked", "NullAway" }) // binders take null
	void bind(PreparedStatement statement, int parameter, @Nullable Object value,
			SharedSessionContractImplementor session) throws SQLException {
		((ValueBinder<Object>) this.mapping.getJdbcValueBinder()).bind(statement, value, parameter, session);
	}

	@Nullable Object read(ResultSet rows, int position, SharedSessionContractImplementor session) throws SQLException {
		return this.mapping.getJdbcValueExtractor().extract(rows, position, session);
	}

}
