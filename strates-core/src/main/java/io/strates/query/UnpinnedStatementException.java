package io.strates.query;

import io.strates.StratesException;

/**
 * Thrown when a statement names a stratified table without fixing its build, or changes
 * one outside an open build. Nothing was sent to the database.
 *
 * @since 0.1.0
 */
public class UnpinnedStatementException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final String sql;

	/**
	 * Creates an exception.
	 * @param problem what the statement lacks, on which table
	 * @param remedy what to write instead
	 * @param sql the statement
	 */
	public UnpinnedStatementException(String problem, String remedy, String sql) {
		super(problem + "; " + remedy + ". Statement: " + sql);
		this.sql = sql;
	}

	/**
	 * Returns the statement.
	 * @return the SQL text
	 */
	public String getSql() {
		return this.sql;
	}

}
