package io.strates.sample.catalog;

import org.hibernate.jpa.HibernateHints;

/** How whole tables are read: piece by piece, for copying only. */
final class Streaming {

	static final String FETCH_SIZE = HibernateHints.HINT_FETCH_SIZE;

	static final String READ_ONLY = HibernateHints.HINT_READ_ONLY;

	/** How many rows the database sends at a time. */
	static final String ROWS = "2000";

	private Streaming() {
	}

}
