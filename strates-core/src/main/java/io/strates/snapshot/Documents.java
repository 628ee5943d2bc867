package io.strates.snapshot;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Documents of a fixed shape: maps, lists, texts, numbers and truth values, which every
 * writer of JSON writes in the same way, whatever its settings are. Names are written as
 * they are in the shape, since they are keys of maps.
 */
final class Documents {

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	private Documents() {
	}

	static Documents document() {
		return new Documents();
	}

	static Documents document(String schema, int version) {
		return document().with("schema", schema).with("schema_version", version);
	}

	Documents with(String name, @Nullable Object value) {
		this.fields.put(name, value);
		return this;
	}

	Map<String, @Nullable Object> toMap() {
		return Collections.unmodifiableMap(this.fields);
	}

	/** JSON has no numbers that are not finite; whole ones are written as such. */
	static Object number(double value) {
		if (Double.isNaN(value)) {
			return "nan";
		}
		if (Double.isInfinite(value)) {
			return (value > 0) ? "infinity" : "-infinity";
		}
		long whole = (long) value;
		return (whole == value) ? (Object) whole : (Object) value;
	}

	static @Nullable Object seconds(@Nullable Duration duration) {
		return (duration != null) ? number(duration.getSeconds() + duration.getNano() / 1e9) : null;
	}

	/** Returns a map with the texts of the keys, in their order. */
	static <V> Map<String, @Nullable Object> sorted(Map<?, V> map, Function<? super V, Object> shape) {
		Map<String, @Nullable Object> sorted = new TreeMap<>();
		map.forEach((key, value) -> sorted.put(String.valueOf(key), shape.apply(value)));
		return Collections.unmodifiableMap(sorted);
	}

}
