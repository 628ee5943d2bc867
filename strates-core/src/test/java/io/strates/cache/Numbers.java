package io.strates.cache;

import java.nio.ByteBuffer;

/** Writes numbers as eight bytes. */
public final class Numbers implements ValueCodec<Long> {

	@Override
	public byte[] encode(Long value) {
		return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
	}

	@Override
	public Long decode(byte[] bytes) {
		return ByteBuffer.wrap(bytes).getLong();
	}

	@Override
	public String fingerprint() {
		return "long";
	}

}
