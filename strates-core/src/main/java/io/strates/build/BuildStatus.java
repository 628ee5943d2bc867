package io.strates.build;

/**
 * What has become of a build.
 *
 * <pre>
 * BUILDING → SEALED → RELEASED ⇄ REJECTED
 *     ↓         ↓         ↓          ↓
 *   FAILED  →  COLLECTING  ←  ←  ←  ←
 *                  ↓
 *              COLLECTED
 * </pre>
 *
 * @since 0.1.0
 */
public enum BuildStatus {

	/** Rows are being written. */
	BUILDING,
	/** Complete and immutable, not yet released. */
	SEALED,
	/**
	 * Immutable and released at some time; the release pointer tells whether it is live.
	 */
	RELEASED,
	/** Was live until a rollback left it; released again only on an explicit wish. */
	REJECTED,
	/** Will never be complete: it was given up, or its writer has vanished. */
	FAILED,
	/** Its rows are being removed. */
	COLLECTING,
	/** Its rows are gone; only the metadata tell of it. */
	COLLECTED;

	/**
	 * Returns whether the rows of such a build are complete and will never change.
	 * @return whether a build of this status can be read
	 */
	public boolean isReadable() {
		return this == SEALED || this == RELEASED || this == REJECTED;
	}

}
