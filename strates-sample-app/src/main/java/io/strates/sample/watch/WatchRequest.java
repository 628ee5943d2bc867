package io.strates.sample.watch;

import io.strates.sample.web.BadRequestException;
import org.jspecify.annotations.Nullable;

/** What is to be noted on a package. */
record WatchRequest(@Nullable String note) {

	static final String EXAMPLE = "{\"note\":\"wait for 3.0.17\"}";

	static final int MAX_NOTE = 2_000;

	String requireNote() {
		if (this.note == null || this.note.isBlank() || this.note.length() > MAX_NOTE || this.note.indexOf('\0') >= 0) {
			throw new BadRequestException("\"note\" is missing or too long; give 1 to %d characters, such as %s"
				.formatted(MAX_NOTE, EXAMPLE));
		}
		return this.note;
	}

}
