package io.strates.cache.redis;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other: a line of head, then the keys, each after its length.
 *
 * @param kind what it tells
 * @param origin which tier of which node sends it
 * @param sequence counts the messages of the origin, or 0 for one that Redis has made up
 * @param epoch where the keys are
 * @param sent when it was sent, by the origin's own ticker
 * @param keys the keys
 */
record ChannelMessage(Kind kind, String origin, long sequence, String epoch, long sent, List<String> keys) {

	private static final String VERSION = "1";

	private static final int HEAD_PARTS = 6;

	private static final int MAX_HEAD = 256;

	private static final byte END_OF_HEAD = '\n';

	enum Kind {

		INVALIDATED, LANDED, PROBE

	}

	/** The start of a message; Redis may append keys as {@link #bytes} does. */
	String head() {
		return String.join(" ", VERSION, this.kind.name(), this.origin, Long.toString(this.sequence), this.epoch,
				Long.toString(this.sent)) + (char) END_OF_HEAD;
	}

	byte[] bytes() {
		StringBuilder text = new StringBuilder(head());
		for (String key : this.keys) {
			text.append(length(key)).append(':').append(key);
		}
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

	private static int length(String key) {
		return key.getBytes(StandardCharsets.UTF_8).length;
	}

	/** Returns the message, or {@code null} if it is none. */
	static @Nullable ChannelMessage parse(byte[] bytes) {
		try {
			int end = endOfHead(bytes);
			String[] head = text(bytes, 0, end).split(" ", -1);
			if (head.length != HEAD_PARTS || !head[0].equals(VERSION)) {
				return null;
			}
			return new ChannelMessage(Kind.valueOf(head[1]), head[2], Long.parseLong(head[3]), head[4],
					Long.parseLong(head[5]), keys(bytes, end + 1));
		}
		catch (IllegalArgumentException | IndexOutOfBoundsException | CharacterCodingException ex) {
			return null;
		}
	}

	private static int endOfHead(byte[] bytes) {
		int index = 0;
		while (bytes[index] != END_OF_HEAD) {
			index++;
			if (index > MAX_HEAD) {
				throw new IllegalArgumentException("No head");
			}
		}
		return index;
	}

	private static List<String> keys(byte[] bytes, int start) throws CharacterCodingException {
		List<String> keys = new ArrayList<>();
		int index = start;
		while (index < bytes.length) {
			int colon = index;
			while (bytes[colon] != ':') {
				colon++;
			}
			int from = colon + 1;
			int length = Integer.parseInt(text(bytes, index, colon));
			if (length < 0 || length > bytes.length - from) {
				throw new IllegalArgumentException("No key");
			}
			int to = from + length;
			keys.add(text(bytes, from, to));
			index = to;
		}
		return List.copyOf(keys);
	}

	private static String text(byte[] bytes, int from, int to) throws CharacterCodingException {
		CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
		return text.toString();
	}

	/** Makes a message that is sent now. */
	static ChannelMessage of(Kind kind, String origin, long sequence, String epoch, Collection<String> keys) {
		return new ChannelMessage(kind, origin, sequence, epoch, System.nanoTime(), List.copyOf(keys));
	}

}
