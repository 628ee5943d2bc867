package io.strates.cache.spring;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.interceptor.SimpleKey;

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
				"1970-01-01", Locale.ROOT, Optional.empty(), Optional.of("a"), String.class, "x".repeat(500),
				"x".repeat(501), "y".repeat(500)));

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

	static final class Nameless {

	}

	static final class TextOnly {

		@Override
		public String toString() {
			return "text";
		}

	}

}
