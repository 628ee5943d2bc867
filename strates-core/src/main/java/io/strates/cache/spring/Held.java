package io.strates.cache.spring;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * What a tier holds for a key: a value that callers share, or what makes a new one for
 * each of them. Nothing that a caller does with its value changes it.
 */
sealed interface Held {

	/** That the method answered null. */
	Held NULL = new Nothing();

	/**
	 * Returns a value for one caller.
	 */
	@Nullable Object value();

	/**
	 * That there is no value.
	 */
	record Nothing() implements Held {

		@Override
		public @Nullable Object value() {
			return null;
		}

	}

	/**
	 * A value that cannot change.
	 *
	 * @param frozen the value
	 * @param type its type, or {@code null} if none is declared, so that it cannot be
	 * written for the second tier
	 */
	record Shared(Object frozen, @Nullable ValueType type) implements Held {

		@Override
		public Object value() {
			return (this.type != null) ? this.type.own(this.frozen) : this.frozen;
		}

	}

	/**
	 * The bytes of a value that can change.
	 *
	 * @param bytes the bytes
	 * @param type what reads them
	 * @param first a value that was read from them and that nobody has yet
	 */
	// Nobody compares these.
	@SuppressWarnings("ArrayRecordComponent")
	record Encoded(byte[] bytes, ValueType type, AtomicReference<@Nullable Object> first) implements Held {

		@Override
		public Object value() {
			Object own = this.first.getAndSet(null);
			return (own != null) ? own : this.type.decode(this.bytes);
		}

	}

}
