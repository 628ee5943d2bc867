package io.strates.sample.debian;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.strates.sample.debian.Alternative.Constraint;

/**
 * Reads one dependency field:
 * {@code name[:architecture] [(relation version)] [[architectures]] [<profiles>]},
 * alternatives divided by bars, clauses by commas.
 */
final class DependencyParser {

	private final DependencyType type;

	private final Field field;

	private final String text;

	private int position;

	private int clauseStart;

	private DependencyParser(DependencyType type, Field field) {
		this.type = type;
		this.field = field;
		this.text = field.value();
	}

	static List<DependencyClause> parse(DependencyType type, Field field) {
		return new DependencyParser(type, field).clauses();
	}

	private List<DependencyClause> clauses() {
		List<DependencyClause> clauses = new ArrayList<>();
		skipSpace();
		if (atEnd()) {
			return clauses;
		}
		do {
			skipSpace();
			this.clauseStart = this.position;
			List<Alternative> alternatives = new ArrayList<>(1);
			do {
				alternatives.add(alternative());
			}
			while (accept('|'));
			clauses.add(new DependencyClause(this.type, alternatives));
		}
		while (accept(','));
		if (!atEnd()) {
			throw broken("nothing is expected at \"%s\"".formatted(upTo(" \t\n,|")));
		}
		return clauses;
	}

	private Alternative alternative() {
		skipSpace();
		int start = this.position;
		String name = upTo(" \t\n:([<,|");
		if (!PackageNames.isValid(name)) {
			this.position = start;
			throw broken(name.isEmpty() ? "a name is missing" : "\"%s\" is not the name of a package".formatted(name));
		}
		if (accept(':') && upTo(" \t\n([<,|").isEmpty()) {
			throw broken("an architecture is missing");
		}
		Constraint constraint = constraint();
		while (accept('[')) {
			skipRestriction(']');
		}
		while (accept('<')) {
			skipRestriction('>');
		}
		skipSpace();
		return new Alternative(name, constraint);
	}

	private @Nullable Constraint constraint() {
		skipSpace();
		if (!accept('(')) {
			return null;
		}
		skipSpace();
		String symbol = operator();
		VersionRelation relation = VersionRelation.of(symbol)
			.orElseThrow(() -> broken("\"%s\" is not one of << <= = >= >>".formatted(symbol)));
		skipSpace();
		DebianVersion version = version(upTo(" \t\n),|"));
		skipSpace();
		if (!accept(')')) {
			throw broken("a closing ) is missing");
		}
		skipSpace();
		return new Constraint(relation, version);
	}

	private String operator() {
		int start = this.position;
		while (!atEnd() && "<=>".indexOf(this.text.charAt(this.position)) >= 0) {
			this.position++;
		}
		return this.text.substring(start, this.position);
	}

	private DebianVersion version(String written) {
		if (written.isEmpty()) {
			throw broken("a version is missing");
		}
		if (written.length() > PackageEntry.MAX_VERSION) {
			throw broken("a version is longer than %d characters".formatted(PackageEntry.MAX_VERSION));
		}
		try {
			return new DebianVersion(written);
		}
		catch (IllegalArgumentException ex) {
			throw broken(ex.getMessage());
		}
	}

	private void skipRestriction(char end) {
		int close = this.text.indexOf(end, this.position);
		if (close < 0) {
			throw broken("a closing %c is missing".formatted(end));
		}
		this.position = close + 1;
		skipSpace();
	}

	/** Takes the text up to one of the ends, or up to its own. */
	private String upTo(String ends) {
		int start = this.position;
		while (!atEnd() && ends.indexOf(this.text.charAt(this.position)) < 0) {
			this.position++;
		}
		return this.text.substring(start, this.position);
	}

	private boolean accept(char expected) {
		if (!atEnd() && this.text.charAt(this.position) == expected) {
			this.position++;
			return true;
		}
		return false;
	}

	private void skipSpace() {
		while (!atEnd() && " \t\n".indexOf(this.text.charAt(this.position)) >= 0) {
			this.position++;
		}
	}

	private boolean atEnd() {
		return this.position >= this.text.length();
	}

	private BrokenIndexException broken(@Nullable String reason) {
		int comma = this.text.indexOf(',', this.clauseStart);
		int end = Math.min((comma < 0) ? this.text.length() : comma, this.clauseStart + 80);
		String clause = this.text.substring(this.clauseStart, end).strip();
		return this.field.broken(this.clauseStart,
				"the clause \"%s\" of %s cannot be read: %s".formatted(clause, this.field.name(), reason));
	}

}
