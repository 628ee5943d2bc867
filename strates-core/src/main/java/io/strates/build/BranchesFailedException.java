package io.strates.build;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.strates.StratesException;

/**
 * Thrown when branches of a build failed. The first failure is the cause, the others are
 * suppressed; branches that were cancelled because of it are not listed.
 *
 * @since 0.1.0
 */
public final class BranchesFailedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient BuildInfo build;

	private final transient Map<String, Throwable> failures;

	/**
	 * Creates an exception.
	 * @param build the build as it is now
	 * @param failures the failures by branch, the first first
	 */
	public BranchesFailedException(BuildInfo build, Map<String, Throwable> failures) {
		super(build.describe() + " is " + build.status() + " because of its branches: "
				+ failures.entrySet()
					.stream()
					.map((entry) -> entry.getKey() + " (" + entry.getValue() + ")")
					.collect(Collectors.joining(", "))
				+ "; open a new build", failures.values().iterator().next());
		this.build = build;
		this.failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
		failures.values().stream().skip(1).forEach(this::addSuppressed);
	}

	/**
	 * Returns the build as it is after its branches.
	 * @return the build
	 */
	public BuildInfo getBuild() {
		return this.build;
	}

	/**
	 * Returns the failures, the first first.
	 * @return the failures by the branch's name
	 */
	public Map<String, Throwable> getFailures() {
		return this.failures;
	}

}
