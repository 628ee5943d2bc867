/**
 * Rows of builds by way of Hibernate's metamodel, and the guard that keeps sealed builds
 * as they are.
 *
 * <p>
 * What looks wrong but is right: rows of simple entities are taken apart here and sent on
 * the bulk path of the database; whatever goes beyond one plain table (hierarchies,
 * element collections, versions, generated attributes) is inserted by Hibernate itself,
 * because only Hibernate knows every such mapping.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.build.hibernate;

import org.jspecify.annotations.NullMarked;
