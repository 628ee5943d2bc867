package io.strates.release;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a release is named that does not exist, or no longer has its rows.
 *
 * @since 0.1.0
 */
public class ReleaseNotFoundException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String scope;

	private final String scopeId;

	private final @Nullable Long number;

	/**
	 * Creates an exception.
	 * @param scope the scope
	 * @param scopeId the scope id
	 * @param number the number of the release, or {@code null} if none was named
	 * @param message what was looked for, and what is there
	 */
	public ReleaseNotFoundException(String scope, String scopeId, @Nullable Long number, String message) {
		super(message);
		this.scope = scope;
		this.scopeId = scopeId;
		this.number = number;
	}

	/**
	 * Returns the scope.
	 * @return the scope
	 */
	public String getScope() {
		return this.scope;
	}

	/**
	 * Returns the scope id whose release was looked for.
	 * @return the scope id
	 */
	public String getScopeId() {
		return this.scopeId;
	}

	/**
	 * Returns the number of the release that does not exist or has no rows.
	 * @return the release number, or {@code null} if none was named
	 */
	public @Nullable Long getNumber() {
		return this.number;
	}

}
