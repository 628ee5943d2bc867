package io.strates.snapshot;

import java.util.List;
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

	/**
	 * Creates a failure.
	 */
	public SourceFailure {
		message = line(message);
	}

	/** Returns a message as one line that is not too long. */
	static String line(String message) {
		String line = message.strip().replaceAll("\\s+", " ");
		return line.isEmpty() ? "<no message>"
				: (line.length() <= LONGEST) ? line : line.substring(0, LONGEST - 3) + "...";
	}

	static SourceFailure of(String source, Throwable failure, int attempts) {
		String text = failure.getMessage();
		return new SourceFailure(source, failure.getClass().getSimpleName(), (text != null) ? text : "", attempts);
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
