package io.strates.sample.importing;

import io.strates.build.BuildListener;

/** Is told how an import goes. */
interface ImportProgress extends BuildListener {

	/** Says nothing. */
	ImportProgress SILENT = new ImportProgress() {
	};

	/**
	 * The index has been read and is without fault.
	 * @param packages how many packages the next state will have
	 * @param rows about how many rows in all
	 */
	default void expected(int packages, long rows) {
	}

}
