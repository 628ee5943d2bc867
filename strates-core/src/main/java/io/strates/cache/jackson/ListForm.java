package io.strates.cache.jackson;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** The form of a list. */
record ListForm(Form element) implements Form {

	@Override
	public void write(@Nullable Object value, FormOutput out) {
		List<?> list = (List<?>) Objects.requireNonNull(value);
		Object[] elements = list.toArray();
		out.size(elements.length);
		for (Object each : elements) {
			this.element.write(each, out);
		}
	}

	@Override
	public Object read(FormInput in) {
		int size = in.size();
		List<@Nullable Object> list = new ArrayList<>(size);
		for (int index = 0; index < size; index++) {
			list.add(this.element.read(in));
		}
		return list;
	}

	@Override
	public String shape() {
		return "*" + this.element.shape();
	}

}
