package io.strates.release;

import io.strates.StratesException;

/**
 * Thrown when a scope id has no release to read or to roll back.
 *
 * @since 0.1.0
 */
public class NothingReleasedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String scope;

	private final String scopeId;

	/**
	 * Creates an exception.
	 * @param scope the scope
	 * @param scopeId the scope id
	 */
	public NothingReleasedException(String scope, String scopeId) {
		super("Nothing is released for " + scope + "/" + scopeId + "; release a build of it first, or set "
				+ "strates.query.nothing-released=empty to read it as empty");
		this.scope = scope;
		this.scopeId = scopeId;
	}

	/**
	 * Returns the scope.
	 * @return the scope
	 */
	public String getScope() {
		return this.scope;
	}

	/**
	 * Returns the scope id that has no release.
	 * @return the scope id
	 */
	public String getScopeId() {
		return this.scopeId;
	}

}
