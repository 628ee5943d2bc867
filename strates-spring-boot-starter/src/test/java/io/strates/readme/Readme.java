package io.strates.readme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The README as its readers see it. */
final class Readme {

	private static final Path DIRECTORY = Path.of("..");

	private Readme() {
	}

	static String text() {
		return read(DIRECTORY.resolve("README.md"));
	}

	/** Returns the blocks of code in a language, in their order. */
	static List<String> blocks(String language) {
		return find("(?ms)^```" + language + "\\n(.*?)^```$", text());
	}

	/** Returns what the build file of the whole project says. */
	static String parent() {
		return read(DIRECTORY.resolve("pom.xml"));
	}

	static List<String> find(String pattern, String text) {
		return Pattern.compile(pattern).matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
