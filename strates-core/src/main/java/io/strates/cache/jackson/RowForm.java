package io.strates.cache.jackson;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** The form of arrays whose elements have a type by their place. */
record RowForm(List<Form> elements) implements Form {

	@Override
	public void write(@Nullable Object value, FormOutput out) {
		@Nullable Object[] row = (@Nullable Object[]) Objects.requireNonNull(value);
		if (row.length != this.elements.size()) {
			throw new IllegalArgumentException("it has " + row.length + " elements, not " + this.elements.size());
		}
		for (int index = 0; index < row.length; index++) {
			this.elements.get(index).write(row[index], out);
		}
	}

	@Override
	public Object read(FormInput in) {
		@Nullable Object[] row = new @Nullable Object[this.elements.size()];
		for (int index = 0; index < row.length; index++) {
			row[index] = this.elements.get(index).read(in);
		}
		return row;
	}

	@Override
	public String shape() {
		return this.elements.stream().map(Form::shape).collect(Collectors.joining(",", "[", "]"));
	}

}
