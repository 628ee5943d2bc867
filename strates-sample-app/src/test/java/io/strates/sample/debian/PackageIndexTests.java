package io.strates.sample.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class PackageIndexTests {

	private static final byte[] INDEX = "Package: aa\nVersion: 1\nArchitecture: all\n".getBytes(StandardCharsets.UTF_8);

	@TempDir
	Path directory;

	@Test
	void spooledBodyCanBeReadAgainUntilItIsClosed() throws Exception {
		PackageIndex index = PackageIndex.spool(new ByteArrayInputStream(INDEX), this.directory);

		assertThat(names(index)).isEqualTo(names(index)).containsExactly("aa");
		assertThat(files()).hasSize(1);
		index.close();
		index.close();
		assertThat(files()).isEmpty();
	}

	@Test
	void bodyThatBreaksOffLeavesNoFile() throws Exception {
		InputStream body = new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("connection reset");
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				throw new IOException("connection reset");
			}

		};

		assertThatIOException().isThrownBy(() -> PackageIndex.spool(body, this.directory))
			.withMessage("connection reset");
		assertThat(files()).isEmpty();
	}

	private static List<String> names(PackageIndex index) throws IOException {
		try (PackageReader reader = index.open()) {
			return reader.stream().map(PackageEntry::name).toList();
		}
	}

	private List<Path> files() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.toList();
		}
	}

}
