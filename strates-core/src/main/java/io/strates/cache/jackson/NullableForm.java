package io.strates.cache.jackson;

import org.jspecify.annotations.Nullable;

/** The form of a value that may be missing. */
record NullableForm(Form form) implements Form {

	@Override
	public void write(@Nullable Object value, FormOutput out) {
		out.flag(value != null);
		if (value != null) {
			this.form.write(value, out);
		}
	}

	@Override
	public @Nullable Object read(FormInput in) {
		return in.flag() ? this.form.read(in) : null;
	}

	@Override
	public String shape() {
		return "?" + this.form.shape();
	}

}
