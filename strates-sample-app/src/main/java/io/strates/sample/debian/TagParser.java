package io.strates.sample.debian;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a field of tags, {@code facet::tag}, divided by commas and folded over lines. The
 * older notation {@code facet::{a,b}} means {@code facet::a, facet::b}; a tag named twice
 * counts once.
 */
final class TagParser {

	private final Field field;

	private final String text;

	private final Set<String> tags = new LinkedHashSet<>();

	private int position;

	private TagParser(Field field) {
		this.field = field;
		this.text = field.value();
	}

	static List<String> parse(Field field) {
		TagParser parser = new TagParser(field);
		if (!field.value().isBlank()) {
			parser.parse();
		}
		return List.copyOf(parser.tags);
	}

	private void parse() {
		while (this.position <= this.text.length()) {
			int end = endOfWord(",{");
			if (end < this.text.length() && this.text.charAt(end) == '{') {
				String prefix = this.text.substring(this.position, end).strip();
				this.position = end + 1;
				addBraceList(prefix);
			}
			else {
				add("", end);
			}
		}
	}

	private void addBraceList(String prefix) {
		int close = endOfWord("}");
		if (close == this.text.length()) {
			throw this.field.broken(this.position, "a closing } is missing in " + this.field.name());
		}
		while (this.position <= close) {
			add(prefix, endOfWord(",}"));
		}
		int end = endOfWord(",");
		if (!this.text.substring(this.position, end).isBlank()) {
			throw this.field.broken(this.position, "a comma is missing after } in " + this.field.name());
		}
		this.position = end + 1;
	}

	private void add(String prefix, int end) {
		String word = this.text.substring(this.position, end).strip();
		String tag = prefix + word;
		if (word.isEmpty() || tag.length() > PackageEntry.MAX_TAG || tag.chars().anyMatch(Character::isWhitespace)) {
			String shown = (tag.length() <= 60) ? tag : tag.substring(0, 57) + "...";
			throw this.field.broken(startOfWord(end), "\"%s\" is not a tag".formatted(shown));
		}
		this.tags.add(tag);
		this.position = end + 1;
	}

	private int startOfWord(int end) {
		int start = this.position;
		while (start < end && Character.isWhitespace(this.text.charAt(start))) {
			start++;
		}
		return start;
	}

	private int endOfWord(String ends) {
		int end = this.position;
		while (end < this.text.length() && ends.indexOf(this.text.charAt(end)) < 0) {
			end++;
		}
		return end;
	}

}
