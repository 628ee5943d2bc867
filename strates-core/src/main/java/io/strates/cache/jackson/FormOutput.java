package io.strates.cache.jackson;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow. */
final class FormOutput {

	private static final int FIRST_CAPACITY = 256;

	private static final int LONGEST_NUMBER = 10;

	private byte[] bytes = new byte[FIRST_CAPACITY];

	private int size;

	void flag(boolean flag) {
		room(1);
		this.bytes[this.size++] = (byte) (flag ? 1 : 0);
	}

	/** Small numbers, negative ones too, take few bytes. */
	void number(long number) {
		vary((number << 1) ^ (number >> (Long.SIZE - 1)));
	}

	void size(int count) {
		vary(count);
	}

	private void vary(long value) {
		room(LONGEST_NUMBER);
		long rest = value;
		while ((rest & ~0x7FL) != 0) {
			this.bytes[this.size++] = (byte) (rest | 0x80);
			rest >>>= 7;
		}
		this.bytes[this.size++] = (byte) rest;
	}

	void eightBytes(long value) {
		room(Long.BYTES);
		FormInput.LONGS.set(this.bytes, this.size, value);
		this.size += Long.BYTES;
	}

	void text(String text) {
		for (int index = 0; index < text.length(); index++) {
			if (Character.isSurrogate(text.charAt(index))) {
				requireWhole(text);
				break;
			}
		}
		part(text.getBytes(StandardCharsets.UTF_8));
	}

	/** Half of a pair would silently become something else. */
	private static void requireWhole(String text) {
		try {
			StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("a text holds half of a surrogate pair", ex);
		}
	}

	void part(byte[] part) {
		size(part.length);
		room(part.length);
		System.arraycopy(part, 0, this.bytes, this.size, part.length);
		this.size += part.length;
	}

	private void room(int count) {
		if (count > this.bytes.length - this.size) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(2 * this.bytes.length, this.size + count));
		}
	}

	byte[] toBytes() {
		return Arrays.copyOf(this.bytes, this.size);
	}

}
