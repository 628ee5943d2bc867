package io.strates.sample.watch;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A note as clients see it.
 *
 * @param suite the suite
 * @param name the package
 * @param note the note
 * @param changedAt when it was written last
 * @param views how often the package was looked at, as far as it is added up, or
 * {@code null} while that is not known
 */
record WatchView(String suite, String name, String note, Instant changedAt, @Nullable Long views) {

	static WatchView of(Watch watch, @Nullable Long views) {
		return new WatchView(watch.getSuite(), watch.getName(), watch.getNote(), watch.getChangedAt(), views);
	}

}
