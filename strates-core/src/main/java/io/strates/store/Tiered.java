package io.strates.store;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a JPA entity that a {@link TieredStore} reads and writes, and says how its tiers
 * are to be. Durations are texts such as {@code 90s}, {@code 5m} or {@code PT5M}; an
 * empty one and zero stand for the default, {@code never} for no end.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Tiered {

	/**
	 * Names the store in all that Redis holds of it, its journal included, in messages
	 * between nodes, statistics and properties. By default it is the name of the class in
	 * snake case: {@code player_score}. Change it only while all nodes are stopped and
	 * nothing waits to be written, which nobody would write under the old name.
	 * @return the name
	 */
	String name() default "";

	/**
	 * Says how long L1 keeps an entity, 5 minutes by default.
	 * @return the duration
	 */
	String localTimeToLive() default "";

	/**
	 * Says how long L2 keeps an entity, 30 minutes by default.
	 * @return the duration
	 */
	String remoteTimeToLive() default "";

	/**
	 * Says how long it is kept that there is no entity with an id; by default it is not
	 * kept.
	 * @return the duration
	 */
	String absentTimeToLive() default "";

	/**
	 * Says how many entities L1 holds at most.
	 * @return the number, or 0 for the default of 10,000
	 */
	long maximum() default 0;

	/**
	 * Says when a write reaches the tiers.
	 * @return the mode
	 */
	WriteMode writeMode() default WriteMode.WRITE_THROUGH;

	/**
	 * Names attributes whose values are tags: all entities with one value of it can be
	 * invalidated in one step.
	 * @return the names of the attributes
	 */
	String[] tags() default {};

}
