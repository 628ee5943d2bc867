package io.strates.sample.debian;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Divides lines into stanzas and fields, as Debian Policy 5.1 defines them.
 */
final class StanzaReader implements Closeable {

	/**
	 * How much one stanza may hold in memory; the largest of Debian 12 has 9,193
	 * characters.
	 */
	static final int MAX_STANZA_CHARS = 4 * LineReader.MAX_LINE_BYTES;

	private final LineReader lines;

	StanzaReader(LineReader lines) {
		this.lines = lines;
	}

	/**
	 * Returns the next stanza, or {@code null} after the last.
	 */
	@Nullable Stanza next() throws IOException {
		String line = this.lines.next();
		while (line != null && line.isBlank()) {
			line = this.lines.next();
		}
		if (line == null) {
			return null;
		}
		long start = this.lines.number();
		FieldCollector fields = new FieldCollector();
		while (line != null && !line.isBlank()) {
			fields.add(line, this.lines.number());
			line = this.lines.next();
		}
		return new Stanza(start, fields.finish());
	}

	long line() {
		return this.lines.number();
	}

	@Override
	public void close() throws IOException {
		this.lines.close();
	}

	/** Collects the lines of one stanza. */
	private static final class FieldCollector {

		private final Map<String, Field> fields = new LinkedHashMap<>();

		private @Nullable String name;

		private long nameLine;

		private final StringBuilder value = new StringBuilder();

		private int chars;

		void add(String line, long number) {
			this.chars += line.length();
			if (this.chars > MAX_STANZA_CHARS) {
				throw new BrokenIndexException(number, "the stanza is longer than " + MAX_STANZA_CHARS + " characters");
			}
			if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
				resume(line, number);
			}
			else {
				begin(line, number);
			}
		}

		private void resume(String line, long number) {
			if (this.name == null) {
				throw new BrokenIndexException(number, "a continuation line, but no field that it continues");
			}
			this.value.append('\n').append(line.stripTrailing());
		}

		private void begin(String line, long number) {
			finish();
			int colon = line.indexOf(':');
			if (colon < 0) {
				throw new BrokenIndexException(number, "a field without a colon: \"%s\"".formatted(abbreviate(line)));
			}
			String fieldName = line.substring(0, colon);
			if (!isFieldName(fieldName)) {
				throw new BrokenIndexException(number,
						"\"%s\" is not the name of a field".formatted(abbreviate(fieldName)));
			}
			Field previous = this.fields.get(fieldName.toLowerCase(Locale.ROOT));
			if (previous != null) {
				throw new BrokenIndexException(number,
						"field %s is in the stanza twice, first in line %d".formatted(fieldName, previous.line()));
			}
			this.name = fieldName;
			this.nameLine = number;
			this.value.append(line.substring(colon + 1).strip());
		}

		Map<String, Field> finish() {
			if (this.name != null) {
				Field field = new Field(this.name, this.nameLine, this.value.toString());
				this.fields.put(this.name.toLowerCase(Locale.ROOT), field);
				this.name = null;
				this.value.setLength(0);
			}
			return this.fields;
		}

		private static boolean isFieldName(String name) {
			return !name.isEmpty() && name.charAt(0) != '#' && name.charAt(0) != '-'
					&& name.chars().allMatch((character) -> character > ' ' && character < 0x7f);
		}

		private static String abbreviate(String text) {
			return (text.length() <= 60) ? text : text.substring(0, 57) + "...";
		}

	}

}
