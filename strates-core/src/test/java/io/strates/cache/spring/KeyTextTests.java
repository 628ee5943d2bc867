package io.strates.cache.spring;

import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.JpaSort;
import org.springframework.util.MimeType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Texts that no two different keys share, on every node the same. */
class KeyTextTests {

	@Test
	void differentKeysHaveDifferentTexts() {
		List<Object> keys = new ArrayList<>(List.of(1, 1L, "1", "i.1", '1', (short) 1, (byte) 1, 1.0, 1.0f,
				new BigDecimal("1.0"), new BigDecimal("1.00"), true, "true", TimeUnit.DAYS, "DAYS", "", "~",
				List.of("a", "b"), "a,b", List.of("a,b"), "a\\,b", List.of(List.of("a"), "b"),
				List.of(List.of("a", "b")), List.of(), List.of(""), Arrays.asList((Object) null), SimpleKey.EMPTY,
				new SimpleKey("a", "b"), new SimpleKey("a,b"), new SimpleKey((Object) new String[] { "a", "b" }),
				new SimpleKey("[a]", "b"), new String[] { "a", "b" }, new Object[] { "a", "b" }, new int[] { 1, 2 },
				new long[] { 1, 2 }, Set.of("a", "b"), Map.of("a", "b"), Map.of("a=b", "c"), Map.of("a", "b=c"),
				new Point(1, 2), new Point(2, 1), new Other(1, 2), new UUID(0, 1),
				"00000000-0000-0000-0000-000000000001", LocalDate.EPOCH, new Date(1), new Date(2), new Timestamp(1),
				"1970-01-01", Locale.ROOT, Optional.empty(), Optional.of("a"), String.class, Map.entry("a=b", "c"),
				Map.entry("a", "b=c"), new java.sql.Date(1), new java.sql.Date(2), new Time(1), new Time(2),
				OptionalInt.of(1), OptionalInt.empty(), Path.of("a"), Instant.EPOCH, Duration.ZERO, ZoneId.of("UTC"),
				ZoneId.of("Europe/Paris"), Year.of(1), DayOfWeek.MONDAY, new Isbn("a"), new Isbn("b"), new Sku("a"),
				MimeType.valueOf("text/plain"), PageRequest.of(0, 10), PageRequest.of(1, 10), PageRequest.of(0, 11),
				new OffsetRecord(0, 10), new OffsetRecord(5, 10), new File("a"), Pageable.unpaged(),
				PageRequest.of(0, 10, Sort.by("a")), PageRequest.of(0, 10, Sort.by("a", "b")), Sort.unsorted(),
				Sort.by("a"), Sort.by("a: ASC,b"), Sort.by("a", "b"), Sort.by(Sort.Order.by("a").ignoreCase()),
				Sort.by("a").descending(), "x".repeat(500), "x".repeat(501), "y".repeat(500)));

		assertThat(keys.stream().map(KeyTextTests::text)).doesNotHaveDuplicates()
			.allSatisfy((text) -> assertThat(text).hasSizeLessThanOrEqualTo(200));
	}

	@Test
	void equalKeysHaveTheSameText() {
		Map<String, Integer> one = new LinkedHashMap<>();
		Map<String, Integer> other = new LinkedHashMap<>();
		for (int index = 0; index < 20; index++) {
			one.put("k" + index, index);
			other.put("k" + (19 - index), 19 - index);
		}

		assertThat(text(one)).isEqualTo(text(other)).isEqualTo(text(new HashMap<>(one)));
		assertThat(text(one.keySet())).isEqualTo(text(other.keySet()));
		assertThat(text(new SimpleKey(1, new int[] { 2 }))).isEqualTo(text(new SimpleKey(1, new int[] { 2 })));
		assertThat(text(new ArrayList<>(List.of(1)))).isEqualTo(text(List.of(1)));
		assertThat(text(new Point(1, 2))).isEqualTo(text(new Point(1, 2)));
	}

	@Test
	void keyWithoutATextOfItsOwnIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> text(new Object()))
			.withMessageContaining("cache 'books'")
			.withMessageContaining("java.lang.Object")
			.withMessageContaining("@Cacheable(key = ");
		assertThatIllegalArgumentException().isThrownBy(() -> text(new SimpleKey("a", new Nameless())))
			.withMessageContaining(Nameless.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> text(List.of(new TextOnly())))
			.withMessageContaining(TextOnly.class.getName());
	}

	@Test
	void keyWhoseTextMayBeThatOfAnotherIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> text(new Pair("a, b", "c")))
			.withMessageContaining("cache 'books'")
			.withMessageContaining(Pair.class.getName())
			.withMessageContaining("make the type a record")
			.withMessageContaining("@Cacheable(key = ");
		assertThatIllegalArgumentException().isThrownBy(() -> text(new Edition("a", 1)))
			.withMessageContaining(Edition.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> text(ByteBuffer.wrap(new byte[1])))
			.withMessageContaining("ByteBuffer");
	}

	@Test
	void keyThatMayHaveMoreToItThanWhatItsSuperclassShowsIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> text(new OffsetPage(5, 10)))
			.withMessageContaining(OffsetPage.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> text(new MarkedPage("a")))
			.withMessageContaining(MarkedPage.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> text(JpaSort.unsafe("length(a)")))
			.withMessageContaining(JpaSort.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> text(new Timestamp(0) {
		})).withMessageContaining("KeyTextTests$");
	}

	@Test
	void keyThatIsMadeOfATextAndHasMoreThanThatIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> text(new Customer("a")))
			.withMessageContaining(Customer.class.getName());
	}

	@Test
	void keyThatIsMadeOfATextIsToldByItThoughItDoesNotShowIt() {
		assertThat(text(new Password("a"))).isNotEqualTo(text(new Password("b")));
	}

	@Test
	void pathOfAnotherFileSystemIsRefused(@TempDir Path directory) throws IOException {
		Path archive = directory.resolve("a.zip");
		try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> text(zip.getPath("a")))
				.withMessageContaining("ZipPath");
		}
	}

	@Test
	void dayAndTimeOfDayAreTheSameInAllTimeZones() {
		TimeZone here = TimeZone.getDefault();
		Set<String> texts = new HashSet<>();
		try {
			for (String zone : List.of("UTC", "Asia/Tokyo", "America/Havana")) {
				TimeZone.setDefault(TimeZone.getTimeZone(zone));
				texts.add(text(List.of(java.sql.Date.valueOf("2026-11-01"), java.sql.Date.valueOf("2026-07-01"),
						Time.valueOf("10:30:00"))));
			}
			assertThat(text(new java.sql.Date(0))).isNotEqualTo(text(new java.sql.Date(1)));
		}
		finally {
			TimeZone.setDefault(here);
		}

		assertThat(texts).hasSize(1);
	}

	@Test
	void keyThatContainsItselfIsRefused() {
		List<@Nullable Object> endless = new ArrayList<>();
		endless.add(endless);

		assertThatIllegalArgumentException().isThrownBy(() -> text(endless)).withMessageContaining("nested");
	}

	private static String text(Object key) {
		return KeyText.of("books", key);
	}

	record Point(int x, int y) {
	}

	record Other(int x, int y) {
	}

	/** Can be made of its text. */
	static class Isbn {

		final String text;

		public Isbn(String text) {
			this.text = text;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Isbn that && this.text.equals(that.text);
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** More than its superclass, whose text it has. */
	static final class Edition extends Isbn {

		final int number;

		Edition(String text, int number) {
			super(text);
			this.number = number;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Edition that && super.equals(that) && this.number == that.number;
		}

		@Override
		public int hashCode() {
			return super.hashCode() + this.number;
		}

	}

	static final class Sku {

		private final String text;

		private Sku(String text) {
			this.text = text;
		}

		public static Sku of(CharSequence text) {
			return new Sku(text.toString());
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Sku that && this.text.equals(that.text);
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

	/** Of two pairs, "a, b" and "c", and "a" and "b, c", the text is the same. */
	static final class Pair {

		private final String first;

		private final String second;

		Pair(String first, String second) {
			this.first = first;
			this.second = second;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Pair that && this.first.equals(that.first) && this.second.equals(that.second);
		}

		@Override
		public int hashCode() {
			return this.first.hashCode();
		}

		@Override
		public String toString() {
			return "(" + this.first + ", " + this.second + ")";
		}

	}

	/** The usual page that begins anywhere. */
	static class OffsetPage implements Pageable {

		private final long offset;

		private final int limit;

		OffsetPage(long offset, int limit) {
			this.offset = offset;
			this.limit = limit;
		}

		@Override
		public int getPageNumber() {
			return (int) (this.offset / this.limit);
		}

		@Override
		public int getPageSize() {
			return this.limit;
		}

		@Override
		public long getOffset() {
			return this.offset;
		}

		@Override
		public Sort getSort() {
			return Sort.unsorted();
		}

		@Override
		public Pageable next() {
			return new OffsetPage(this.offset + this.limit, this.limit);
		}

		@Override
		public Pageable previousOrFirst() {
			return first();
		}

		@Override
		public Pageable first() {
			return new OffsetPage(0, this.limit);
		}

		@Override
		public Pageable withPage(int pageNumber) {
			return new OffsetPage((long) pageNumber * this.limit, this.limit);
		}

		@Override
		public boolean hasPrevious() {
			return this.offset > 0;
		}

	}

	record OffsetRecord(long offset, int limit) implements Pageable {

		private OffsetPage page() {
			return new OffsetPage(this.offset, this.limit);
		}

		@Override
		public int getPageNumber() {
			return page().getPageNumber();
		}

		@Override
		public int getPageSize() {
			return this.limit;
		}

		@Override
		public long getOffset() {
			return this.offset;
		}

		@Override
		public Sort getSort() {
			return Sort.unsorted();
		}

		@Override
		public Pageable next() {
			return page().next();
		}

		@Override
		public Pageable previousOrFirst() {
			return page().previousOrFirst();
		}

		@Override
		public Pageable first() {
			return page().first();
		}

		@Override
		public Pageable withPage(int pageNumber) {
			return page().withPage(pageNumber);
		}

		@Override
		public boolean hasPrevious() {
			return this.offset > 0;
		}

	}

	/** A page with more to it. */
	@SuppressWarnings("EqualsHashCode")
	static final class MarkedPage extends PageRequest {

		private static final long serialVersionUID = 1L;

		final String mark;

		MarkedPage(String mark) {
			super(0, 10, Sort.unsorted());
			this.mark = mark;
		}

	}

	/** Is made of a name, and shows nothing else. */
	static final class Customer {

		final String name;

		int id;

		public Customer(String name) {
			this.name = name;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Customer that && this.id == that.id;
		}

		@Override
		public int hashCode() {
			return this.id;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	static final class Password {

		final String text;

		public Password(String text) {
			this.text = text;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Password that && this.text.equals(that.text);
		}

		@Override
		public int hashCode() {
			return this.text.hashCode();
		}

		@Override
		public String toString() {
			return "***";
		}

	}

	static final class Nameless {

	}

	static final class TextOnly {

		@Override
		public String toString() {
			return "text";
		}

	}

}
