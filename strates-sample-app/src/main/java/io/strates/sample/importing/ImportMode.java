package io.strates.sample.importing;

/** What an index means for a suite. */
enum ImportMode {

	/** The index is the whole state. */
	FULL,

	/** The index adds to the live state, and replaces what it has newer. */
	OVERLAY

}
