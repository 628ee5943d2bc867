package io.strates.entity;

import java.io.Serializable;
import java.util.UUID;

/**
 * The key of one row of one build: the application's id and the build.
 *
 * <p>
 * Repositories take the application's id alone and add the pinned build. A key is needed
 * only with the JPA API itself, as in
 * {@code entityManager.find(Product.class, new LongStrateKey(4L, pin.buildStrate()))}.
 *
 * @since 0.1.0
 */
public sealed interface StrateKey extends Serializable
		permits LongStrateKey, IntegerStrateKey, StringStrateKey, UuidStrateKey {

	/**
	 * Returns the application's own id.
	 * @return the application's own id
	 */
	Object id();

	/**
	 * Returns the build that the row belongs to.
	 * @return the id of the build
	 */
	UUID buildStrate();

	/**
	 * Returns the key of an id in a build.
	 * @param id a {@code Long}, {@code Integer}, {@code String} or {@code UUID}
	 * @param buildStrate the build that the row belongs to
	 * @return the key
	 * @throws IllegalArgumentException if the id is of another type
	 */
	static StrateKey of(Object id, UUID buildStrate) {
		if (id instanceof Long number) {
			return new LongStrateKey(number, buildStrate);
		}
		if (id instanceof String text) {
			return new StringStrateKey(text, buildStrate);
		}
		if (id instanceof Integer number) {
			return new IntegerStrateKey(number, buildStrate);
		}
		if (id instanceof UUID uuid) {
			return new UuidStrateKey(uuid, buildStrate);
		}
		throw new IllegalArgumentException("Id " + id + " of type " + id.getClass().getName()
				+ " cannot be part of a stratified key; use Long, Integer, String or UUID");
	}

}
