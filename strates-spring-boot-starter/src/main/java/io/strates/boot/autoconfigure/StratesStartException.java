package io.strates.boot.autoconfigure;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/** Stops the start of an application that could not keep what Strates promises. */
final class StratesStartException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String problem;

	private final String remedy;

	StratesStartException(String problem, String remedy) {
		super(problem + ". " + remedy);
		this.problem = problem;
		this.remedy = remedy;
	}

	StratesStartException(String problem, String remedy, @Nullable Throwable cause) {
		this(problem, remedy);
		if (cause != null) {
			initCause(cause);
		}
	}

	String getProblem() {
		return this.problem;
	}

	String getRemedy() {
		return this.remedy;
	}

}
