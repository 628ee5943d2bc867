package io.strates.sample.debian;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.jspecify.annotations.Nullable;

/**
 * The packages of an index, plain or gzip, one after the other as they are asked for.
 *
 * <p>
 * Every method that reads throws {@link BrokenIndexException} at the first fault of the
 * index, and {@link UncheckedIOException} if its source fails. Confined to one thread.
 */
public final class PackageReader implements Iterator<PackageEntry>, Closeable {

	/**
	 * How many stanzas an index may have, so that no upload fills the memory; Debian 12
	 * has 63,440.
	 */
	static final int MAX_STANZAS = 300_000;

	private final StanzaReader stanzas;

	private int count;

	private @Nullable PackageEntry next;

	private boolean atEnd;

	/**
	 * Creates a reader.
	 * @param source the bytes of the index, closed with this reader, or if it cannot be
	 * created
	 * @throws IOException if the source fails
	 */
	public PackageReader(InputStream source) throws IOException {
		try {
			this.stanzas = new StanzaReader(new LineReader(source));
		}
		catch (IOException | RuntimeException ex) {
			closeAfter(ex, source);
			throw ex;
		}
	}

	private static void closeAfter(Exception failure, InputStream source) {
		try {
			source.close();
		}
		catch (IOException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public boolean hasNext() {
		if (this.next == null && !this.atEnd) {
			this.next = read();
			this.atEnd = this.next == null;
		}
		return this.next != null;
	}

	@Override
	public PackageEntry next() {
		PackageEntry entry = hasNext() ? this.next : null;
		if (entry == null) {
			throw new NoSuchElementException("The index has no more packages");
		}
		this.next = null;
		return entry;
	}

	/**
	 * Returns the packages that have not been read yet; closing the stream closes this
	 * reader.
	 */
	public Stream<PackageEntry> stream() {
		Spliterator<PackageEntry> spliterator = Spliterators.spliteratorUnknownSize(this,
				Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
		return StreamSupport.stream(spliterator, false).onClose(this::closeUnchecked);
	}

	private @Nullable PackageEntry read() {
		try {
			Stanza stanza = this.stanzas.next();
			if (stanza != null) {
				return parse(stanza);
			}
			if (this.count == 0) {
				throw new BrokenIndexException(Math.max(1, this.stanzas.line()), "the index is empty");
			}
			return null;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private PackageEntry parse(Stanza stanza) {
		this.count++;
		if (this.count > MAX_STANZAS) {
			throw new BrokenIndexException(stanza.line(), "the index has more than " + MAX_STANZAS + " stanzas");
		}
		return PackageEntryParser.parse(stanza);
	}

	private void closeUnchecked() {
		try {
			close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.stanzas.close();
	}

}
