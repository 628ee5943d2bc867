package io.strates.sample.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Reads a stanza as a package: which fields must be there, and what each may hold.
 */
final class PackageEntryParser {

	private final Stanza stanza;

	private PackageEntryParser(Stanza stanza) {
		this.stanza = stanza;
	}

	static PackageEntry parse(Stanza stanza) {
		return new PackageEntryParser(stanza).parse();
	}

	private PackageEntry parse() {
		return new PackageEntry(this.stanza.line(), name(), version(),
				required("Architecture", PackageEntry.MAX_WORD).value(), word("Section"), word("Priority"),
				single("Maintainer", PackageEntry.MAX_MAINTAINER), installedSize(), description(),
				single("Homepage", PackageEntry.MAX_TEXT), tags(), dependencies());
	}

	private String name() {
		Field field = required("Package", PackageEntry.MAX_NAME);
		if (!PackageNames.isValid(field.value())) {
			throw field.broken("\"%s\" is not the name of a package".formatted(field.value()));
		}
		return field.value();
	}

	private DebianVersion version() {
		Field field = required("Version", PackageEntry.MAX_VERSION);
		try {
			return new DebianVersion(field.value());
		}
		catch (IllegalArgumentException ex) {
			throw field.broken(String.valueOf(ex.getMessage()));
		}
	}

	private @Nullable Long installedSize() {
		Field field = optional("Installed-Size", PackageEntry.MAX_WORD);
		if (field == null) {
			return null;
		}
		String digits = field.value();
		if (digits.length() > 18 || !digits.chars().allMatch((character) -> character >= '0' && character <= '9')) {
			throw field.broken("Installed-Size \"%s\" is not a number of KiB".formatted(digits));
		}
		return Long.valueOf(digits);
	}

	private @Nullable String description() {
		Field field = this.stanza.field("Description");
		if (field == null || field.value().isBlank()) {
			return null;
		}
		checkLength(field, PackageEntry.MAX_TEXT);
		return field.value()
			.lines()
			.map(String::strip)
			.map((line) -> ".".equals(line) ? "" : line)
			.collect(Collectors.joining("\n"))
			.strip();
	}

	private List<String> tags() {
		Field field = this.stanza.field("Tag");
		return (field != null) ? TagParser.parse(field) : List.of();
	}

	private List<DependencyClause> dependencies() {
		List<DependencyClause> clauses = new ArrayList<>();
		for (DependencyType type : DependencyType.values()) {
			Field field = this.stanza.field(type.field());
			if (field != null) {
				clauses.addAll(DependencyParser.parse(type, field));
			}
		}
		return clauses;
	}

	private Field required(String name, int maxLength) {
		Field field = optional(name, maxLength);
		if (field == null) {
			throw new BrokenIndexException(this.stanza.line(), "the stanza has no " + name);
		}
		return field;
	}

	private @Nullable String word(String name) {
		return single(name, PackageEntry.MAX_WORD);
	}

	private @Nullable String single(String name, int maxLength) {
		Field field = optional(name, maxLength);
		return (field != null) ? field.value() : null;
	}

	/** Returns a field of a single line; an empty one counts as absent. */
	private @Nullable Field optional(String name, int maxLength) {
		Field field = this.stanza.field(name);
		if (field == null || field.value().isEmpty()) {
			return null;
		}
		int fold = field.value().indexOf('\n');
		if (fold >= 0) {
			throw field.broken(fold + 1, "field %s must be a single line".formatted(name));
		}
		checkLength(field, maxLength);
		return field;
	}

	private static void checkLength(Field field, int maxLength) {
		if (field.value().length() > maxLength) {
			throw field.broken("field %s is longer than %d characters".formatted(field.name(), maxLength));
		}
	}

}
