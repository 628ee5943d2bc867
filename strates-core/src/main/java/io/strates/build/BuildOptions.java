package io.strates.build;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What can be said of a build when it is opened. Immutable; each method returns a copy.
 *
 * @since 0.1.0
 */
public final class BuildOptions {

	private static final BuildOptions DEFAULTS = new BuildOptions(null, Map.of(), null, false);

	private static final int MAX_LABEL = 255;

	private static final int MAX_NAME = 128;

	private static final int MAX_CONTENT = 4000;

	private final @Nullable String label;

	private final Map<String, String> metadata;

	private final @Nullable BuildListener listener;

	private final boolean empty;

	private BuildOptions(@Nullable String label, Map<String, String> metadata, @Nullable BuildListener listener,
			boolean empty) {
		this.label = label;
		this.metadata = metadata;
		this.listener = listener;
		this.empty = empty;
	}

	/**
	 * Returns options without label, metadata or listener, for a build that must not be
	 * empty.
	 * @return the default options
	 */
	public static BuildOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Gives the build a label for people.
	 * @param label at most 255 characters
	 * @return a copy with the label
	 * @throws IllegalArgumentException if it is longer or there is a label already
	 */
	public BuildOptions label(String label) {
		requireLength("label", label, MAX_LABEL);
		if (this.label != null) {
			throw new IllegalArgumentException(
					"The label is set already to '" + this.label + "', and cannot be '" + label + "' too");
		}
		return new BuildOptions(label, this.metadata, this.listener, this.empty);
	}

	/**
	 * Adds a key and value to the metadata of the build.
	 * @param name at most 128 characters
	 * @param content at most 4000 characters
	 * @return a copy with the metadata added
	 * @throws IllegalArgumentException if either is longer or the name is already there
	 */
	public BuildOptions metadata(String name, String content) {
		requireLength("metadata name", name, MAX_NAME);
		requireLength("metadata '" + name + "'", content, MAX_CONTENT);
		Map<String, String> metadata = new LinkedHashMap<>(this.metadata);
		if (metadata.putIfAbsent(name, content) != null) {
			throw new IllegalArgumentException(
					"Metadata '" + name + "' is set already to '" + metadata.get(name) + "'");
		}
		return new BuildOptions(this.label, metadata, this.listener, this.empty);
	}

	/**
	 * Reports the progress of this build.
	 * @param listener called by the threads that write
	 * @return a copy with the listener
	 * @throws IllegalArgumentException if there is a listener already
	 */
	public BuildOptions listener(BuildListener listener) {
		Objects.requireNonNull(listener, "The listener is null; leave it out or give one");
		if (this.listener != null) {
			throw new IllegalArgumentException(
					"The listener is set already to " + this.listener + ", and cannot be " + listener + " too");
		}
		return new BuildOptions(this.label, this.metadata, listener, this.empty);
	}

	/**
	 * Allows the build to be sealed without any row. By default that is refused: an empty
	 * feed is far more often a fault than a state.
	 * @return a copy that allows it
	 */
	public BuildOptions allowEmpty() {
		return new BuildOptions(this.label, this.metadata, this.listener, true);
	}

	@Nullable String label() {
		return this.label;
	}

	Map<String, String> metadata() {
		return this.metadata;
	}

	@Nullable BuildListener listener() {
		return this.listener;
	}

	boolean isEmptyAllowed() {
		return this.empty;
	}

	private static void requireLength(String what, String text, int max) {
		Objects.requireNonNull(text, () -> "The " + what + " is null; leave it out or give a text");
		if (text.length() > max) {
			throw new IllegalArgumentException(
					"The " + what + " has " + text.length() + " characters; at most " + max + " are kept");
		}
	}

}
