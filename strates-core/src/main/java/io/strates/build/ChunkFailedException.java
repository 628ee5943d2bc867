package io.strates.build;

import io.strates.StratesException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when rows of a build could not be stored, and by every call after that: the
 * build can no longer be complete.
 *
 * @since 0.1.0
 */
public class ChunkFailedException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient BuildInfo build;

	private final @Nullable String entity;

	private final int rows;

	private final boolean repeated;

	/**
	 * Creates an exception for the first failure.
	 * @param build the build
	 * @param entity the entity of the rows
	 * @param rows how many rows the chunk had
	 * @param cause why they could not be stored
	 */
	public ChunkFailedException(BuildInfo build, String entity, int rows, Throwable cause) {
		super("A chunk of " + rows + " rows of " + entity + " could not be stored in " + build.describe() + ": "
				+ cause.getMessage() + "; nothing of it was kept, mend the rows and open a new build", cause);
		this.build = build;
		this.entity = entity;
		this.rows = rows;
		this.repeated = false;
	}

	/**
	 * Creates an exception for a call after the first failure.
	 * @param build the build
	 * @param cause the first failure
	 */
	public ChunkFailedException(BuildInfo build, Throwable cause) {
		super(build.describe() + " takes no more rows because of an earlier failure: " + cause.getMessage(), cause);
		this.build = build;
		this.entity = null;
		this.rows = 0;
		this.repeated = true;
	}

	/**
	 * Returns the build that takes no more rows.
	 * @return the build
	 */
	public BuildInfo getBuild() {
		return this.build;
	}

	/**
	 * Returns the entity of the rows that could not be stored.
	 * @return the name of the entity, or {@code null} if this repeats an earlier failure
	 */
	public @Nullable String getEntity() {
		return this.entity;
	}

	/**
	 * Returns how many rows the chunk had.
	 * @return the number of rows, or 0 if this repeats an earlier failure
	 */
	public int getRows() {
		return this.rows;
	}

	/**
	 * Returns whether an earlier call has reported the failure.
	 * @return whether this repeats an earlier failure
	 */
	public boolean isRepeated() {
		return this.repeated;
	}

}
