package io.strates.sample.debian;

/**
 * One field of a stanza.
 *
 * @param name the name as written
 * @param line the number of the line that names it
 * @param value its text; continuation lines are divided by line feeds, so that a place in
 * it leads back to its line
 */
record Field(String name, long line, String value) {

	/**
	 * Returns a fault at a place of the value.
	 */
	BrokenIndexException broken(int offset, String reason) {
		long lineAtOffset = this.line;
		for (int i = 0; i < offset; i++) {
			if (this.value.charAt(i) == '\n') {
				lineAtOffset++;
			}
		}
		return new BrokenIndexException(lineAtOffset, reason);
	}

	BrokenIndexException broken(String reason) {
		return new BrokenIndexException(this.line, reason);
	}

}
