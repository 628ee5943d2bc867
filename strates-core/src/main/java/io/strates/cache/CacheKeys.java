package io.strates.cache;

/**
 * Texts of keys that no two different keys share: parts are joined by colons, and a colon
 * inside a part is escaped.
 */
final class CacheKeys {

	private CacheKeys() {
	}

	static String join(String... parts) {
		StringBuilder text = new StringBuilder();
		for (int index = 0; index < parts.length; index++) {
			if (index > 0) {
				text.append(':');
			}
			append(text, parts[index]);
		}
		return text.toString();
	}

	/** Adds a part to parts that are joined already. */
	static String add(String joined, String part) {
		StringBuilder text = new StringBuilder(joined.length() + 1 + part.length()).append(joined).append(':');
		append(text, part);
		return text.toString();
	}

	/** Returns the last of the parts that were joined. */
	static String last(String joined) {
		String part = joined.substring(joined.lastIndexOf(':') + 1);
		return (part.indexOf('%') < 0) ? part
				: part.replace("%3A", ":").replace("%7B", "{").replace("%7D", "}").replace("%25", "%");
	}

	private static void append(StringBuilder text, String part) {
		if (isPlain(part)) {
			text.append(part);
			return;
		}
		for (int index = 0; index < part.length(); index++) {
			char character = part.charAt(index);
			switch (character) {
				case ':' -> text.append("%3A");
				case '%' -> text.append("%25");
				case '{' -> text.append("%7B");
				case '}' -> text.append("%7D");
				default -> text.append(character);
			}
		}
	}

	private static boolean isPlain(String part) {
		for (int index = 0; index < part.length(); index++) {
			switch (part.charAt(index)) {
				case ':', '%', '{', '}' -> {
					return false;
				}
				default -> {
				}
			}
		}
		return true;
	}

}
