package io.strates.build;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import io.strates.internal.TransactionMemory;

/**
 * The builds that the current transaction has locked for writing: until it ends, none of
 * them can be sealed.
 *
 * <p>
 * Thread-safe; the permits belong to the transaction of the current thread.
 *
 * @since 0.1.0
 */
public final class WritePermits {

	/** What was refused, and what can be done instead. */
	static final String NO_MORE_ROWS = "no row can be added or changed; open a new build to change the state";

	private final BuildTable table;

	private final TransactionMemory<Set<UUID>> memory = new TransactionMemory<>(HashSet::new);

	/**
	 * Creates the permits of one data source.
	 * @param table where builds are locked
	 */
	public WritePermits(BuildTable table) {
		this.table = table;
	}

	/**
	 * Locks a build for writing, once per transaction.
	 * @param buildStrate the id of the build
	 * @throws BuildNotFoundException if there is no such build
	 * @throws BuildStateException if it is no longer being written
	 * @throws IllegalStateException if no transaction is active
	 */
	public void require(UUID buildStrate) {
		if (permitted().contains(buildStrate)) {
			return;
		}
		Set<UUID> memory = this.memory.open();
		if (memory == null) {
			throw new IllegalStateException("Rows of build " + buildStrate
					+ " are written without a transaction; write them in one, or with the writer of the build");
		}
		BuildStatus status = this.table.lockShared(buildStrate);
		if (status != BuildStatus.BUILDING) {
			throw refused(buildStrate);
		}
		memory.add(buildStrate);
	}

	/**
	 * Returns whether the current transaction has locked any build for writing.
	 * @return whether rows may be written at all
	 */
	public boolean any() {
		return !permitted().isEmpty();
	}

	/** Where builds are locked. */
	BuildTable table() {
		return this.table;
	}

	/** Whether the current transaction has locked a build for writing. */
	boolean isHeld(UUID buildStrate) {
		return permitted().contains(buildStrate);
	}

	/**
	 * Has the status asked for again before the current transaction writes another row.
	 */
	void revoke(UUID buildStrate) {
		if (isHeld(buildStrate)) {
			permitted().remove(buildStrate);
		}
	}

	/** Why a build takes no rows. */
	RuntimeException refused(UUID buildStrate) {
		BuildInfo found = this.table.find(buildStrate);
		return (found != null) ? new BuildStateException(found, NO_MORE_ROWS) : new BuildNotFoundException(buildStrate);
	}

	private Set<UUID> permitted() {
		Set<UUID> found = this.memory.find();
		return (found != null) ? found : Set.of();
	}

}
