package io.strates.cache.jackson;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** The form of a constant: its place among all. */
// Nobody compares forms; the fingerprint covers the names of all constants in their
// order.
@SuppressWarnings({ "ArrayRecordComponent", "EnumOrdinal" })
record EnumForm(Object[] constants) implements Form {

	@Override
	public void write(@Nullable Object value, FormOutput out) {
		out.number(((Enum<?>) Objects.requireNonNull(value)).ordinal());
	}

	@Override
	public Object read(FormInput in) {
		return this.constants[in.number()];
	}

	@Override
	public String shape() {
		return "ENUM";
	}

}
