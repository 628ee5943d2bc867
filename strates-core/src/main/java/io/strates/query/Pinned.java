package io.strates.query;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Pins a scope while a method of a Spring bean runs.
 *
 * {@snippet class = io.strates.SnippetsTests region = pinned}
 *
 * <p>
 * {@code scopeId}, {@code release}, {@code asOf} and {@code build} are expressions of the
 * Spring Expression Language that see the arguments by name ({@code #suite}) and by
 * position ({@code #p0}); a scope id that contains neither {@code #} nor {@code '} is
 * taken as it stands. An expression that yields nothing counts as left out; at most one
 * of {@code release}, {@code asOf} and {@code build} may yield something, and without any
 * the released build is pinned.
 *
 * <p>
 * On a class it applies to every public method. Applied outside the transaction of the
 * method.
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Repeatable(Pinned.List.class)
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface Pinned {

	/**
	 * Returns the scope to pin.
	 * @return a declared scope
	 */
	String scope();

	/**
	 * Returns which aggregate to pin.
	 * @return a scope id, or an expression that yields one
	 */
	String scopeId();

	/**
	 * Returns the release to pin.
	 * @return an expression that yields a number, or nothing
	 */
	String release() default "";

	/**
	 * Returns the instant whose state to pin.
	 * @return an expression that yields an {@code Instant} or its text, or nothing
	 */
	String asOf() default "";

	/**
	 * Returns the sealed build to pin.
	 * @return an expression that yields a {@code UUID} or its text, or nothing
	 */
	String build() default "";

	/**
	 * Several pins on one method.
	 */
	@Documented
	@Inherited
	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@interface List {

		/**
		 * Returns the pins.
		 * @return the pins, each of another scope
		 */
		Pinned[] value();

	}

}
