/**
 * Tables of tiered stores on Hibernate.
 */
@NullMarked
package io.strates.store.hibernate;

import org.jspecify.annotations.NullMarked;
