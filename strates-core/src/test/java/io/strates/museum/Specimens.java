package io.strates.museum;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Specimens with every value that is hard to write. */
public final class Specimens {

	private Specimens() {
	}

	public static List<Specimen> plain() {
		List<Consumer<Specimen>> values = new ArrayList<>();
		values.add((each) -> {
		});
		for (String text : List.of("", " ", "plain", "tab\tnewline\nreturn\rend", "back\\slash \\N \\. \\t",
				"'quoted' \"twice\"", "null", "NULL", "\\N", "\\.", "a\\", "é € \uD83E\uDDF1 emoji", "\uD83E\uDDF1",
				"\b\f\u000B\u007F\u0085\u2028\uFEFF", "before \uD83E\uDDF1\tafter\\", "x".repeat(70_000),
				"\uD83E\uDDF1\t".repeat(40_000))) {
			values.add((each) -> each.text = text);
		}
		values.add((each) -> each.shortText = "twenty characters ok");
		for (long number : new long[] { 0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE }) {
			values.add((each) -> {
				each.primitive = (int) number;
				each.integer = (int) (number >> 32);
				each.big = number;
				each.small = (short) number;
				each.tiny = (byte) number;
				each.flag = number > 0;
				each.bigInteger = BigInteger.valueOf(number).multiply(BigInteger.valueOf(1_000_000_007));
			});
		}
		for (double number : new double[] { 0.0, -0.0, 0.1, Double.MIN_VALUE, Double.MAX_VALUE, Double.NaN,
				Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-300 }) {
			values.add((each) -> {
				each.real64 = number;
				each.real32 = (float) number;
			});
		}
		for (String number : List.of("0", "-0.0000000001", "1E+20", "1E-10", "9999999999999999999999999999.9999999999",
				"123.4500")) {
			values.add((each) -> each.decimal = new BigDecimal(number));
		}
		values.add((each) -> each.uuid = new UUID(-1, 1));
		for (String instant : List.of("1970-01-01T00:00:00Z", "2026-11-21T10:11:12.123456Z",
				"2026-11-21T10:11:12.1234567Z", "2026-11-21T10:11:12.999999999Z", "1500-02-28T23:59:59Z",
				"-0044-03-15T12:00:00Z", "0001-01-01T00:00:00Z", "+12026-01-01T00:00:00Z",
				"+200000-12-31T23:59:59.999999Z", "1883-11-18T12:03:57Z")) {
			values.add((each) -> {
				each.instant = Instant.parse(instant);
				each.offsetTime = each.instant.atOffset(ZoneOffset.ofHoursMinutes(5, 30));
			});
		}
		for (LocalDateTime time : List.of(LocalDateTime.of(2026, 3, 29, 2, 30), LocalDateTime.of(1, 1, 1, 0, 0),
				LocalDateTime.of(1582, 10, 15, 0, 0), LocalDateTime.of(2026, 1, 1, 23, 59, 59, 123_456_000),
				LocalDateTime.of(12_026, 1, 1, 0, 0, 1))) {
			values.add((each) -> {
				each.dayTime = time;
				each.clock = time.toLocalTime();
				each.date = time.toLocalDate();
			});
		}
		values.add((each) -> each.date = LocalDate.of(2024, 2, 29));
		for (byte[] bytes : List.of(new byte[0], new byte[] { 0, -1, 92, 9, 10, 13, 39 },
				"\uD83E\uDDF1".repeat(30_000).getBytes(StandardCharsets.UTF_8))) {
			values.add((each) -> each.bytes = bytes);
		}
		values.add((each) -> {
			each.byOrdinal = Specimen.Season.SUMMER;
			each.byName = Specimen.Season.SUMMER;
			each.byValue = Specimen.Grade.BAD;
		});
		List<Specimen> specimens = new ArrayList<>();
		for (Consumer<Specimen> value : values) {
			Specimen specimen = new Specimen(specimens.size() + 1L);
			value.accept(specimen);
			specimens.add(specimen);
		}
		return specimens;
	}

	public static List<Curiosity> odd() {
		List<Curiosity> all = new ArrayList<>();
		all.add(new Curiosity(1));
		Curiosity full = new Curiosity(2);
		full.letter = '\t';
		full.duration = Duration.ofNanos(12_345_678_901_234L);
		full.zoned = ZonedDateTime.of(2026, 7, 1, 12, 0, 0, 123_456_000, ZoneId.of("Asia/Kolkata"));
		full.date = new Date(1_234_567_890_123L);
		full.clob = "large\n" + "\uD83E\uDDF1".repeat(5_000);
		full.yes = true;
		full.texts = new String[] { "a", "b,\"c", "null", "\\" };
		full.numbers = List.of(1, -2, 3);
		full.named = Specimen.Season.SUMMER;
		full.wide = "tab\t\\N";
		all.add(full);
		for (int id = 3; id <= 60; id++) {
			Curiosity more = new Curiosity(id);
			more.wide = "w" + id;
			more.yes = id % 2 == 0;
			all.add(more);
		}
		return all;
	}

}
