package io.strates.entity;

import io.strates.StratesException;

/**
 * Thrown when a stratified entity is read or written while no build of its scope is
 * chosen: the answer could only be a mixture of builds.
 *
 * @since 0.1.0
 */
public class NotPinnedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String scope;

	/**
	 * Creates an exception for a read.
	 * @param scope the scope of which no build is chosen
	 */
	public NotPinnedException(String scope) {
		this(scope, "Scope '" + scope + "' is not pinned in this unit of work", "read inside queries.pinned(\"" + scope
				+ "\", scopeId, …) or a method annotated with @Pinned(scope = \"" + scope + "\", …)");
	}

	/**
	 * Creates an exception that says what was attempted.
	 * @param scope the scope of which no build is chosen
	 * @param attempt what was attempted, and on which state
	 * @param remedy what to do instead
	 */
	public NotPinnedException(String scope, String attempt, String remedy) {
		super(attempt + "; " + remedy);
		this.scope = scope;
	}

	/**
	 * Returns the scope of which no build is chosen.
	 * @return the scope
	 */
	public String getScope() {
		return this.scope;
	}

}
