package io.strates.entity;

import java.util.List;

/**
 * One table that holds rows of builds: the table of an entity, of a joined subclass or of
 * an element collection.
 *
 * @param name the name as SQL writes it, with its schema where it has one
 * @param plainName the bare name, for finding it in SQL text
 * @param type the entity whose rows, or whose elements, it holds
 * @param kind what the rows are
 * @param buildColumn the column that holds the build
 * @param idColumn the column that holds the application's id of the entity
 * @param columns all other columns
 * @since 0.1.0
 */
public record StratifiedTable(String name, String plainName, StratifiedType type, Kind kind, String buildColumn,
		String idColumn, List<String> columns) {

	/**
	 * What the rows of a table are.
	 */
	public enum Kind {

		/** One row for each entity of the type. */
		ENTITY,
		/** One row for each entity of a joined subclass, beside the row of its parent. */
		SUBCLASS,
		/** One row for each element of a collection. */
		COLLECTION

	}

}
