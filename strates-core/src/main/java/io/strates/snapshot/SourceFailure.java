package io.strates.snapshot;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one source answered for a resource that it did not have.
 *
 * @param source the name of the source
 * @param errorType the simple name of the exception, or {@link #STALE}
 * @param message what the exception says, on one line of at most 300 characters
 * @param attempts how often the source was called
 * @since 0.1.0
 */
public record SourceFailure(String source, String errorType, String message, int attempts) {

	/** The type of a failure that is none: the answer was older than is fresh. */
	public static final String STALE = "StaleSourceData";

	private static final int LONGEST = 300;

	private static final String ELLIPSIS = "...";

	/** Ends of lines that are no white space to others included. */
	private static final Pattern SPACE = Pattern.compile("[\\s\\u0085\\u2028\\u2029]+");

	/**
	 * Creates a failure.
	 */
	public SourceFailure {
		message = line(message);
	}

	/** Returns a message as one line that is not too long. */
	static String line(String message) {
		String line = SPACE.matcher(message).replaceAll(" ").strip();
		return line.isEmpty() ? "<no message>" : (line.length() <= LONGEST) ? line : shortened(line);
	}

	/** Never ends with half of a character. */
	private static String shortened(String line) {
		int end = LONGEST - ELLIPSIS.length();
		return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + ELLIPSIS;
	}

	static SourceFailure of(String source, Throwable failure, int attempts) {
		String text = failure.getMessage();
		return new SourceFailure(source, name(failure.getClass()), (text != null) ? text : "", attempts);
	}

	/** That of the class above, if it has none. */
	private static String name(Class<?> type) {
		return type.isAnonymousClass() ? name(type.getSuperclass()) : type.getSimpleName();
	}

	/** Returns the first failures as one line, and how many more there are. */
	static String text(List<SourceFailure> failures, int shown) {
		String text = failures.stream().limit(shown).map(SourceFailure::toString).collect(Collectors.joining("; "));
		int more = failures.size() - shown;
		return (more > 0) ? text + "; +" + more + " more failure(s)" : text;
	}

	/**
	 * Returns the text of this failure, such as
	 * {@code rest: ConnectTimeout(refused; attempts=2)}.
	 */
	@Override
	public String toString() {
		return this.source + ": " + this.errorType + "(" + this.message + "; attempts=" + this.attempts + ")";
	}

}
