package io.strates.snapshot;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Errors of snapshots as documents of a fixed shape, for logs, endpoints and messages to
 * others. All failures are in it, of which the text of an exception shows only the first;
 * each message is one line of at most 300 characters.
 *
 * @since 0.1.0
 */
public final class ErrorDiagnostics {

	/** The name of the shapes. */
	public static final String SCHEMA = "strates.error-diagnostics";

	/** The version of the shapes. */
	public static final int SCHEMA_VERSION = 1;

	private ErrorDiagnostics() {
	}

	/**
	 * Describes why a snapshot is incomplete.
	 * @param error the exception
	 * @return the description, with an error for each resource
	 */
	public static SnapshotError of(SnapshotIncompleteException error) {
		return new SnapshotError(error.getClass().getSimpleName(), message(error), error.snapshot() != null,
				error.errors().entrySet().stream().map((each) -> of(each.getKey(), each.getValue())).toList());
	}

	/**
	 * Describes why a resource could not be resolved.
	 * @param key the resource
	 * @param error the exception
	 * @return the description
	 */
	public static ResourceError of(ResourceKey<?> key, Throwable error) {
		List<SourceFailure> failures = (error instanceof ResourceUnresolvedException unresolved) ? unresolved.failures()
				: List.of();
		return new ResourceError(key.toString(), error.getClass().getSimpleName(), message(error), failures);
	}

	/**
	 * Returns what a source answered as a document.
	 * @param failure the failure
	 * @return texts and numbers by name, in a fixed order
	 */
	public static Map<String, @Nullable Object> toMap(SourceFailure failure) {
		return document().with("source", failure.source())
			.with("error_type", failure.errorType())
			.with("message", failure.message())
			.with("attempts", failure.attempts())
			.toMap();
	}

	private static Documents document() {
		return Documents.document(SCHEMA, SCHEMA_VERSION);
	}

	private static String message(Throwable error) {
		String message = error.getMessage();
		return SourceFailure.line((message != null) ? message : "");
	}

	/**
	 * Why a snapshot is incomplete.
	 *
	 * @param errorType the simple name of the exception
	 * @param message what it says
	 * @param hasPartialSnapshot whether there is a snapshot of what could be resolved
	 * @param errors why each resource could not be resolved
	 * @since 0.1.0
	 */
	public record SnapshotError(String errorType, String message, boolean hasPartialSnapshot,
			List<ResourceError> errors) {

		/**
		 * Creates a description.
		 */
		public SnapshotError {
			errors = List.copyOf(errors);
		}

		/**
		 * Returns this description as a document.
		 * @return texts, truth values and lists by name, in a fixed order
		 */
		public Map<String, @Nullable Object> toMap() {
			return document().with("error_type", this.errorType)
				.with("message", this.message)
				.with("partial_snapshot_available", this.hasPartialSnapshot)
				.with("has_partial_snapshot", this.hasPartialSnapshot)
				.with("errors", this.errors.stream().map(ResourceError::toMap).toList())
				.toMap();
		}

	}

	/**
	 * Why a resource could not be resolved.
	 *
	 * @param resource the text of its key
	 * @param errorType the simple name of the exception
	 * @param message what it says
	 * @param failures what each source answered, empty if that is not why
	 * @since 0.1.0
	 */
	public record ResourceError(String resource, String errorType, String message, List<SourceFailure> failures) {

		/**
		 * Creates a description.
		 */
		public ResourceError {
			failures = List.copyOf(failures);
		}

		/**
		 * Returns this description as a document.
		 * @return texts and lists by name, in a fixed order
		 */
		public Map<String, @Nullable Object> toMap() {
			return document().with("resource", this.resource)
				.with("error_type", this.errorType)
				.with("message", this.message)
				.with("failures", this.failures.stream().map(ErrorDiagnostics::toMap).toList())
				.toMap();
		}

	}

}
