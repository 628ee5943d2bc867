package io.strates.store;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Keeps an attribute of a {@link Tiered} entity out of L1 and L2: it is in the database
 * only.
 *
 * <p>
 * What the caches answer has {@code null} in it; what comes from the database itself,
 * such as the result of a search, has the value. A {@code put} with {@code null} in it
 * leaves the column as it is, so that an entity from a cache can be written back. The
 * attribute must be able to be {@code null}, in the entity and in the table.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD })
public @interface OmitFromCache {

}
