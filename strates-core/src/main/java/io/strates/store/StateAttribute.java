package io.strates.store;

import java.lang.reflect.Type;

/**
 * One place of an {@link EntityState}.
 *
 * @param name the attribute, with the embedding ones before it: {@code address.city}
 * @param type the type of the values in states
 * @param encrypted whether it is annotated with {@link Encrypted}
 * @param omittedFromCache whether it is annotated with {@link OmitFromCache}
 * @param omittedFromL1 whether it is annotated with {@link OmitFromL1}
 * @param writtenOnce whether it keeps the value that the entity was created with
 * @since 0.1.0
 */
public record StateAttribute(String name, Type type, boolean encrypted, boolean omittedFromCache, boolean omittedFromL1,
		boolean writtenOnce) {
}
