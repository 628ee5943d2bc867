package io.strates.boot.autoconfigure;

import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import io.strates.cache.CodecFactory;
import io.strates.cache.Tiers;
import io.strates.store.EncryptionKeys;
import io.strates.store.FlushFailedException;
import io.strates.store.StoreHooks;
import io.strates.store.TieredStore;
import io.strates.store.TieredStores;
import io.strates.store.hibernate.HibernateEntityTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.support.TransactionTemplate;

/** The stores of entities that are declared to have one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "strates.store.enabled", matchIfMissing = true)
@Import(TieredStoreRegistrar.class)
class StoreConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(StratesAutoConfiguration.class);

	private static final Duration LONGEST = Duration.ofSeconds(30);

	@Bean
	@ConditionalOnMissingBean
	TieredStores stratesTieredStores(Tiers tiers, ObjectProvider<CodecFactory> codecs, StratifiedUnit unit,
			StratesProperties properties, TieredEntities entities, ObjectProvider<StoreHooks<?>> hooks,
			ObjectProvider<EncryptionKeys> keys, MetadataAccess metadata, StoreJournals journals) {
		TieredStores.Builder builder = TieredStores.builder()
			.tiers(tiers)
			.tables(HibernateEntityTable.tables(unit.factory()))
			.transactions(transactions(unit, properties.cache().redis().fence()))
			.hooks(hooks.orderedStream().toList())
			.writeBehind(journals::journal, metadata.jdbc(), metadata.database(), metadata.own(),
					properties.store().writeBehind().settings());
		codecs.ifAvailable(builder::codecs);
		EncryptionKeys used = keys.getIfAvailable(() -> keys(properties.store().encryption()));
		if (used != null) {
			builder.encryptionKeys(used);
		}
		TieredStores stores = builder.build();
		StoreSettings settings = new StoreSettings(properties.store());
		settings.of(unit, entities).forEach(stores::add);
		return stores;
	}

	@Bean
	StoreJournals stratesStoreJournals(ObjectProvider<JournalFactory> durable, StratesProperties properties) {
		return new StoreJournals(durable, properties.store().writeBehind().durable());
	}

	@Bean
	EarlyClose stratesStoresClose(TieredStores stores) {
		return new EarlyClose(EarlyClose.STORES, stores::close, () -> stores.all().forEach(StoreConfiguration::flush));
	}

	private static void flush(TieredStore<?, ?> store) {
		try {
			store.flush();
		}
		catch (FlushFailedException ex) {
			logger.warn("Not all queued writes of store '{}' are in the database: {}", store.name(), ex.getMessage());
		}
	}

	/** A writer has to have ended before its fences fall. */
	private static TransactionTemplate transactions(StratifiedUnit unit, Duration fence) {
		TransactionTemplate transactions = new TransactionTemplate(unit.transactionManager());
		Duration half = fence.dividedBy(2);
		transactions
			.setTimeout((int) Math.max(1, (half.compareTo(LONGEST) < 0) ? half.toSeconds() : LONGEST.toSeconds()));
		return transactions;
	}

	private static @Nullable EncryptionKeys keys(StratesProperties.Store.Encryption properties) {
		Map<String, byte[]> keys = new LinkedHashMap<>();
		properties.keys().forEach((id, key) -> keys.put(id, key(id, key)));
		String current = properties.current();
		if (keys.isEmpty() && current == null) {
			return null;
		}
		if (current == null && keys.size() == 1) {
			current = keys.keySet().iterator().next();
		}
		if (current == null) {
			throw new StratesStartException(
					"Property strates.store.encryption.current is not set, and there are keys with the ids "
							+ keys.keySet(),
					"Set strates.store.encryption.current to the id of the key that is to encrypt what is written from"
							+ " now on; the others go on decrypting what was written with them.");
		}
		if (!keys.containsKey(current)) {
			throw new StratesStartException(
					"Property strates.store.encryption.current has the value '" + current
							+ "', but there are keys with the ids " + keys.keySet(),
					"Set strates.store.encryption.current to one of them, or add the key as"
							+ " strates.store.encryption.keys." + current + ".");
		}
		try {
			return EncryptionKeys.of(current, keys);
		}
		catch (IllegalArgumentException ex) {
			throw new StratesStartException("Property strates.store.encryption.keys is wrong: " + ex.getMessage(),
					"Change strates.store.encryption.keys.", ex);
		}
	}

	/** The value never gets into a message. */
	private static byte[] key(String id, String text) {
		String property = "strates.store.encryption.keys." + id;
		String remedy = "Set " + property + " to the Base64 of 32 random bytes, as 'openssl rand -base64 32' makes"
				+ " them.";
		byte[] key;
		try {
			key = Base64.getDecoder().decode(text.strip());
		}
		catch (IllegalArgumentException ex) {
			throw new StratesStartException("Property " + property + " is no Base64", remedy);
		}
		if (key.length != 32) {
			throw new StratesStartException("Property " + property + " has " + key.length + " bytes instead of 32",
					remedy);
		}
		return key;
	}

}
