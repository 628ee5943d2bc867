package io.strates.sample.debian;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PackageReaderTests {

	private static final String ZERO_AD = """
			Package: 0ad
			Version: 0.0.26-3
			Installed-Size: 28591
			Maintainer: Jörg Müller <joerg@example.org>
			Architecture: amd64
			Depends: 0ad-data (>= 0.0.26), python3:any | perl
			Pre-Depends: dpkg
			Recommends: fonts
			Description: Real-time strategy game
			Homepage: https://play0ad.com/
			Tag: game::strategy, interface::graphical,
			 role::program
			Section: games
			Priority: optional
			Size: 7891488
			""";

	private static final String MINIMAL = """
			Package: minimal
			Version: 1
			Architecture: all
			""";

	@Test
	void everyFieldIsRead() throws Exception {
		PackageEntry entry = readAll(ZERO_AD).get(0);

		assertThat(entry.line()).isEqualTo(1);
		assertThat(entry.name()).isEqualTo("0ad");
		assertThat(entry.version()).isEqualTo(new DebianVersion("0.0.26-3"));
		assertThat(entry.architecture()).isEqualTo("amd64");
		assertThat(entry.section()).isEqualTo("games");
		assertThat(entry.priority()).isEqualTo("optional");
		assertThat(entry.maintainer()).isEqualTo("Jörg Müller <joerg@example.org>");
		assertThat(entry.installedSize()).isEqualTo(28591);
		assertThat(entry.description()).isEqualTo("Real-time strategy game");
		assertThat(entry.homepage()).isEqualTo("https://play0ad.com/");
		assertThat(entry.tags()).containsExactly("game::strategy", "interface::graphical", "role::program");
		assertThat(entry.dependencies()).extracting(DependencyClause::type)
			.containsExactly(DependencyType.DEPENDS, DependencyType.DEPENDS, DependencyType.PRE_DEPENDS,
					DependencyType.RECOMMENDS);
	}

	@Test
	void fieldsThatMayBeAbsentAreNull() throws Exception {
		PackageEntry entry = readAll(MINIMAL).get(0);

		assertThat(entry.section()).isNull();
		assertThat(entry.priority()).isNull();
		assertThat(entry.maintainer()).isNull();
		assertThat(entry.installedSize()).isNull();
		assertThat(entry.description()).isNull();
		assertThat(entry.homepage()).isNull();
		assertThat(entry.tags()).isEmpty();
		assertThat(entry.dependencies()).isEmpty();
	}

	@Test
	void gzipIsRecognised() throws Exception {
		assertThat(readAll(GunzipStreamTests.gzip(bytes(ZERO_AD)))).isEqualTo(readAll(ZERO_AD));
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\n\n\n", "\n \t\n" })
	void stanzasAreDividedByEmptyLines(String divider) throws Exception {
		assertThat(readAll("\n" + ZERO_AD + divider + MINIMAL + "\n\n")).extracting(PackageEntry::name)
			.containsExactly("0ad", "minimal");
	}

	@Test
	void linesMayEndAsOnWindowsAndTheLastNotAtAll() throws Exception {
		String index = (ZERO_AD + "\n" + MINIMAL).strip();

		assertThat(readAll(index.replace("\n", "\r\n"))).isEqualTo(readAll(index)).hasSize(2);
	}

	@Test
	void namesOfFieldsAreNotCaseSensitive() throws Exception {
		assertThat(readAll("PACKAGE: aa\nversion: 1\nArchitecture: all\n")).hasSize(1);
	}

	@Test
	void descriptionKeepsItsLines() throws Exception {
		assertThat(readAll(MINIMAL + "Description: synopsis\n more\n .\n end\n").get(0).description())
			.isEqualTo("synopsis\nmore\n\nend");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', delimiterString = "=>", value = { //
			"Section                    => a field without a colon: \"Section\"", //
			"Section libs: x            => \"Section libs\" is not the name of a field", //
			": x                        => \"\" is not the name of a field", //
			"# comment: x               => \"# comment\" is not the name of a field", //
			"version: 2                 => field version is in the stanza twice, first in line 2", //
			"Installed-Size: many       => Installed-Size \"many\" is not a number of KiB", //
			"Installed-Size: -1         => Installed-Size \"-1\" is not a number of KiB", //
			"Installed-Size: 1234567890123456789 => Installed-Size \"1234567890123456789\" is not a number of KiB", //
			"Depends: aa (>= 1), bb (1) => the clause \"bb (1)\" of Depends cannot be read: \"\" is not one of << <= = >= >>", //
			"Pre-Depends: ,             => the clause \"\" of Pre-Depends cannot be read: a name is missing", //
			"Tag: a b                   => \"a b\" is not a tag" })
	void faultNamesItsLine(String line, String reason) {
		assertBroken(MINIMAL + line + "\nPriority: optional\n", 4, reason);
	}

	@ParameterizedTest
	@CsvSource(delimiterString = "=>", value = { //
			"Version: 1_2  => \"1_2\" is not a version: it has the character '_'", //
			"Version: 1-   => \"1-\" is not a version: its revision is empty" })
	void invalidVersionIsAFault(String version, String reason) {
		assertBroken(ZERO_AD + "\n" + "Package: aa\n" + version + "\nArchitecture: all\n", 18, reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Package", "Version", "Architecture" })
	void missingFieldIsAFaultOfTheStanzasFirstLine(String name) {
		String without = MINIMAL.replaceAll("(?m)^" + name + ": .*\n", "");
		String empty = MINIMAL.replaceAll("(?m)^" + name + ": .*\n", name + ":\n");

		assertBroken(ZERO_AD + "\n" + without, 17, "the stanza has no " + name);
		assertBroken(ZERO_AD + "\n" + empty, 17, "the stanza has no " + name);
	}

	@Test
	void nameThatIsNoneIsAFault() {
		assertBroken("Version: 1\nPackage: Upper\nArchitecture: all\n", 2, "\"Upper\" is not the name of a package");
	}

	@Test
	void continuationWithoutAFieldIsAFault() {
		assertBroken(MINIMAL + "\n more\n", 5, "a continuation line, but no field that it continues");
	}

	@Test
	void continuationOfASingleLineFieldIsAFaultOfItsOwnLine() {
		assertBroken(MINIMAL + "Section: libs\n more\n", 5, "field Section must be a single line");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "\n\n \n" })
	void emptyIndexIsAFault(String index) throws Exception {
		int line = Math.max(1, index.length() - index.replace("\n", "").length());

		assertBroken(index, line, "the index is empty");
		assertBroken(GunzipStreamTests.gzip(bytes(index)), line, "the index is empty");
	}

	@Test
	void truncatedGzipIsAFaultAfterWhatCouldBeRead() throws Exception {
		byte[] packed = GunzipStreamTests.gzip(bytes(ZERO_AD + "\n" + MINIMAL));
		byte[] truncated = Arrays.copyOf(packed, packed.length - 1);

		PackageReader reader = new PackageReader(new ByteArrayInputStream(truncated));

		assertThat(reader.next().name()).isEqualTo("0ad");
		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(reader::hasNext)
			.withMessage("line 20: the gzip data ends before it is complete");
	}

	@Test
	void truncatedHeaderOfGzipIsAFault() {
		assertBroken(new byte[] { 0x1f, (byte) 0x8b, 8 }, 1, "the gzip data ends before it is complete");
	}

	@Test
	void bytesAfterGzipAreAFault() throws Exception {
		byte[] packed = GunzipStreamTests.gzip(bytes(MINIMAL));

		assertBroken(GunzipStreamTests.concat(packed, bytes(MINIMAL)), 4,
				"the gzip data is followed by something else");
	}

	@Test
	void textThatIsNotUtf8IsAFault() {
		byte[] latin = (MINIMAL + "Maintainer: Jörg\n").getBytes(StandardCharsets.ISO_8859_1);

		assertBroken(latin, 4, "the line is not UTF-8");
	}

	@Test
	void controlCharacterIsAFault() {
		assertBroken(MINIMAL + "Section: li\0bs\n", 4, "the line has the control character 0x00");
	}

	@Test
	void lineOfAnyLengthUpToTheBoundIsRead() throws Exception {
		String dependencies = "aa, ".repeat(LineReader.MAX_LINE_BYTES / 4 - 10) + "aa";

		assertThat(readAll(MINIMAL + "Depends: " + dependencies).get(0).dependencies())
			.hasSize(LineReader.MAX_LINE_BYTES / 4 - 9);
	}

	@Test
	void endlessLineIsAFaultBeforeItFillsTheMemory() {
		InputStream endless = new InputStream() {

			@Override
			public int read() {
				return 'x';
			}

		};

		assertThatExceptionOfType(BrokenIndexException.class)
			.isThrownBy(() -> new PackageReader(new SequenceInputStream(stream(MINIMAL), endless)).next())
			.withMessage("line 4: the line is longer than 1048576 bytes");
	}

	@Test
	void endlessStanzaIsAFaultBeforeItFillsTheMemory() {
		String line = " " + "x".repeat(100_000) + "\n";

		assertBroken(MINIMAL + "Description: x\n" + line.repeat(50), 46,
				"the stanza is longer than 4194304 characters");
	}

	@Test
	void valueThatNoColumnWouldHoldIsAFault() {
		assertBroken(MINIMAL + "Section: " + "x".repeat(101), 4, "field Section is longer than 100 characters");
		assertBroken(MINIMAL + "Description: " + "x".repeat(10_001), 4,
				"field Description is longer than 10000 characters");
	}

	@Test
	void stanzasAreReadOnlyWhenTheyAreAskedFor() throws Exception {
		InputStream failing = new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("gone");
			}

			@Override
			public int read(byte[] target, int offset, int length) throws IOException {
				throw new IOException("gone");
			}

		};
		String padding = "Description: " + "x".repeat(9_000) + "\n";
		String first = (MINIMAL + padding + "\n").repeat(20);

		PackageReader reader = new PackageReader(new SequenceInputStream(stream(first), failing));

		assertThat(reader.next().name()).isEqualTo("minimal");
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> reader.forEachRemaining((entry) -> {
		})).withMessageContaining("gone");
	}

	@Test
	void readingPastTheEndFails() throws Exception {
		PackageReader reader = new PackageReader(stream(MINIMAL));
		reader.next();

		assertThat(reader.hasNext()).isFalse();
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(reader::next);
	}

	@Test
	void closingTheStreamClosesTheSource() throws Exception {
		AtomicBoolean closed = new AtomicBoolean();
		InputStream source = new ByteArrayInputStream(bytes(MINIMAL)) {

			@Override
			public void close() {
				closed.set(true);
			}

		};

		new PackageReader(source).stream().close();

		assertThat(closed).isTrue();
	}

	private static void assertBroken(String index, long line, String reason) {
		assertBroken(bytes(index), line, reason);
	}

	private static void assertBroken(byte[] index, long line, String reason) {
		assertThatExceptionOfType(BrokenIndexException.class).isThrownBy(() -> readAll(index))
			.withMessage("line %d: %s", line, reason)
			.satisfies((ex) -> {
				assertThat(ex.line()).isEqualTo(line);
				assertThat(ex.reason()).isEqualTo(reason);
			});
	}

	private static List<PackageEntry> readAll(String index) throws IOException {
		return readAll(bytes(index));
	}

	private static List<PackageEntry> readAll(byte[] index) throws IOException {
		try (PackageReader reader = new PackageReader(new ByteArrayInputStream(index))) {
			return reader.stream().toList();
		}
	}

	private static InputStream stream(String text) {
		return new ByteArrayInputStream(bytes(text));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
