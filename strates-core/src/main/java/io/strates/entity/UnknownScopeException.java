package io.strates.entity;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import io.strates.StratesException;

/**
 * Thrown when a scope is named that no root entity declares.
 *
 * @since 0.1.0
 */
public class UnknownScopeException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String scope;

	/**
	 * Creates an exception.
	 * @param scope the scope that was named
	 * @param known the scopes that are declared
	 */
	public UnknownScopeException(String scope, Set<String> known) {
		super("Scope '" + scope + "' is not declared; " + suggestion(scope, known) + "declare it with"
				+ " @Stratified(scope = \"" + scope + "\", root = true) on its root entity");
		this.scope = scope;
	}

	/**
	 * Returns the scope that was named.
	 * @return the scope that was named
	 */
	public String getScope() {
		return this.scope;
	}

	private static String suggestion(String scope, Set<String> known) {
		if (known.isEmpty()) {
			return "no scope is; ";
		}
		String declared = "eclared scopes: " + known + ". If it is a new one, ";
		return nearest(scope, known).map((name) -> "did you mean '" + name + "'? D" + declared).orElse("d" + declared);
	}

	private static Optional<String> nearest(String scope, Set<String> known) {
		return known.stream()
			.filter((name) -> distance(scope, name) <= Math.max(1, Math.max(scope.length(), name.length()) / 3))
			.min(Comparator.comparingInt((name) -> distance(scope, name)));
	}

	/** How many letters have to be added, removed or replaced, whatever their case. */
	private static int distance(String first, String second) {
		String to = second.toLowerCase(Locale.ROOT);
		int[] row = IntStream.rangeClosed(0, to.length()).toArray();
		for (char letter : first.toLowerCase(Locale.ROOT).toCharArray()) {
			int diagonal = row[0]++;
			for (int i = 1; i <= to.length(); i++) {
				int replaced = diagonal + ((letter == to.charAt(i - 1)) ? 0 : 1);
				diagonal = row[i];
				row[i] = Math.min(replaced, 1 + Math.min(diagonal, row[i - 1]));
			}
		}
		return row[to.length()];
	}

}
