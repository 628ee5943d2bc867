package io.strates.cache;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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

	private static final int VERSION = 1;

	private static final int MAX_TAGS = 1_000;

	byte[] encoded() {
		int size = (this.body != null) ? this.body.length : 0;
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(size + 64 + 64 * this.tags.size());
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeByte(VERSION);
			out.writeUTF(this.fingerprint);
			out.writeShort(this.tags.size());
			for (Map.Entry<String, String> tag : this.tags.entrySet()) {
				out.writeUTF(tag.getKey());
				out.writeUTF(tag.getValue());
			}
			out.writeBoolean(this.body != null);
			if (this.body != null) {
				out.write(this.body);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Memory cannot be written to", ex);
		}
		return bytes.toByteArray();
	}

	/** Returns the envelope, or {@code null} if the bytes are none. */
	static @Nullable Envelope decoded(byte[] bytes) {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
			if (in.readByte() != VERSION) {
				return null;
			}
			String fingerprint = in.readUTF();
			int count = in.readUnsignedShort();
			if (count > MAX_TAGS) {
				return null;
			}
			Map<String, String> tags = new LinkedHashMap<>();
			for (int tag = 0; tag < count; tag++) {
				tags.put(in.readUTF(), in.readUTF());
			}
			return new Envelope(fingerprint, tags, in.readBoolean() ? in.readAllBytes() : null);
		}
		catch (IOException ex) {
			return null;
		}
	}

}
