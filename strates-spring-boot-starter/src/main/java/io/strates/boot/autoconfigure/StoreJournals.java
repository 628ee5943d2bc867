package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.strates.cache.TierUnavailableException;
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

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Duration STEP = Duration.ofMillis(10);

	private final ObjectProvider<JournalFactory> durable;

	private final @Nullable Boolean wanted;

	private boolean awaited;

	StoreJournals(ObjectProvider<JournalFactory> durable, @Nullable Boolean wanted) {
		this.durable = durable;
		this.wanted = wanted;
	}

	/** Connections are made in the background; the first request would come too early. */
	private static void await(WriteJournal journal) {
		long start = System.nanoTime();
		while (System.nanoTime() - start < PATIENCE.toNanos() && !Thread.currentThread().isInterrupted()) {
			try {
				journal.counts();
				return;
			}
			catch (TierUnavailableException ex) {
				LockSupport.parkNanos(STEP.toNanos());
			}
		}
		logger.warn("Redis does not answer; until it does, stores that write behind can neither be written nor read");
	}

	WriteJournal journal(String store) {
		JournalFactory factory = Boolean.FALSE.equals(this.wanted) ? null : this.durable.getIfAvailable();
		if (factory != null) {
			WriteJournal journal = factory.journal(store);
			if (!this.awaited) {
				this.awaited = true;
				await(journal);
			}
			return journal;
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
