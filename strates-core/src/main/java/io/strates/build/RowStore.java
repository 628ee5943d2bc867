package io.strates.build;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.strates.entity.StratifiedType;
import org.jspecify.annotations.Nullable;

/**
 * How entities become rows: the seam between the writer of a build and the persistence
 * provider.
 *
 * @implSpec Thread-safe. {@link #insert} is called inside the chunk's transaction, which
 * has locked the build, {@link #flush} in the caller's transaction; the others inside or
 * outside of one.
 * @since 0.1.0
 */
public interface RowStore {

	/**
	 * Returns whether writing an entity may also write a new entity that several threads
	 * reach. The writer then takes such entities apart one at a time.
	 * @param entity a stratified entity
	 * @return whether an association cascades from a row to one that it refers to
	 */
	boolean mayShare(Object entity);

	/**
	 * Takes an entity apart, and with it every new entity that its associations cascade
	 * to. New ones get the build, their callbacks run, and an id is generated where they
	 * have none; of several calls that reach a new entity, one returns its row. An entity
	 * of another build is left as it is.
	 * @param entity a stratified entity, or a proxy of one
	 * @param buildStrate the build that the rows are for
	 * @param check called with each entity before anything is changed; returns its type
	 * or throws
	 * @return the rows, parents before children; if this fails, none of the entities is
	 * taken
	 */
	List<Row> rows(Object entity, UUID buildStrate, Function<Object, StratifiedType> check);

	/**
	 * Returns the value of the attribute that holds the scope id.
	 * @param type a type that has such an attribute
	 * @param entity the entity
	 * @return the value as text, or {@code "null"}
	 */
	String scopeId(StratifiedType type, Object entity);

	/**
	 * Returns where the scope id of rows stands.
	 * @param type the type
	 * @return the column, or {@code null} if rows of the type carry no scope id
	 */
	@Nullable ScopeIdColumn scopeIdColumn(StratifiedType type);

	/**
	 * Stores rows of one type.
	 * @param type the type
	 * @param rows the contents of the rows
	 */
	void insert(StratifiedType type, List<Object> rows);

	/**
	 * An entity that was taken apart.
	 *
	 * @param type the type of the entity
	 * @param content what {@link RowStore#insert} needs to store it
	 */
	record Row(StratifiedType type, Object content) {
	}

	/**
	 * A column that holds scope ids.
	 *
	 * @param table the table as SQL writes it
	 * @param column the column as SQL writes it
	 */
	record ScopeIdColumn(String table, String column) {
	}

	/**
	 * Sends to the database what repositories have collected in the caller's transaction,
	 * if there is one.
	 */
	void flush();

}
