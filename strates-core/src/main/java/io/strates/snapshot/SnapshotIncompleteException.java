package io.strates.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when resources that were asked for could not be resolved.
 *
 * @since 0.1.0
 */
public class SnapshotIncompleteException extends StratesException {

	private static final long serialVersionUID = 1L;

	private static final int SHOWN = 5;

	private final transient Map<ResourceKey<?>, StratesException> errors;

	private final transient @Nullable Snapshot snapshot;

	/**
	 * Creates an exception.
	 * @param errors why each resource could not be resolved
	 * @param snapshot what could be, or {@code null} if nothing is there to tell
	 */
	public SnapshotIncompleteException(Map<ResourceKey<?>, StratesException> errors, @Nullable Snapshot snapshot) {
		this(text(errors), errors, snapshot);
	}

	SnapshotIncompleteException(String message, Map<ResourceKey<?>, StratesException> errors,
			@Nullable Snapshot snapshot) {
		super(message);
		this.errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
		this.snapshot = snapshot;
	}

	private static String text(Map<ResourceKey<?>, StratesException> errors) {
		String shown = errors.values()
			.stream()
			.limit(SHOWN)
			.map(Throwable::getMessage)
			.collect(Collectors.joining("; "));
		int more = errors.size() - SHOWN;
		return "The snapshot is incomplete: " + shown + ((more > 0) ? "; +" + more + " more resource error(s)" : "");
	}

	/**
	 * Returns why each resource could not be resolved.
	 * @return the error of each key in the order of the request, empty if all could be
	 */
	public Map<ResourceKey<?>, StratesException> errors() {
		return this.errors;
	}

	/**
	 * Returns what could be resolved.
	 * @return the partial snapshot, or {@code null} if there is none
	 */
	public @Nullable Snapshot snapshot() {
		return this.snapshot;
	}

}
