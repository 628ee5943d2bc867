package io.strates.sample.debian;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A package index that can be read more than once: a resource, or an upload that was
 * spooled to a temporary file. Closing it deletes that file; closing it twice is
 * harmless.
 */
public final class PackageIndex implements Closeable {

	private final Source source;

	private final Closeable release;

	private PackageIndex(Source source, Closeable release) {
		this.source = source;
		this.release = release;
	}

	/**
	 * Returns the index of a source that can be opened again and again, such as a class
	 * path resource.
	 * @param source what opens the bytes from their beginning
	 * @return the index
	 */
	public static PackageIndex of(Source source) {
		return new PackageIndex(source, () -> {
		});
	}

	/**
	 * Copies a source that can be read only once, such as the body of a request, to a
	 * temporary file, as it comes.
	 * @param body the bytes, which remain the caller's to close
	 * @return the index
	 * @throws IOException if the body or the file fails; no file is left behind
	 */
	public static PackageIndex spool(InputStream body) throws IOException {
		return spool(body, Path.of(System.getProperty("java.io.tmpdir")));
	}

	static PackageIndex spool(InputStream body, Path directory) throws IOException {
		Path file = Files.createTempFile(directory, "package-index", null);
		try {
			Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException | RuntimeException ex) {
			Files.deleteIfExists(file);
			throw ex;
		}
		return new PackageIndex(() -> Files.newInputStream(file), () -> Files.deleteIfExists(file));
	}

	/**
	 * Opens the index at its beginning.
	 * @return a reader, for the caller to close
	 * @throws IOException if the source fails
	 */
	public PackageReader open() throws IOException {
		return new PackageReader(this.source.open());
	}

	@Override
	public void close() throws IOException {
		this.release.close();
	}

	/**
	 * Opens the bytes of an index.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Opens the bytes at their beginning.
		 * @return a new stream
		 * @throws IOException if that fails
		 */
		InputStream open() throws IOException;

	}

}
