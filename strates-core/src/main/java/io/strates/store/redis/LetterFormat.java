package io.strates.store.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

import io.strates.store.DeadLetter;
import io.strates.store.QueuedWrite;
import org.jspecify.annotations.Nullable;

/** How writes and dead letters are put into Redis. */
final class LetterFormat {

	private static final int VERSION = 1;

	private static final int LONGEST_CAUSE = 4000;

	private LetterFormat() {
	}

	static byte[] value(QueuedWrite write) {
		byte[] state = write.state();
		if (state == null) {
			return new byte[] { '0' };
		}
		byte[] value = new byte[state.length + 1];
		value[0] = '1';
		System.arraycopy(state, 0, value, 1, state.length);
		return value;
	}

	static QueuedWrite write(String id, byte[] value) {
		return new QueuedWrite(id, state(value));
	}

	private static byte @Nullable [] state(byte[] value) {
		if (value[0] == '0') {
			return null;
		}
		byte[] state = new byte[value.length - 1];
		System.arraycopy(value, 1, state, 0, state.length);
		return state;
	}

	static byte[] encode(DeadLetter letter) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeByte(VERSION);
			out.writeLong(letter.diedAt().toEpochMilli());
			out.writeInt(letter.attempts());
			out.writeUTF(letter.cause().substring(0, Math.min(LONGEST_CAUSE, letter.cause().length())));
			out.write(value(letter.write()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	static DeadLetter decode(String id, byte[] encoded) {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded))) {
			int version = in.readByte();
			if (version != VERSION) {
				throw new IllegalStateException("Dead letter of " + id + " has format " + version
						+ ", which another version of the application wrote; retry it with that one");
			}
			Instant diedAt = Instant.ofEpochMilli(in.readLong());
			int attempts = in.readInt();
			String cause = in.readUTF();
			return new DeadLetter(write(id, in.readAllBytes()), cause, diedAt, attempts);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
