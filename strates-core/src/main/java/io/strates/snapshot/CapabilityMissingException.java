package io.strates.snapshot;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the library that is there cannot do what an application needs.
 *
 * @since 0.1.0
 */
public class CapabilityMissingException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient SortedSet<String> missingFeatures;

	private final transient SortedMap<String, Mismatch> schemaMismatches;

	/**
	 * Creates an exception.
	 * @param missingFeatures the features that are not there
	 * @param schemaMismatches the shapes that are not there, or too old, by name
	 */
	public CapabilityMissingException(SortedSet<String> missingFeatures, SortedMap<String, Mismatch> schemaMismatches) {
		super("This version of Strates lacks features " + missingFeatures + " and shapes " + schemaMismatches
				+ "; use a version that has them, or do not require them");
		this.missingFeatures = Collections.unmodifiableSortedSet(new TreeSet<>(missingFeatures));
		this.schemaMismatches = Collections.unmodifiableSortedMap(new TreeMap<>(schemaMismatches));
	}

	/**
	 * Returns the features that are not there.
	 * @return their names
	 */
	public SortedSet<String> missingFeatures() {
		return this.missingFeatures;
	}

	/**
	 * Returns the shapes of documents that are not there, or too old.
	 * @return what is needed and what is there, by name
	 */
	public SortedMap<String, Mismatch> schemaMismatches() {
		return this.schemaMismatches;
	}

	/**
	 * What is needed of a shape, and what is there.
	 *
	 * @param minimum the least version that would do
	 * @param installed the version that is there, or {@code null} if there is none
	 * @since 0.1.0
	 */
	public record Mismatch(int minimum, @Nullable Integer installed) {

		@Override
		public String toString() {
			return this.minimum + " or later, not " + ((this.installed != null) ? this.installed : "there");
		}

	}

}
