package io.strates.cache.jackson;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/** The forms of values of well-known types, none of which is {@code null}. */
enum BasicForm implements Form {

	/** Text. */
	TEXT {

		@Override
		void writeValue(Object value, FormOutput out) {
			out.text((String) value);
		}

		@Override
		public Object read(FormInput in) {
			return in.text();
		}

	},

	/** A number of 32 bits. */
	INT {

		@Override
		void writeValue(Object value, FormOutput out) {
			out.number((Integer) value);
		}

		@Override
		public Object read(FormInput in) {
			return in.number();
		}

	},

	/** A number of 64 bits. */
	LONG {

		@Override
		void writeValue(Object value, FormOutput out) {
			out.number((Long) value);
		}

		@Override
		public Object read(FormInput in) {
			return in.bigNumber();
		}

	},

	/** A number with a floating point. */
	DOUBLE {

		@Override
		void writeValue(Object value, FormOutput out) {
			out.eightBytes(Double.doubleToRawLongBits((Double) value));
		}

		@Override
		public Object read(FormInput in) {
			return Double.longBitsToDouble(in.eightBytes());
		}

	},

	/** Yes or no. */
	BOOLEAN {

		@Override
		void writeValue(Object value, FormOutput out) {
			out.flag((Boolean) value);
		}

		@Override
		public Object read(FormInput in) {
			return in.flag();
		}

	},

	/** An exact number: its scale, and its digits as a number if they fit into one. */
	DECIMAL {

		@Override
		void writeValue(Object value, FormOutput out) {
			BigDecimal decimal = (BigDecimal) value;
			BigInteger digits = decimal.unscaledValue();
			out.number(decimal.scale());
			boolean small = digits.bitLength() < Long.SIZE;
			out.flag(small);
			if (small) {
				out.number(digits.longValue());
			}
			else {
				out.part(digits.toByteArray());
			}
		}

		@Override
		public Object read(FormInput in) {
			int scale = in.number();
			return in.flag() ? BigDecimal.valueOf(in.bigNumber(), scale)
					: new BigDecimal(in.part(BigInteger::new), scale);
		}

	},

	/** A moment: seconds, and nanoseconds. */
	INSTANT {

		@Override
		void writeValue(Object value, FormOutput out) {
			Instant instant = (Instant) value;
			out.number(instant.getEpochSecond());
			out.number(instant.getNano());
		}

		@Override
		public Object read(FormInput in) {
			return Instant.ofEpochSecond(in.bigNumber(), in.number());
		}

	},

	/** A day. */
	DATE {

		@Override
		void writeValue(Object value, FormOutput out) {
			out.number(((LocalDate) value).toEpochDay());
		}

		@Override
		public Object read(FormInput in) {
			return LocalDate.ofEpochDay(in.bigNumber());
		}

	},

	/** An identifier of 128 bits. */
	IDENTIFIER {

		@Override
		void writeValue(Object value, FormOutput out) {
			UUID id = (UUID) value;
			out.eightBytes(id.getMostSignificantBits());
			out.eightBytes(id.getLeastSignificantBits());
		}

		@Override
		public Object read(FormInput in) {
			return new UUID(in.eightBytes(), in.eightBytes());
		}

	};

	private static final Map<Class<?>, Form> BY_TYPE = Map.ofEntries(Map.entry(String.class, TEXT),
			Map.entry(int.class, INT), Map.entry(Integer.class, INT), Map.entry(long.class, LONG),
			Map.entry(Long.class, LONG), Map.entry(double.class, DOUBLE), Map.entry(Double.class, DOUBLE),
			Map.entry(boolean.class, BOOLEAN), Map.entry(Boolean.class, BOOLEAN), Map.entry(BigDecimal.class, DECIMAL),
			Map.entry(Instant.class, INSTANT), Map.entry(LocalDate.class, DATE), Map.entry(UUID.class, IDENTIFIER));

	static @Nullable Form of(Class<?> type) {
		return BY_TYPE.get(type);
	}

	@Override
	public final void write(@Nullable Object value, FormOutput out) {
		writeValue(Objects.requireNonNull(value), out);
	}

	abstract void writeValue(Object value, FormOutput out);

	@Override
	public final String shape() {
		return name();
	}

}
