/**
 * The catalogue of a suite: its sections, maintainers and tags, and its packages with
 * their dependencies.
 *
 * <p>
 * Ids are made from what a row is about, never generated, so that the same thing has the
 * same id in every build and the difference of two builds means something.
 */
/*
 * What looks wrong but is right:
 *
 * A dependency is one row for each alternative, with the numbers of its clause and its
 * place, not a clause with rows below: of 308,000 clauses 97 % have one alternative. Two
 * levels would add a table, a join to each read, and 300,000 rows.
 *
 * A dependency names its target by a plain name, not by an association: many names are
 * virtual, and no index has them.
 */
@NullMarked
package io.strates.sample.catalog;

import org.jspecify.annotations.NullMarked;
