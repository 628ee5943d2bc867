package io.strates.sample.debian;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import io.strates.sample.debian.GunzipStream.GzipFaultException;

/**
 * The numbered lines of a text that is plain or gzip: strict UTF-8, bounded in length,
 * and without control characters, which no column could hold.
 */
final class LineReader implements Closeable {

	/** Well above what occurs: the longest line of Debian 12 has 8,804 bytes. */
	static final int MAX_LINE_BYTES = 1 << 20;

	private final InputStream in;

	private final byte[] buffer = new byte[1 << 16];

	private int position;

	private int limit;

	private long number;

	LineReader(InputStream source) throws IOException {
		BufferedInputStream buffered = new BufferedInputStream(source);
		buffered.mark(2);
		boolean gzip = GunzipStream.isMagic(buffered.read(), buffered.read());
		buffered.reset();
		try {
			this.in = gzip ? new GunzipStream(buffered) : buffered;
		}
		catch (GzipFaultException ex) {
			throw new BrokenIndexException(1, ex.fault());
		}
	}

	/**
	 * Returns the number of the line that was read last, from 1; 0 before the first.
	 */
	long number() {
		return this.number;
	}

	/**
	 * Returns the next line without its end, or {@code null} after the last.
	 */
	@Nullable String next() throws IOException {
		if (this.position == this.limit && !fill()) {
			return null;
		}
		int end = lineEnd();
		if (end < this.limit) {
			String line = decode(this.buffer, this.position, end);
			this.position = end + 1;
			return line;
		}
		return nextAcrossBuffers();
	}

	private String nextAcrossBuffers() throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		boolean complete = false;
		while (!complete && (this.position < this.limit || fill())) {
			int end = lineEnd();
			bytes.write(this.buffer, this.position, end - this.position);
			complete = end < this.limit;
			this.position = complete ? end + 1 : end;
			if (bytes.size() > MAX_LINE_BYTES) {
				throw broken("the line is longer than " + MAX_LINE_BYTES + " bytes");
			}
		}
		return decode(bytes.toByteArray(), 0, bytes.size());
	}

	private int lineEnd() {
		int end = this.position;
		while (end < this.limit && this.buffer[end] != '\n') {
			end++;
		}
		return end;
	}

	private boolean fill() throws IOException {
		try {
			this.position = 0;
			this.limit = Math.max(0, this.in.read(this.buffer));
			return this.limit > 0;
		}
		catch (GzipFaultException ex) {
			throw broken(ex.fault());
		}
	}

	private String decode(byte[] bytes, int start, int lineEnd) {
		int end = (lineEnd > start && bytes[lineEnd - 1] == '\r') ? lineEnd - 1 : lineEnd;
		boolean ascii = true;
		for (int i = start; i < end; i++) {
			byte value = bytes[i];
			if (value < 0) {
				ascii = false;
			}
			else if ((value < ' ' && value != '\t') || value == 0x7f) {
				throw broken("the line has the control character 0x%02x".formatted(value));
			}
		}
		String line = ascii ? new String(bytes, start, end - start, StandardCharsets.ISO_8859_1)
				: decodeUtf8(bytes, start, end);
		this.number++;
		return line;
	}

	private String decodeUtf8(byte[] bytes, int start, int end) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
		try {
			return decoder.decode(ByteBuffer.wrap(bytes, start, end - start)).toString();
		}
		catch (CharacterCodingException ex) {
			throw broken("the line is not UTF-8");
		}
	}

	/** A fault of the line that is being read. */
	private BrokenIndexException broken(String reason) {
		return new BrokenIndexException(this.number + 1, reason);
	}

	@Override
	public void close() throws IOException {
		this.in.close();
	}

}
