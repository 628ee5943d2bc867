package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.strates.cache.redis.ChannelMessage.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link ChannelMessage}. */
class ChannelMessageTests {

	@ParameterizedTest
	@EnumSource(Kind.class)
	void messageIsReadAsItWasWritten(Kind kind) {
		ChannelMessage message = new ChannelMessage(kind, "origin", Long.MAX_VALUE, "epoch", Long.MIN_VALUE,
				List.of("", "1:a", "b\n", "\u00e9\ud83d\ude00\u0000", "x".repeat(100_000)));

		assertThat(ChannelMessage.parse(message.bytes())).isEqualTo(message);
	}

	@Test
	void keysMayBeAppendedToTheHead() {
		ChannelMessage message = new ChannelMessage(Kind.LANDED, "origin", 0, "epoch", 5, List.of());

		ChannelMessage read = ChannelMessage.parse((message.head() + "1:a2:bc").getBytes(StandardCharsets.UTF_8));

		assertThat(read).isEqualTo(new ChannelMessage(Kind.LANDED, "origin", 0, "epoch", 5, List.of("a", "bc")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "hello", "2 PROBE o 1 e 0\n", "1 NONE o 1 e 0\n", "1 PROBE o 1 e\n",
			"1 PROBE o 1 e 0 x\n", "1 PROBE o x e 0\n", "1 PROBE o 1 e 0", "1 PROBE o 1 e 0\n2:a", "1 PROBE o 1 e 0\na",
			"1 PROBE o 1 e 0\n-1:a", "1 PROBE o 1 e 0\n4294967295:a", "1 PROBE o 1 e 0\n2147483647:a" })
	void textThatIsNoMessageIsNone(String text) {
		assertThat(ChannelMessage.parse(text.getBytes(StandardCharsets.UTF_8))).isNull();
	}

	@Test
	void messageThatWasCutOrChangedIsReadOrNotButNeverThrows() {
		byte[] whole = new ChannelMessage(Kind.INVALIDATED, "origin", 7, "epoch", 9, List.of("key", "other")).bytes();
		Random random = new Random(42);
		int unreadable = 0;
		for (int round = 0; round < 10_000; round++) {
			byte[] bytes = Arrays.copyOf(whole, random.nextInt(whole.length) + 1);
			bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();

			unreadable += (ChannelMessage.parse(bytes) == null) ? 1 : 0;
		}

		assertThat(unreadable).isPositive();
	}

}
