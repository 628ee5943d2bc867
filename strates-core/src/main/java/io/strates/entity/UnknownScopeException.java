package io.strates.entity;

import java.util.Set;

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
		super("Scope '" + scope + "' is not declared; declared scopes: " + known
				+ ". Declare it with @Stratified(scope = \"" + scope + "\", root = true) on its root entity");
		this.scope = scope;
	}

	/**
	 * Returns the scope that was named.
	 * @return the scope that was named
	 */
	public String getScope() {
		return this.scope;
	}

}
