package io.strates.sample.debian;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The unpacked content of a gzip file of one or more members (RFC 1952), which refuses
 * whatever is not one.
 */
/*
 * Why not java.util.zip.GZIPInputStream: it takes anything that follows a member and is
 * not a member for the end of the file, so that an index followed by rubbish would pass
 * for whole. Here the file ends after a member or is broken.
 */
final class GunzipStream extends InputStream {

	private static final int FLAG_HEADER_CRC = 0x02;

	private static final int FLAG_EXTRA = 0x04;

	private static final int FLAG_NAME = 0x08;

	private static final int FLAG_COMMENT = 0x10;

	private static final int FLAGS_RESERVED = 0xe0;

	private final InputStream in;

	private final Inflater inflater = new Inflater(true);

	private final CRC32 checksum = new CRC32();

	private final byte[] packed = new byte[1 << 16];

	private int position;

	private int limit;

	private boolean inMember;

	private boolean atEnd;

	GunzipStream(InputStream in) throws IOException {
		this.in = in;
		readHeader();
	}

	static boolean isMagic(int first, int second) {
		return first == 0x1f && second == 0x8b;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		while (!this.atEnd) {
			int count = this.inMember ? inflate(target, offset, length) : 0;
			if (count > 0) {
				return count;
			}
			if (!this.inMember) {
				nextMember();
			}
		}
		return -1;
	}

	private int inflate(byte[] target, int offset, int length) throws IOException {
		try {
			int count = this.inflater.inflate(target, offset, length);
			this.checksum.update(target, offset, count);
			if (count > 0) {
				return count;
			}
			if (this.inflater.finished()) {
				this.position = this.limit - this.inflater.getRemaining();
				readTrailer();
				this.inMember = false;
			}
			else if (this.inflater.needsDictionary()) {
				throw new GzipFaultException("the gzip data is damaged");
			}
			else {
				feed();
			}
			return 0;
		}
		catch (DataFormatException ex) {
			throw new GzipFaultException("the gzip data is damaged");
		}
	}

	private void feed() throws IOException {
		if (this.position == this.limit && !fill()) {
			throw truncated();
		}
		this.inflater.setInput(this.packed, this.position, this.limit - this.position);
		this.position = this.limit;
	}

	private void nextMember() throws IOException {
		if (this.position == this.limit && !fill()) {
			this.atEnd = true;
			return;
		}
		readHeader();
	}

	private void readHeader() throws IOException {
		boolean first = this.limit == 0;
		if (!isMagic(readByte(first), readByte(first))) {
			throw new GzipFaultException("the gzip data is followed by something else");
		}
		int method = readByte();
		int flags = readByte();
		if (method != 8 || (flags & FLAGS_RESERVED) != 0) {
			throw new GzipFaultException("the gzip data uses an unknown method or flag");
		}
		skip(6);
		if ((flags & FLAG_EXTRA) != 0) {
			skip(readByte() | readByte() << 8);
		}
		if ((flags & FLAG_NAME) != 0) {
			skipText();
		}
		if ((flags & FLAG_COMMENT) != 0) {
			skipText();
		}
		if ((flags & FLAG_HEADER_CRC) != 0) {
			skip(2);
		}
		this.inflater.reset();
		this.checksum.reset();
		this.inMember = true;
	}

	private void readTrailer() throws IOException {
		long expectedChecksum = readInt();
		long expectedLength = readInt();
		if (expectedChecksum != this.checksum.getValue()
				|| expectedLength != (this.inflater.getBytesWritten() & 0xffffffffL)) {
			throw new GzipFaultException("the gzip data does not match its checksum");
		}
	}

	private long readInt() throws IOException {
		return readByte() | readByte() << 8 | readByte() << 16 | (long) readByte() << 24;
	}

	private void skip(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			readByte();
		}
	}

	private void skipText() throws IOException {
		int character;
		do {
			character = readByte();
		}
		while (character != 0);
	}

	private int readByte() throws IOException {
		return readByte(true);
	}

	/**
	 * Returns the next packed byte; at the end -1 or, when a member has begun for
	 * certain, a fault.
	 */
	private int readByte(boolean begun) throws IOException {
		if (this.position == this.limit && !fill()) {
			if (begun) {
				throw truncated();
			}
			return -1;
		}
		return this.packed[this.position++] & 0xff;
	}

	private boolean fill() throws IOException {
		this.position = 0;
		this.limit = Math.max(0, this.in.read(this.packed));
		return this.limit > 0;
	}

	private static GzipFaultException truncated() {
		return new GzipFaultException("the gzip data ends before it is complete");
	}

	@Override
	public void close() throws IOException {
		this.inflater.end();
		this.in.close();
	}

	/** Says that the bytes are at fault, not the device that they come from. */
	static final class GzipFaultException extends IOException {

		private final String fault;

		GzipFaultException(String fault) {
			super(fault);
			this.fault = fault;
		}

		String fault() {
			return this.fault;
		}

	}

}
