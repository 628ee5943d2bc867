package io.strates.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares documents with the files that say what they look like. */
final class GoldenDocuments {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private GoldenDocuments() {
	}

	/** Checks names, values and their order, as JSON. */
	static void assertWritten(Map<String, @Nullable Object> document, String file) {
		try (InputStream golden = Objects.requireNonNull(GoldenDocuments.class.getResourceAsStream(file), file)) {
			assertThat(JSON.writeValueAsString(document)).isEqualTo(JSON.readTree(golden).toString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
