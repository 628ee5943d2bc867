package io.strates.internal.jdbc;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The text of values as PostgreSQL reads it, times rounded to microseconds as its driver
 * does.
 */
final class PostgresText {

	private PostgresText() {
	}

	static String of(Object value) {
		if (value instanceof Instant instant) {
			return time(instant.atOffset(ZoneOffset.UTC).toLocalDateTime()) + "+00";
		}
		if (value instanceof OffsetDateTime time) {
			return time(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + "+00";
		}
		if (value instanceof LocalDateTime time) {
			return time(time);
		}
		if (value instanceof LocalDate date) {
			return date(date);
		}
		return value.toString();
	}

	private static String time(LocalDateTime time) {
		int rest = time.getNano() % 1000;
		LocalDateTime rounded = (rest > 499) ? time.plusNanos(1000 - rest) : time.truncatedTo(ChronoUnit.MICROS);
		return date(rounded.toLocalDate()) + " " + rounded.toLocalTime();
	}

	/** ISO 8601 puts a sign before years of more than four digits. */
	private static String date(LocalDate date) {
		String text = date.toString();
		return (text.charAt(0) == '+') ? text.substring(1) : text;
	}

}
