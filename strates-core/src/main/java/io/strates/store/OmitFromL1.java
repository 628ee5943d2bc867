package io.strates.store;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps an attribute of a {@link Tiered} entity out of the memory of nodes. Since an
 * answer must not depend on the tier that gives it, the whole entity is then kept in L2
 * only.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD })
public @interface OmitFromL1 {

}
