/**
 * The mapping of stratified entities for Hibernate ORM.
 *
 * <p>
 * Hibernate finds the three parts by its service loader; each does nothing unless the
 * settings of the persistence unit hold a
 * {@link io.strates.entity.hibernate.HibernateMapping}: keys and joins are rewritten
 * before binding, filters are added after it, and keys, foreign keys and indexes are put
 * in order before any schema is exported. These are internals of Hibernate 7.4; the tests
 * of this package pin what they do.
 *
 * <p>
 * What looks wrong but is right: the build is a formula in the join, not a column,
 * because a column may be written by one attribute only; Hibernate then generates no
 * foreign key, so the integrator adds it.
 */
@NullMarked
package io.strates.entity.hibernate;

import org.jspecify.annotations.NullMarked;
