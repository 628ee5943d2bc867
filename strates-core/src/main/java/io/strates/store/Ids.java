package io.strates.store;

import java.util.List;
import java.util.stream.Collectors;

/** Ids in messages: all of them, or the first and how many. */
final class Ids {

	private static final int SHOWN = 10;

	private Ids() {
	}

	static String text(List<String> ids) {
		String shown = ids.stream().limit(SHOWN).collect(Collectors.joining(", ", "[", ""));
		return shown + ((ids.size() > SHOWN) ? ", … " + ids.size() + " in all]" : "]");
	}

}
