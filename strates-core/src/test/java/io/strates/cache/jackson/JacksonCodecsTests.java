package io.strates.cache.jackson;

import java.math.BigDecimal;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
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
	void fingerprintTellsApartWhatIsBehindWildcards() {
		assertThat(new TypeLayout("").add(extending(Part.class)).fingerprint())
			.isNotEqualTo(new TypeLayout("").add(extending(Renamed.class)).fingerprint());
	}

	/** As if one class had another layout in another version of the application. */
	private static WildcardType extending(Class<?> bound) {
		return new WildcardType() {

			@Override
			public Type[] getUpperBounds() {
				return new Type[] { bound };
			}

			@Override
			public Type[] getLowerBounds() {
				return new Type[0];
			}

			@Override
			public String getTypeName() {
				return "? extends Part";
			}

		};
	}

	@Test
	void typeNamesAreNotWritten() {
		byte[] bytes = JacksonCodecs.json().codec(Holder.class).encode(new Holder(Collections.emptyList()));

		assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("{\"parts\":[]}");
	}

	@Test
	void annotatedRecordIsWrittenAsJacksonIsTold() {
		ValueCodec<Annotated> codec = JacksonCodecs.smile().codec(Annotated.class);
		ValueCodec<AnnotatedHolder> holders = JacksonCodecs.smile().codec(AnnotatedHolder.class);

		Annotated decoded = codec.decode(codec.encode(new Annotated("sleeve", "secret")));
		AnnotatedHolder held = holders.decode(holders.encode(new AnnotatedHolder(1, new Annotated("a", "secret"))));

		assertThat(decoded).isEqualTo(new Annotated("sleeve", null));
		assertThat(held).isEqualTo(new AnnotatedHolder(1, new Annotated("a", null)));
	}

	@Test
	void annotationOnWhatARecordImplementsCountsAsItsOwn() {
		ValueCodec<Hiding> codec = JacksonCodecs.smile().codec(Hiding.class);

		assertThat(codec.decode(codec.encode(new Hiding("sleeve", "secret")))).isEqualTo(new Hiding("sleeve", null));
	}

	@Test
	void recordIsShorterThanItsNames() {
		byte[] bytes = JacksonCodecs.smile().codec(Part.class).encode(new Part("sleeve", 2));

		assertThat(bytes).hasSize("sleeve".length() + 3);
	}

	@Test
	void fingerprintTellsFormsApart() {
		assertThat(JacksonCodecs.smile().typeCodec(Plain.class).fingerprint())
			.isNotEqualTo(JacksonCodecs.smile().typeCodec(Part.class).fingerprint());
		Form own = new RowForm(List.of(BasicForm.LONG));
		Form others = new RowForm(List.of(new NullableForm(BasicForm.LONG)));
		assertThat(own.shape()).isNotEqualTo(others.shape());
	}

	@Test
	void recordThatRefusesItsValuesIsGarbage() {
		ValueCodec<Positive> codec = JacksonCodecs.smile().codec(Positive.class);
		byte[] bytes = codec.encode(new Positive(1));
		bytes[0] = 0x01;

		assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(bytes))
			.withMessage("The bytes hold no " + Positive.class.getName() + ": -1 is not positive");
	}

	@Test
	void halfOfASurrogatePairIsRefused() {
		ValueCodec<Part> codec = JacksonCodecs.smile().codec(Part.class);

		assertThatIllegalArgumentException().isThrownBy(() -> codec.encode(new Part("\uD83E", 1)));
	}

	@ParameterizedTest
	@MethodSource("factories")
	void recordInsideItselfComesBackAsItWas(JacksonCodecs factory) {
		ValueCodec<Chain> codec = factory.codec(Chain.class);
		Chain chain = new Chain("a", new Chain("b", new Chain("c", null)));

		assertThat(codec.decode(codec.encode(chain))).isEqualTo(chain);
	}

	@ParameterizedTest
	@MethodSource("factories")
	void timeKeepsItsZone(JacksonCodecs factory) {
		ValueCodec<Appointment> codec = factory.codec(Appointment.class);
		Appointment appointment = new Appointment(OffsetDateTime.parse("2026-07-11T10:15:30+02:00"));

		assertThat(codec.decode(codec.encode(appointment))).isEqualTo(appointment);
	}

	enum Colour {

		RED, GREEN

	}

	record Part(String name, int count) {
	}

	record Plain(String name, int count) {
	}

	record Annotated(@JsonProperty("n") String name, @JsonIgnore @Nullable String hidden) {
	}

	record AnnotatedHolder(int count, Annotated held) {
	}

	interface Discreet {

		@JsonIgnore
		@Nullable String hidden();

	}

	record Hiding(String name, @Nullable String hidden) implements Discreet {
	}

	record Positive(int count) {

		Positive {
			if (count <= 0) {
				throw new IllegalArgumentException(count + " is not positive");
			}
		}

	}

	record Chain(String name, @Nullable Chain next) {
	}

	record Appointment(OffsetDateTime at) {
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
