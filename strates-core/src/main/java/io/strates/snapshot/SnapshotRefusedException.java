package io.strates.snapshot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the required resources of a request are there, but violate its acceptance
 * policy. The errors have a {@link ResourceRefusedException} for each resource that a
 * violation names.
 *
 * @since 0.1.0
 */
public class SnapshotRefusedException extends SnapshotIncompleteException {

	private static final long serialVersionUID = 1L;

	private static final int SHOWN = 5;

	private final transient List<AcceptanceViolation> violations;

	/**
	 * Creates an exception.
	 * @param violations what is violated
	 * @param snapshot what could be resolved, or {@code null} if nothing is there to tell
	 * @throws IllegalArgumentException if nothing is violated
	 */
	public SnapshotRefusedException(List<AcceptanceViolation> violations, @Nullable Snapshot snapshot) {
		super(text(violations), errors(violations), snapshot);
		this.violations = List.copyOf(violations);
	}

	private static String text(List<AcceptanceViolation> violations) {
		if (violations.isEmpty()) {
			throw new IllegalArgumentException("A snapshot is refused without a violation; pass one at least");
		}
		String shown = violations.stream()
			.limit(SHOWN)
			.map(AcceptanceViolation::message)
			.collect(Collectors.joining("; "));
		int more = violations.size() - SHOWN;
		return "The snapshot is not accepted: " + shown + ((more > 0) ? "; +" + more + " more violation(s)" : "");
	}

	private static Map<ResourceKey<?>, StratesException> errors(List<AcceptanceViolation> violations) {
		Map<ResourceKey<?>, List<AcceptanceViolation>> named = new LinkedHashMap<>();
		for (AcceptanceViolation violation : violations) {
			violation.keys().forEach((key) -> named.computeIfAbsent(key, (each) -> new ArrayList<>()).add(violation));
		}
		Map<ResourceKey<?>, StratesException> errors = new LinkedHashMap<>();
		named.forEach((key, each) -> errors.put(key, new ResourceRefusedException(key, each)));
		return errors;
	}

	/**
	 * Returns what is violated.
	 * @return one violation at least
	 */
	public List<AcceptanceViolation> violations() {
		return this.violations;
	}

}
