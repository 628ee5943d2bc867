package io.strates.sample.debian;

import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The fields between two empty lines.
 *
 * @param line the number of its first line
 * @param fields its fields by name in lower case, since names are not case-sensitive
 */
record Stanza(long line, Map<String, Field> fields) {

	@Nullable Field field(String name) {
		return this.fields.get(name.toLowerCase(Locale.ROOT));
	}

}
