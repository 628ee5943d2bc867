package io.strates.release;

import io.strates.StratesException;

/**
 * Thrown when a scope id has no release to read or to roll back.
 *
 * @since 0.1.0
 */
public class NothingReleasedException extends StratesException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param scope the scope
	 * @param scopeId the scope id
	 */
	public NothingReleasedException(String scope, String scopeId) {
		super("Nothing is released for " + scope + "/" + scopeId + "; release a build of it first, or set "
				+ "strates.query.nothing-released=empty to read it as empty");
	}

}
