/**
 * Stratified entities: the mapping of (id, buildStrate) and the model read from it.
 *
 * <p>
 * What looks wrong but is right: {@link io.strates.entity.StratifiedEntity#isNew()} asks
 * only whether a build is assigned, because rows of a build are inserted once and never
 * updated; the {@code @IdClass} of an entity is added at start-up by
 * {@code entity.hibernate}, not by the user.
 *
 * @serial exclude
 */
@NullMarked
package io.strates.entity;

import org.jspecify.annotations.NullMarked;
