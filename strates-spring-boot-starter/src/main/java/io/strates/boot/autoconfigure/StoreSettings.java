package io.strates.boot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.strates.cache.CacheSettings;
import io.strates.entity.Stratified;
import io.strates.store.StoreDefinitionException;
import io.strates.store.Tiered;
import io.strates.store.TieredSettings;
import org.jspecify.annotations.Nullable;

/**
 * What each store is to be like: what a property says of its type goes before its
 * annotation, that before what properties say of all types, and that before the defaults.
 */
final class StoreSettings {

	private static final String PREFIX = "strates.store";

	private static final String EVICTION = "w-tinylfu";

	private final StratesProperties.Store properties;

	StoreSettings(StratesProperties.Store properties) {
		this.properties = properties;
	}

	Map<Class<?>, TieredSettings> of(StratifiedUnit unit, TieredEntities entities) {
		requireScanned(unit, entities);
		Map<Class<?>, TieredSettings> settings = new LinkedHashMap<>();
		entities.idTypes().keySet().forEach((entity) -> settings.put(entity, of(entity)));
		TreeSet<String> declared = new TreeSet<>();
		settings.keySet().forEach((entity) -> declared.add(TieredSettings.of(entity).name()));
		TreeSet<String> unknown = new TreeSet<>(this.properties.types().keySet());
		unknown.removeAll(declared);
		if (!unknown.isEmpty()) {
			String first = PREFIX + ".types." + unknown.first();
			throw new StratesStartException(
					"There is no store '" + unknown.first() + "' that " + first + " could be of",
					"Change " + first + ". There are the stores " + List.copyOf(declared) + ".");
		}
		return settings;
	}

	private static void requireScanned(StratifiedUnit unit, TieredEntities entities) {
		List<Class<?>> mapped = new ArrayList<>();
		unit.factory().getMetamodel().getEntities().forEach((entity) -> {
			if (entity.getJavaType() != null && entity.getJavaType().isAnnotationPresent(Tiered.class)) {
				mapped.add(entity.getJavaType());
			}
		});
		for (Class<?> entity : mapped) {
			if (!entities.idTypes().containsKey(entity)) {
				throw new StratesStartException(
						"Entity " + entity.getName() + " is @Tiered, but not in the packages that are scanned",
						"Name its package with @EntityScan.");
			}
		}
		for (Class<?> entity : entities.idTypes().keySet()) {
			if (!mapped.contains(entity)) {
				throw new StratesStartException(
						"Entity " + entity.getName() + " is @Tiered, but not in the persistence unit that has stores",
						"Add it to the EntityManagerFactory, keep its package out of @EntityScan, or remove @Tiered.");
			}
			if (entity.isAnnotationPresent(Stratified.class)) {
				throw new StratesStartException("Entity " + entity.getName() + " is both @Stratified and @Tiered",
						"Remove @Tiered: what is read of a released build never changes and is cached by itself.");
			}
		}
	}

	private TieredSettings of(Class<?> entity) {
		TieredSettings declared;
		try {
			declared = TieredSettings.of(entity);
		}
		catch (IllegalArgumentException ex) {
			throw new StoreDefinitionException("Entity " + entity.getName(), List.of(String.valueOf(ex.getMessage())));
		}
		Tiered annotation = entity.getAnnotation(Tiered.class);
		CacheSettings cache = with(CacheSettings.DEFAULT, this.properties.defaults(), PREFIX + ".defaults");
		CacheSettings own = declared.cache();
		if (!annotation.localTimeToLive().isEmpty()) {
			cache = cache.withLocalTimeToLive(own.localTimeToLive());
		}
		if (!annotation.remoteTimeToLive().isEmpty()) {
			cache = cache.withRemoteTimeToLive(own.remoteTimeToLive());
		}
		if (!annotation.absentTimeToLive().isEmpty()) {
			cache = cache.withAbsentTimeToLive(own.absentTimeToLive());
		}
		if (annotation.maximum() != 0) {
			cache = cache.withLocalMaximum(own.localMaximum());
		}
		StratesProperties.Store.Type type = this.properties.types().get(declared.name());
		TieredSettings settings = declared.withCache(cache);
		if (type == null) {
			return settings;
		}
		String prefix = PREFIX + ".types." + declared.name();
		return named(settings, type.name(), prefix).withCache(with(cache, type, prefix))
			.withWriteMode((type.writeMode() != null) ? type.writeMode() : settings.writeMode());
	}

	private static TieredSettings named(TieredSettings settings, @Nullable String name, String prefix) {
		try {
			return (name != null) ? settings.withName(name) : settings;
		}
		catch (IllegalArgumentException ex) {
			throw new StratesStartException(
					"Property " + prefix + ".name has the value '" + name + "': " + ex.getMessage(),
					"Change " + prefix + ".name.", ex);
		}
	}

	/** Changes what is set, and names the property that is wrong. */
	private static CacheSettings with(CacheSettings settings, StratesProperties.Store.Type type, String prefix) {
		if (type.eviction() != null && !type.eviction().equals(EVICTION)) {
			throw new StratesStartException("Property " + prefix + ".eviction has the value '" + type
				.eviction() + "'", "Remove " + prefix
						+ ".eviction: L1 evicts by Caffeine's W-TinyLFU, which keeps what is read often and of late,"
						+ " and there is no other policy.");
		}
		return CacheSettingsMapper.with(settings, type, prefix);
	}

}
