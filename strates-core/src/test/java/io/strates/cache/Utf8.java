package io.strates.cache;

import java.nio.charset.StandardCharsets;

/**
 * Writes texts, in one of several layouts.
 *
 * @param fingerprint names the layout
 */
record Utf8(String fingerprint) implements ValueCodec<String> {

	@Override
	public byte[] encode(String value) {
		return value.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String decode(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
