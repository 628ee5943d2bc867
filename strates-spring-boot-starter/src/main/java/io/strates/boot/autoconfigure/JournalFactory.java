package io.strates.boot.autoconfigure;

import io.strates.store.WriteJournal;

/** Makes durable journals. */
@FunctionalInterface
interface JournalFactory {

	/** Returns the journal of a store. */
	WriteJournal journal(String store);

}
