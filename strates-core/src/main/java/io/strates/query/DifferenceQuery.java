package io.strates.query;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import javax.sql.DataSource;

import io.strates.entity.StratifiedSchema;
import io.strates.entity.StratifiedType;
import io.strates.internal.jdbc.Database;

/**
 * Compares two builds of an entity in the database.
 *
 * <p>
 * Compared are all columns of the entity, of its superclasses and subclasses with tables
 * of their own, and its element collections, whose elements count as often as they occur.
 * In a single-table hierarchy the rows are those of the whole table, whichever of its
 * classes is asked for.
 */
/*
 * One statement, of linear cost: both builds are read once and joined on the id, which is
 * a hash or merge join where there are full joins and a lookup by key elsewhere. Elements
 * are compared by grouping: what occurs equally often on both sides cancels out. A
 * collection of an added or removed entity differs too, so the kinds are numbered such
 * that the greatest of an id is the right one.
 */
final class DifferenceQuery {

	private final DataSource dataSource;

	private final Database database;

	private final Supplier<StratifiedSchema> schema;

	private final Map<StratifiedType, DifferenceSql> statements = new ConcurrentHashMap<>();

	/**
	 * Creates the query.
	 * @param dataSource where the business rows are; each stream takes a connection of
	 * its own
	 * @param database the database behind it
	 * @param schema the stratified tables
	 */
	DifferenceQuery(DataSource dataSource, Database database, Supplier<StratifiedSchema> schema) {
		this.dataSource = dataSource;
		this.database = database;
		this.schema = schema;
	}

	/**
	 * Compares.
	 * @param type the entity
	 * @param from the earlier build
	 * @param to the later build
	 * @return the changes in the order of the ids, which for texts is the database's; to
	 * be closed. A connection is taken when the first change is asked for and given back
	 * with the last one, or when the stream is closed
	 */
	Stream<Difference> between(StratifiedType type, UUID from, UUID to) {
		DifferenceRows rows = new DifferenceRows(this.dataSource, this.database,
				(connection) -> statement(type, connection), from, to);
		return StreamSupport.stream(rows, false).onClose(rows::close);
	}

	private DifferenceSql statement(StratifiedType type, Connection connection) throws SQLException {
		DifferenceSql statement = this.statements.get(type);
		if (statement == null) {
			statement = new DifferenceSql(type, this.schema.get(), this.database, connection);
			this.statements.put(type, statement);
		}
		return statement;
	}

}
