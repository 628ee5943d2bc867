package io.strates.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The database under a {@link TieredStore}: the rows of one type of entities.
 *
 * @param <T> the type of the entities
 * @param <ID> the type of their ids
 * @implSpec Thread-safe. Everything happens in the transaction of the calling thread
 * where there is one. Failures are unchecked and have the driver's {@code SQLException}
 * among their causes. States hold cipher texts where attributes are encrypted.
 * @since 0.1.0
 */
public interface EntityTable<T, ID> {

	/**
	 * Returns how its entities become states.
	 * @return the model
	 */
	EntityModel<T, ID> model();

	/**
	 * Reads rows in one statement.
	 * @param ids the ids, at least one, each once
	 * @return the states by id, without ids that have no row
	 */
	Map<ID, EntityState> load(Collection<ID> ids);

	/**
	 * Fills in what is generated in memory whenever an entity is written, such as the
	 * time of its last change.
	 * @param state the state that is to be written
	 * @return the same, or a copy
	 */
	EntityState stamped(EntityState state);

	/**
	 * Inserts rows, or changes those that are there: inside a transaction, for all or for
	 * none. What is {@code null} in an attribute that is omitted from caches stays as it
	 * is.
	 * @param states the rows, at least one, each id once
	 * @return what the database holds now, in the order of the rows
	 */
	List<EntityState> upsert(List<EntityState> states);

	/**
	 * Removes rows, inside a transaction; ids without a row are no fault.
	 * @param ids the ids, at least one, each once
	 */
	void delete(Collection<ID> ids);

	/**
	 * Runs a search.
	 * @param search what is wanted
	 * @return the states of whole rows, in the order that the search asks for
	 */
	List<EntityState> search(Search<T> search);

	/**
	 * Counts what a search would find without its limit and offset.
	 * @param search what is wanted
	 * @return the number of rows
	 */
	long count(Search<T> search);

	/**
	 * Reads rows in the order of their ids, a page in each statement, and never holds
	 * more than one page.
	 * @param limit how many rows are read at most
	 * @param pageSize how many rows one statement reads
	 * @param beforePage called before each statement
	 * @param pages takes each page, and says whether to go on
	 */
	void scan(long limit, int pageSize, Runnable beforePage, Predicate<List<EntityState>> pages);

	/**
	 * Whether the calling thread is in a transaction of this database, in which
	 * everything happens.
	 * @return whether it is
	 */
	boolean inTransaction();

	/**
	 * Whether what the current transaction reads is what is committed at that moment, as
	 * far as caches are concerned: it changes nothing, and each of its statements sees
	 * the newest rows. Asked inside transactions only.
	 * @return whether its reads may be kept
	 */
	boolean readsNewest();

}
