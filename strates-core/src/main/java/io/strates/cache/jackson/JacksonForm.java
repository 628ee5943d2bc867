package io.strates.cache.jackson;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** The form of whatever Jackson knows best, which includes what it makes of nothing. */
record JacksonForm(ObjectWriter writer, ObjectReader reader) implements Form {

	@Override
	public void write(@Nullable Object value, FormOutput out) {
		out.part(this.writer.writeValueAsBytes(value));
	}

	@Override
	public @Nullable Object read(FormInput in) {
		return in.<@Nullable Object>part((bytes, offset, length) -> this.reader.readValue(bytes, offset, length));
	}

	@Override
	public String shape() {
		return "JACKSON";
	}

}
