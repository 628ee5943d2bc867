package io.strates.store;

import java.util.List;

/**
 * Thrown when a flush could not bring all queued writes into the database. The writes
 * that remain stay queued and are tried again; those that are dead are kept as
 * {@link DeadLetter dead letters}.
 *
 * @since 0.1.0
 */
public class FlushFailedException extends StoreException {

	private static final long serialVersionUID = 1L;

	private final String store;

	private final long remaining;

	/** @serial the ids that the database has refused */
	private final List<String> refused;

	/** @serial the ids whose writes became dead letters */
	private final List<String> dead;

	FlushFailedException(String store, FlushReport report) {
		super(message(store, report), report.cause());
		this.store = store;
		this.remaining = report.remaining();
		this.refused = List.copyOf(report.refused());
		this.dead = List.copyOf(report.dead());
	}

	private static String message(String store, FlushReport report) {
		StringBuilder text = new StringBuilder("Flush of store '").append(store).append("' ");
		text.append((report.remaining() < 0) ? "left an unknown number of writes queued"
				: "left " + report.remaining() + " writes queued");
		if (!report.refused().isEmpty()) {
			text.append(", of which the database refused ").append(Ids.text(report.refused()));
		}
		if (!report.dead().isEmpty()) {
			text.append("; it gave up ")
				.append(Ids.text(report.dead()))
				.append(", which are dead letters now: retry or drop them");
		}
		if (report.heldElsewhere()) {
			text.append("; another node was flushing all the while");
		}
		if (report.cause() != null) {
			text.append(": ").append(Failures.text(report.cause()));
		}
		return text.toString();
	}

	/**
	 * Returns the store.
	 * @return its name
	 */
	public String getStore() {
		return this.store;
	}

	/**
	 * Returns how many ids are still queued.
	 * @return how many, or -1 if the journal did not answer
	 */
	public long getRemaining() {
		return this.remaining;
	}

	/**
	 * Returns what the database has refused and what is tried again.
	 * @return the ids, as text
	 */
	public List<String> getRefused() {
		return this.refused;
	}

	/**
	 * Returns what was given up in this flush.
	 * @return the ids, as text
	 */
	public List<String> getDead() {
		return this.dead;
	}

}
