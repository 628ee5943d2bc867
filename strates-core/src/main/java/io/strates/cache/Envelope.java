package io.strates.cache;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of an entry of a coherent cache in L2: the layout of the value, the tags that
 * it carries with the token of each, and the value.
 *
 * @param fingerprint the codec's fingerprint
 * @param tags the token of each tag, by the key of the tag
 * @param body the encoded value, or {@code null} if there is none
 */
/*
 * The fingerprint is in here and not in the key, other than for immutable values: a write
 * by one version of an application must reach the entries that another version reads.
 */
// Nobody compares envelopes, and their bytes are handed over.
@SuppressWarnings("ArrayRecordComponent")
record Envelope(String fingerprint, Map<String, String> tags, byte @Nullable [] body) {

	private static final byte VERSION = 1;

	private static final int MAX_TAGS = 1_000;

	private static final int MAX_TEXT = 0xFFFF;

	byte[] encoded() {
		if (this.tags.size() > MAX_TAGS) {
			throw new IllegalArgumentException(
					"A value with " + this.tags.size() + " tags has more than " + MAX_TAGS + "; use fewer");
		}
		byte[][] texts = new byte[1 + 2 * this.tags.size()][];
		texts[0] = utf8(this.fingerprint);
		int count = 1;
		for (Map.Entry<String, String> tag : this.tags.entrySet()) {
			texts[count++] = utf8(tag.getKey());
			texts[count++] = utf8(tag.getValue());
		}
		int size = 1 + 2 + 1 + ((this.body != null) ? this.body.length : 0);
		for (byte[] text : texts) {
			size += 2 + text.length;
		}
		ByteBuffer bytes = ByteBuffer.allocate(size).put(VERSION);
		put(bytes, texts[0]);
		bytes.putShort((short) this.tags.size());
		for (int index = 1; index < count; index++) {
			put(bytes, texts[index]);
		}
		bytes.put((byte) ((this.body != null) ? 1 : 0));
		if (this.body != null) {
			bytes.put(this.body);
		}
		return bytes.array();
	}

	private static byte[] utf8(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > MAX_TEXT) {
			throw new IllegalArgumentException(
					"A tag has " + bytes.length + " bytes, more than " + MAX_TEXT + "; take a shorter one");
		}
		return bytes;
	}

	private static void put(ByteBuffer bytes, byte[] text) {
		bytes.putShort((short) text.length).put(text);
	}

	/** Returns the envelope, or {@code null} if the bytes are none. */
	static @Nullable Envelope decoded(byte[] bytes) {
		ByteBuffer in = ByteBuffer.wrap(bytes);
		try {
			if (in.get() != VERSION) {
				return null;
			}
			String fingerprint = text(in);
			int count = Short.toUnsignedInt(in.getShort());
			if (count > MAX_TAGS) {
				return null;
			}
			Map<String, String> tags = new LinkedHashMap<>();
			for (int tag = 0; tag < count; tag++) {
				tags.put(text(in), text(in));
			}
			boolean full = in.get() != 0;
			return new Envelope(fingerprint, tags,
					full ? Arrays.copyOfRange(bytes, in.position(), bytes.length) : null);
		}
		catch (BufferUnderflowException ex) {
			return null;
		}
	}

	/** Returns how many bytes follow the head, which says whether there is a value. */
	int bodyLength() {
		return (this.body != null) ? this.body.length : 0;
	}

	/** Whether there is a value behind a head that is so long. */
	static boolean isFull(byte[] bytes, int head) {
		return bytes[head - 1] != 0;
	}

	private static String text(ByteBuffer in) {
		int length = Short.toUnsignedInt(in.getShort());
		if (length > in.remaining()) {
			throw new BufferUnderflowException();
		}
		byte[] text = new byte[length];
		in.get(text);
		return new String(text, StandardCharsets.UTF_8);
	}

}
