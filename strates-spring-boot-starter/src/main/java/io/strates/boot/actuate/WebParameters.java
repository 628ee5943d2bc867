package io.strates.boot.actuate;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * Reads parameters of requests. Spring Boot would do so too, but answers what is wrong
 * with a bare 400.
 */
final class WebParameters {

	private WebParameters() {
	}

	/** Returns a text that has to be there. */
	static String text(String name, @Nullable String value, String remedy) {
		if (value == null) {
			throw refused("Parameter '" + name + "' is missing", remedy);
		}
		return value;
	}

	/** Returns the id of a build, which has to be there. */
	static UUID build(@Nullable String value, String remedy) {
		String text = text("build", value, remedy);
		try {
			return UUID.fromString(text);
		}
		catch (IllegalArgumentException ex) {
			throw refused("Parameter 'build' is '" + text + "', which is no UUID", remedy);
		}
	}

	/** Returns a release number. */
	static long release(String value) {
		try {
			return Long.parseLong(value);
		}
		catch (NumberFormatException ex) {
			throw refused("Parameter 'release' is '" + value + "', which is no number",
					"give the number of a release, as the release log of the scope id shows it");
		}
	}

	/** Returns a choice, or {@code null} if it is left open. */
	static @Nullable Boolean choice(String name, @Nullable String value) {
		if (value == null) {
			return null;
		}
		return switch (value) {
			case "true" -> true;
			case "false" -> false;
			default -> throw refused("Parameter '" + name + "' is '" + value + "'", "give true or false");
		};
	}

	private static InvalidEndpointRequestException refused(String problem, String remedy) {
		return new InvalidEndpointRequestException(problem, problem + "; " + remedy);
	}

}
