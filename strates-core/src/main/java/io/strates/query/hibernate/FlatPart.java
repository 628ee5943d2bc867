package io.strates.query.hibernate;

import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * What an attribute of an entity is in a flat state: some places of it, which the value
 * is put into and made from again.
 */
interface FlatPart {

	/** Names the places of this part, in order. */
	void describe(String attribute, Consumer<FlatPlace> places);

	/**
	 * Takes a value apart.
	 * @param value the value of the attribute
	 * @param into takes one value for each place
	 */
	void flatten(@Nullable Object value, Consumer<@Nullable Object> into);

	/**
	 * Makes the value again, which shares nothing that can change with any other.
	 * @param from the values of the places
	 * @param owner who it is made for
	 * @return the value of the attribute
	 */
	@Nullable Object rebuild(Cursor from, Owner owner);

	/** The values of a state, one after the other. */
	final class Cursor {

		private final @Nullable Object[] values;

		private int next;

		Cursor(@Nullable Object[] values) {
			this.values = values;
		}

		@Nullable Object next() {
			return this.values[this.next++];
		}

	}

	/**
	 * The instance that values are made for.
	 *
	 * @param entity the instance
	 * @param key its whole key
	 * @param buildStrate the build that it is of
	 * @param together the instances that are made with it, by the application's id
	 * @param session a session that executes nothing and ends when they are made
	 */
	record Owner(Object entity, Object key, UUID buildStrate, Map<Object, Object> together,
			SharedSessionContractImplementor session) {
	}

}
