package io.strates.cache.jackson;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.strates.cache.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Codecs on Jackson. */
class JacksonCodecsTests {

	static List<JacksonCodecs> factories() {
		return List.of(JacksonCodecs.smile(), JacksonCodecs.json());
	}

	@ParameterizedTest
	@MethodSource("factories")
	void valueComesBackAsItWas(JacksonCodecs factory) {
		ValueCodec<Everything> codec = factory.codec(Everything.class);
		Everything value = new Everything(Long.MIN_VALUE, Integer.MAX_VALUE, 0.1, true, "Zoë 🧥", null,
				UUID.fromString("0198a000-0000-7000-8000-000000000001"), Instant.parse("2026-07-11T10:15:30.123456Z"),
				new BigDecimal("12345678901234567890.10"), Colour.RED, List.of(), Arrays.asList("a", null),
				Map.of("k", new Part("p", 1)));

		Everything decoded = codec.decode(codec.encode(value));

		assertThat(decoded).isEqualTo(value);
	}

	@Test
	void jsonIsReadable() {
		byte[] bytes = JacksonCodecs.json().codec(Part.class).encode(new Part("sleeve", 2));

		assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("{\"name\":\"sleeve\",\"count\":2}");
	}

	@ParameterizedTest
	@MethodSource("factories")
	void garbageIsRefused(JacksonCodecs factory) {
		ValueCodec<Part> codec = factory.codec(Part.class);
		byte[] bytes = codec.encode(new Part("sleeve", 2));

		assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length - 2)))
			.withMessageStartingWith("The bytes hold no " + Part.class.getName());
		assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(new byte[] { 1, 2, 3 }));
		assertThatIllegalArgumentException().isThrownBy(() -> codec.decode("null".getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void fingerprintTellsFormatsAndLayoutsApart() {
		JacksonCodecs smile = JacksonCodecs.smile();

		assertThat(List.of(smile.codec(Part.class).fingerprint(), JacksonCodecs.json().codec(Part.class).fingerprint(),
				smile.codec(Renamed.class).fingerprint(), smile.codec(Retyped.class).fingerprint(),
				smile.codec(Holder.class).fingerprint()))
			.doesNotHaveDuplicates()
			.allMatch((fingerprint) -> fingerprint.matches("[0-9a-f]{16}"));
		assertThat(JacksonCodecs.smile().codec(Part.class).fingerprint())
			.isEqualTo(smile.codec(Part.class).fingerprint());
	}

	@Test
	void typeNamesAreNotWritten() {
		byte[] bytes = JacksonCodecs.json().codec(Holder.class).encode(new Holder(Collections.emptyList()));

		assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("{\"parts\":[]}");
	}

	enum Colour {

		RED, GREEN

	}

	record Part(String name, int count) {
	}

	record Renamed(String title, int count) {
	}

	record Retyped(String name, long count) {
	}

	record Holder(List<Part> parts) {
	}

	record Everything(long big, int small, double fraction, boolean flag, String text, @Nullable String nothing,
			UUID id, Instant at, BigDecimal exact, Colour colour, List<String> empty, List<@Nullable String> names,
			Map<String, Part> parts) {
	}

}
