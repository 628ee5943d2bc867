package io.strates.sample.debian;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;

import io.strates.sample.debian.GunzipStream.GzipFaultException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GunzipStreamTests {

	@Test
	void contentComesBackWhateverTheSizeOfTheReads() throws Exception {
		byte[] content = new byte[300_000];
		new Random(7).nextBytes(content);

		assertThat(unpack(gzip(content))).isEqualTo(content);
		assertThat(unpack(gzip(new byte[0]))).isEmpty();
		assertThat(new GunzipStream(new OneByteAtATime(gzip(content))).readAllBytes()).isEqualTo(content);
	}

	@Test
	void membersAreJoined() throws Exception {
		byte[] joined = concat(gzip(text("one ")), gzip(new byte[0]), gzip(text("two")));

		assertThat(unpack(joined)).asString(StandardCharsets.UTF_8).isEqualTo("one two");
	}

	@Test
	void optionalPartsOfTheHeaderAreReadOver() throws Exception {
		byte[] plain = gzip(text("content"));
		byte[] header = { 0x1f, (byte) 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 'x', 'y', 'n', 'a', 0, 'c', 0, 1, 2 };
		byte[] decorated = concat(header, Arrays.copyOfRange(plain, 10, plain.length));

		assertThat(unpack(decorated)).asString(StandardCharsets.UTF_8).isEqualTo("content");
	}

	@Test
	void everyTruncationIsAFault() throws Exception {
		byte[] packed = gzip(text("some content"));

		for (int length = 2; length < packed.length; length++) {
			byte[] truncated = Arrays.copyOf(packed, length);
			assertThatExceptionOfType(GzipFaultException.class).as("length %d", length)
				.isThrownBy(() -> unpack(truncated))
				.withMessage("the gzip data ends before it is complete");
		}
	}

	@Test
	void whateverElseFollowsIsAFault() throws Exception {
		byte[] packed = gzip(text("content"));

		for (byte[] rest : new byte[][] { { 0 }, { 0x1f }, { '\n' }, text("Package: a") }) {
			assertThatExceptionOfType(GzipFaultException.class).isThrownBy(() -> unpack(concat(packed, rest)))
				.withMessage("the gzip data is followed by something else");
		}
	}

	@Test
	void damageIsAFault() throws Exception {
		byte[] packed = gzip(text("content"));
		byte[] wrongChecksum = packed.clone();
		wrongChecksum[packed.length - 8] ^= 1;
		byte[] wrongLength = packed.clone();
		wrongLength[packed.length - 1] ^= 1;
		byte[] wrongMethod = packed.clone();
		wrongMethod[2] = 7;
		byte[] wrongBlock = packed.clone();
		wrongBlock[10] = (byte) 0xff;

		assertFault(wrongChecksum, "the gzip data does not match its checksum");
		assertFault(wrongLength, "the gzip data does not match its checksum");
		assertFault(wrongMethod, "the gzip data uses an unknown method or flag");
		assertFault(wrongBlock, "the gzip data is damaged");
	}

	private static void assertFault(byte[] packed, String message) {
		assertThatExceptionOfType(GzipFaultException.class).isThrownBy(() -> unpack(packed)).withMessage(message);
	}

	private static byte[] unpack(byte[] packed) throws IOException {
		try (InputStream in = new GunzipStream(new ByteArrayInputStream(packed))) {
			return in.readAllBytes();
		}
	}

	static byte[] gzip(byte[] content) throws IOException {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
			out.write(content);
		}
		return packed.toByteArray();
	}

	static byte[] concat(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static final class OneByteAtATime extends ByteArrayInputStream {

		OneByteAtATime(byte[] bytes) {
			super(bytes);
		}

		@Override
		public synchronized int read(byte[] target, int offset, int length) {
			return super.read(target, offset, Math.min(1, length));
		}

	}

}
