package io.strates.cache.spring;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;

/** What a person may mean who writes a key. */
class KeyReadingsTests {

	@Test
	void keyOfOneValueIsAmongTheReadingsOfItsText() {
		List<Object> keys = List.of("chf", "s.chf", "a/b", 7, 7L, (short) 7, (byte) 7, -7L, 7.5, 7.5f, true, 'x',
				new BigDecimal("7.50"), new UUID(1, 2), Currency.getInstance("CHF"), LocalDate.EPOCH);

		assertThat(keys)
			.allSatisfy((key) -> assertThat(KeyReadings.of("c", key.toString())).contains(KeyText.of("c", key)));
	}

	@Test
	void textIsReadAsATextFirstAndAsTheTextOfAKeyLast() {
		assertThat(KeyReadings.of("c", "chf")).containsExactly("s.chf", "chf");
		assertThat(KeyReadings.of("c", "s.chf")).containsExactly("s.s.chf", "s.chf");
		assertThat(KeyReadings.of("c", "7")).startsWith("s.7", "l.7", "i.7").endsWith("7");
	}

	@Test
	void keyOfSeveralValuesIsFoundByItsText() {
		String text = KeyText.of("c", new SimpleKey("a", 1));

		assertThat(KeyReadings.of("c", text)).endsWith(text);
	}

	@Test
	void numberIsReadAsOneOnlyIfItIsWrittenSo() {
		assertThat(KeyReadings.of("c", "007")).containsExactly("s.007", "007");
		assertThat(KeyReadings.of("c", "yes")).containsExactly("s.yes", "yes");
	}

}
