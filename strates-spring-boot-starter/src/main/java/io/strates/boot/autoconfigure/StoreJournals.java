package io.strates.boot.autoconfigure;

import io.strates.store.WriteJournal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Decides where the queued writes of a store are kept: in Redis where there is Redis,
 * unless that is not wanted; else in memory, unless that is not enough.
 */
final class StoreJournals {

	private static final Logger logger = LoggerFactory.getLogger(StratesAutoConfiguration.class);

	private final ObjectProvider<JournalFactory> durable;

	private final @Nullable Boolean wanted;

	StoreJournals(ObjectProvider<JournalFactory> durable, @Nullable Boolean wanted) {
		this.durable = durable;
		this.wanted = wanted;
	}

	WriteJournal journal(String store) {
		JournalFactory factory = Boolean.FALSE.equals(this.wanted) ? null : this.durable.getIfAvailable();
		if (factory != null) {
			return factory.journal(store);
		}
		if (Boolean.TRUE.equals(this.wanted)) {
			throw new StratesStartException(
					"Property strates.store.write-behind.durable has the value 'true', but there is no Redis in which"
							+ " the writes of store '" + store + "' could survive this process",
					"Configure spring.data.redis with spring-boot-starter-data-redis and Lettuce, let the store write"
							+ " through, or set strates.store.write-behind.durable=false.");
		}
		logger.info("Store '{}' writes behind from memory: what is acknowledged and not yet in the database is lost if"
				+ " this process dies", store);
		return WriteJournal.inMemory();
	}

}
