package io.strates.cache.spring;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The keys that a text can stand for which a person writes: the text itself, a number, a
 * UUID, a date and so on, if that is how they are written, and last the key whose
 * {@linkplain KeyText text} it is already.
 */
final class KeyReadings {

	private static final List<Function<String, Object>> READERS = List.of( //
			(text) -> text, //
			Long::valueOf, //
			Integer::valueOf, //
			UUID::fromString, //
			Short::valueOf, //
			Byte::valueOf, //
			BigInteger::new, //
			BigDecimal::new, //
			Double::valueOf, //
			Float::valueOf, //
			Boolean::valueOf, //
			KeyReadings::character, //
			Currency::getInstance, //
			LocalDate::parse);

	private KeyReadings() {
	}

	/**
	 * Returns the texts of the keys.
	 * @param cache the name of the cache
	 * @param written what a person writes
	 * @return the texts, at least one
	 */
	static List<String> of(String cache, String written) {
		Set<String> texts = new LinkedHashSet<>();
		for (Function<String, Object> reader : READERS) {
			Object key = read(reader, written);
			// "07" is no number that a method was called with.
			if (key != null && key.toString().equals(written)) {
				texts.add(KeyText.of(cache, key));
			}
		}
		texts.add(written);
		return new ArrayList<>(texts);
	}

	private static @Nullable Object read(Function<String, Object> reader, String written) {
		try {
			return reader.apply(written);
		}
		catch (IllegalArgumentException | DateTimeException ex) {
			return null;
		}
	}

	private static Character character(String text) {
		if (text.length() != 1) {
			throw new IllegalArgumentException("'" + text + "' is no character");
		}
		return text.charAt(0);
	}

}
