package io.strates.sample.importing;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/**
 * The body of an upload, which ends with an {@link UploadException} if it is too large or
 * the client goes away.
 */
final class UploadStream extends FilterInputStream {

	private final DataSize max;

	private long left;

	UploadStream(InputStream body, DataSize max) {
		super(body);
		this.max = max;
		this.left = max.toBytes();
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		int count = receive(target, offset, length);
		this.left -= Math.max(0, count);
		if (this.left < 0) {
			throw tooLarge(this.max);
		}
		return count;
	}

	private int receive(byte[] target, int offset, int length) throws UploadException {
		try {
			return super.read(target, offset, length);
		}
		catch (IOException ex) {
			UploadException failure = new UploadException(HttpStatus.BAD_REQUEST,
					"The upload ended before it was complete");
			failure.initCause(ex);
			throw failure;
		}
	}

	/**
	 * Returns whether no byte has come yet.
	 */
	boolean isEmpty() {
		return this.left == this.max.toBytes();
	}

	static UploadException tooLarge(DataSize max) {
		return new UploadException(HttpStatus.CONTENT_TOO_LARGE,
				String.format(Locale.ROOT, "The upload is larger than %,d bytes", max.toBytes()));
	}

}
