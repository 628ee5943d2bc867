package io.strates.cache.spring;

import io.strates.cache.CacheFill;
import org.jspecify.annotations.Nullable;

/**
 * The right to keep what a method answers, which may end at any time.
 */
final class FillRight {

	private final String text;

	private @Nullable CacheFill<Held> fill;

	FillRight(String text, CacheFill<Held> fill) {
		this.text = text;
		this.fill = fill;
	}

	String text() {
		return this.text;
	}

	/**
	 * Keeps a value, if the right has not ended and nothing was written since.
	 * @param value the value, or {@code null} for that there is none
	 * @return whether it was kept
	 */
	synchronized boolean complete(@Nullable Held value) {
		CacheFill<Held> open = this.fill;
		this.fill = null;
		if (open == null) {
			return false;
		}
		try (open) {
			return open.complete(value);
		}
	}

	synchronized void end() {
		if (this.fill != null) {
			this.fill.close();
			this.fill = null;
		}
	}

}
