package io.strates.store.hibernate;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What is done with a statement. */
@FunctionalInterface
interface StatementWork {

	void run(PreparedStatement statement) throws SQLException;

}
