package io.strates.cache.jackson;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

import io.strates.cache.ValueCodec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What comes back from bytes, whatever the values and the bytes. Nothing is shrunk: a
 * smaller seed is no smaller value.
 */
class CodecPropertyTests {

	private static final List<JacksonCodecs> FACTORIES = List.of(JacksonCodecs.smile(), JacksonCodecs.json());

	@Property(shrinking = ShrinkingMode.OFF, tries = 300)
	void recordComesBackAsItWas(@ForAll long seed) {
		Sample value = sample(new Random(seed), 2);

		for (JacksonCodecs factory : FACTORIES) {
			ValueCodec<Sample> codec = factory.codec(Sample.class);
			assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
		}
	}

	@Property(shrinking = ShrinkingMode.OFF, tries = 300)
	void rowComesBackAsItWas(@ForAll long seed) {
		Random random = new Random(seed);
		@Nullable Object[] row = { any(random, random.nextLong()), any(random, text(random)), any(random, decimal(random)),
				any(random, instant(random)), any(random, part(random)), any(random, random.nextBoolean()),
				any(random, new ArrayList<>(List.of(1, 2))) };

		for (JacksonCodecs factory : FACTORIES) {
			ValueCodec<@Nullable Object[]> codec = factory.rowCodec("sample", List.of(long.class, String.class,
					BigDecimal.class, Instant.class, Part.class, Boolean.class, List.class));
			assertThat(codec.decode(codec.encode(row))).isEqualTo(row);
		}
	}

	@Property(shrinking = ShrinkingMode.OFF, tries = 300)
	void valueComesBackFromTheMiddleOfOtherBytes(@ForAll long seed) {
		Random random = new Random(seed);
		Sample value = sample(random, 1);

		for (JacksonCodecs factory : FACTORIES) {
			ValueCodec<Sample> codec = factory.codec(Sample.class);
			byte[] bytes = codec.encode(value);
			byte[] around = new byte[bytes.length + 20];
			random.nextBytes(around);
			System.arraycopy(bytes, 0, around, 7, bytes.length);
			assertThat(codec.decode(around, 7, bytes.length)).isEqualTo(value);
		}
	}

	@Property(shrinking = ShrinkingMode.OFF, tries = 300)
	void truncatedBytesAreRefused(@ForAll long seed) {
		Random random = new Random(seed);
		Sample value = sample(random, 1);

		for (JacksonCodecs factory : FACTORIES) {
			ValueCodec<Sample> codec = factory.codec(Sample.class);
			byte[] bytes = codec.encode(value);
			int length = random.nextInt(bytes.length);
			assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(Arrays.copyOf(bytes, length)));
			assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(bytes, 0, length));
		}
	}

	@Property(shrinking = ShrinkingMode.OFF, tries = 300)
	void moreBytesThanThoseOfAValueAreRefused(@ForAll long seed, @ForAll byte added) {
		ValueCodec<Sample> codec = JacksonCodecs.smile().codec(Sample.class);
		byte[] bytes = codec.encode(sample(new Random(seed), 1));
		byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
		longer[bytes.length] = added;

		assertThatIllegalArgumentException().isThrownBy(() -> codec.decode(longer));
	}

	@Property(shrinking = ShrinkingMode.OFF, tries = 300)
	void garbageIsRefusedOrHoldsAValue(@ForAll long seed) {
		Random random = new Random(seed);
		for (JacksonCodecs factory : FACTORIES) {
			ValueCodec<Sample> codec = factory.codec(Sample.class);
			byte[] bytes = codec.encode(sample(random, 1));
			for (int change = 0; change <= random.nextInt(3); change++) {
				bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
			}
			try {
				assertThat(codec.decode(bytes)).isNotNull();
			}
			catch (IllegalArgumentException ex) {
				assertThat(ex).hasMessageStartingWith("The bytes hold n");
			}
		}
	}

	private static Sample sample(Random random, int depth) {
		List<@Nullable Part> parts = new ArrayList<>();
		for (int count = random.nextInt(4); count > 0; count--) {
			parts.add(random.nextInt(5) == 0 ? null : part(random));
		}
		return new Sample(random.nextLong(), random.nextInt() >> random.nextInt(32), random.nextDouble(),
				random.nextBoolean(), (byte) random.nextInt(), (char) ('a' + random.nextInt(26)),
				any(random, random.nextInt()), any(random, random.nextLong() >> random.nextInt(64)),
				any(random, random.nextGaussian()), any(random, random.nextBoolean()), any(random, text(random)),
				any(random, decimal(random)), any(random, instant(random)),
				any(random, LocalDate.ofEpochDay(random.nextInt(100_000) - 50_000)),
				any(random, new UUID(random.nextLong(), random.nextLong())),
				any(random, Colour.values()[random.nextInt(Colour.values().length)]), any(random, part(random)),
				any(random, parts), Optional.ofNullable(any(random, text(random))),
				(depth > 0) ? any(random, sample(random, depth - 1)) : null);
	}

	private static Part part(Random random) {
		return new Part(text(random), random.nextInt());
	}

	private static <T> @Nullable T any(Random random, T value) {
		return (random.nextInt(5) > 0) ? value : null;
	}

	private static String text(Random random) {
		return random.ints(random.nextInt(100), 0, 0x2_0000)
			.filter((point) -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private static BigDecimal decimal(Random random) {
		return new BigDecimal(new BigInteger(random.nextInt(130), random), random.nextInt(40) - 20)
			.multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1));
	}

	private static Instant instant(Random random) {
		return Instant.ofEpochSecond(random.nextInt() * 10L, random.nextInt(1_000_000_000));
	}

	enum Colour {

		RED, GREEN {

			@Override
			boolean isBright() {
				return true;
			}

		};

		boolean isBright() {
			return false;
		}

	}

	record Part(String name, int count) {
	}

	record Sample(long big, int small, double fraction, boolean flag, byte tiny, char letter, @Nullable Integer boxed,
			@Nullable Long bigBoxed, @Nullable Double fractionBoxed, @Nullable Boolean flagBoxed, @Nullable String text,
			@Nullable BigDecimal exact, @Nullable Instant at, @Nullable LocalDate day, @Nullable UUID id,
			@Nullable Colour colour, @Nullable Part part, @Nullable List<@Nullable Part> parts, Optional<String> maybe,
			@Nullable Sample inner) {
	}

}
