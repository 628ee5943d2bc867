package io.strates.entity;

/**
 * An association as the database sees it: a column that holds an id which has to exist in
 * the same build of another table.
 *
 * @param name the entity and attribute: {@code Product.catalog}
 * @param from the table that holds the column
 * @param column the column
 * @param to the table that is pointed at
 * @since 0.1.0
 */
public record StratifiedReference(String name, StratifiedTable from, String column, StratifiedTable to) {
}
