package io.strates.entity;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that the rows of an entity belong to builds of a scope.
 *
 * {@snippet class = io.strates.SnippetsTests region = entity}
 *
 * <p>
 * The entity extends {@link StratifiedEntity} and keeps its simple {@code @Id} attribute
 * named {@code id}, of type {@code Long}, {@code Integer}, {@code String} or
 * {@code UUID}. At start-up its key becomes {@code (build_strate, id)} and each of its
 * associations to an entity of the same scope joins on both columns.
 *
 * <p>
 * Each scope has exactly one root. What is declared wrongly stops the start with one
 * {@link StratesMappingException} that lists every fault.
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Stratified {

	/**
	 * Returns the scope: the kind of aggregate that the rows belong to.
	 * @return the name of the scope, at most 64 characters
	 */
	String scope();

	/**
	 * Returns whether this entity is the root of its scope.
	 * @return whether this entity is the root of its scope
	 */
	boolean root() default false;

	/**
	 * Returns the attribute that holds the scope id, where rows carry one. A row whose
	 * attribute differs from the scope id of its build is refused before any SQL.
	 * @return the name of a basic attribute, or nothing where rows carry no scope id
	 */
	String scopeId() default "";

}
