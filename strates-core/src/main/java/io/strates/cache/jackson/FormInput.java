package io.strates.cache.jackson;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are read from the front, and never beyond their end. Anything that
 * {@link FormOutput} does not write is refused.
 */
final class FormInput {

	static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final int LAST_SHIFT = 63;

	private static final char REPLACEMENT = '\uFFFD';

	private final byte[] bytes;

	private final int end;

	private int position;

	FormInput(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.position = offset;
		this.end = offset + length;
	}

	/** Reads a yes or a no. */
	boolean flag() {
		byte flag = this.bytes[advance(1)];
		if (flag != 0 && flag != 1) {
			throw new IllegalArgumentException("a flag is " + flag);
		}
		return flag == 1;
	}

	int number() {
		return Math.toIntExact(bigNumber());
	}

	long bigNumber() {
		long folded = varied();
		return (folded >>> 1) ^ -(folded & 1);
	}

	/** Reads seven bits of each byte, the lowest first, until a byte that is the last. */
	private long varied() {
		long value = 0;
		for (int shift = 0; shift <= LAST_SHIFT; shift += 7) {
			byte next = this.bytes[advance(1)];
			value |= (next & 0x7FL) << shift;
			if (next >= 0) {
				if (shift == LAST_SHIFT && next > 1) {
					break;
				}
				return value;
			}
		}
		throw new IllegalArgumentException("a number is too long");
	}

	/** Reads how many of something follow, each of which takes a byte at least. */
	int size() {
		long size = varied();
		if (size < 0 || size > this.end - this.position) {
			throw new IllegalArgumentException("a size is beyond the end");
		}
		return (int) size;
	}

	long eightBytes() {
		return (long) LONGS.get(this.bytes, advance(Long.BYTES));
	}

	String text() {
		int size = size();
		int start = advance(size);
		String text = new String(this.bytes, start, size, StandardCharsets.UTF_8);
		return (text.indexOf(REPLACEMENT) < 0) ? text : strictly(start, size);
	}

	private String strictly(int start, int size) {
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(this.bytes, start, size)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new IllegalArgumentException("a text is none", ex);
		}
	}

	/** Lets somebody else read bytes of their own. */
	<T extends @Nullable Object> T part(Part<T> part) {
		int size = size();
		return part.read(this.bytes, advance(size), size);
	}

	void requireEnd() {
		if (this.position != this.end) {
			throw new IllegalArgumentException((this.end - this.position) + " bytes are left");
		}
	}

	/** Returns where the bytes begin that are passed. */
	private int advance(int count) {
		int start = this.position;
		if (count > this.end - start) {
			throw new IllegalArgumentException("they end too early");
		}
		this.position = start + count;
		return start;
	}

	/** Reads a part of the bytes. */
	@FunctionalInterface
	interface Part<T extends @Nullable Object> {

		T read(byte[] bytes, int offset, int length);

	}

}
