/**
 * The last line of defence of pinned reads on Hibernate: a statement that names a
 * stratified table without its build is refused.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.query.hibernate;

import org.jspecify.annotations.NullMarked;
