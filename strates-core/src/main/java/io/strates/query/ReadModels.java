package io.strates.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.strates.cache.BatchLoader;
import io.strates.cache.ImmutableCache;
import io.strates.cache.ImmutableCacheSpec;
import io.strates.cache.Tiers;
import io.strates.entity.StratifiedModel;
import io.strates.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * The declared read models and what is cached of them.
 *
 * <p>
 * Applications read through {@link QueryService#pinned(String, String)}; this is what the
 * service is assembled with.
 *
 * @since 0.1.0
 */
public final class ReadModels {

	/** How many ids a loader is asked for at once when nobody waits for them. */
	private static final int WARM_UP_BATCH = 500;

	private final Map<Class<?>, Entry<?, ?>> entries = new ConcurrentHashMap<>();

	private final Tiers tiers;

	private final Pins pins;

	private final StratifiedModel model;

	/**
	 * Creates the place of read models, of which none is declared yet.
	 * @param tiers where values are kept
	 * @param pins pins the build for a loader
	 * @param model the declared scopes
	 */
	public ReadModels(Tiers tiers, Pins pins, StratifiedModel model) {
		this.tiers = tiers;
		this.pins = pins;
		this.model = model;
	}

	/**
	 * Declares a read model.
	 * @param readModel the read model
	 * @throws IllegalArgumentException if its type is declared already, or its values
	 * could change
	 * @throws io.strates.entity.UnknownScopeException if no root entity declares its
	 * scope
	 */
	public void declare(ReadModel<?, ?> readModel) {
		this.model.root(readModel.scope());
		this.entries.compute(readModel.type(), (type, before) -> {
			if (before != null) {
				throw new IllegalArgumentException(
						"Read model " + type.getName() + " is declared twice; give each a type of its own");
			}
			return new Entry<>(readModel, this.tiers, this.pins);
		});
	}

	/** Makes the values of a build that are hottest of earlier builds of its scope id. */
	void warmUp(Pin to) {
		this.entries.values().stream().filter((entry) -> entry.model.scope().equals(to.scope())).forEach((entry) -> {
			entry.warmUp(to);
		});
	}

	/** Returns whether any read model of a scope wants to be warmed up. */
	boolean isWarmedUp(String scope) {
		return this.entries.values()
			.stream()
			.anyMatch((entry) -> entry.model.warmUp() > 0 && entry.model.scope().equals(scope));
	}

	/** Returns the reads of a build. */
	PinnedReads of(Pin pin) {
		return new Reads(this, pin);
	}

	/**
	 * Forgets what was made from builds, on this node and in the second tier, because
	 * they are collected.
	 * @param builds the builds
	 * @throws io.strates.cache.TierUnavailableException if the second tier does not
	 * answer; its values then go when their time is over
	 */
	public void forget(Collection<UUID> builds) {
		if (builds.isEmpty()) {
			return;
		}
		Set<String> groups = new LinkedHashSet<>();
		builds.forEach((build) -> groups.add(build.toString()));
		this.entries.values().forEach((entry) -> entry.cache.removeAll(groups));
	}

	@SuppressWarnings("unchecked")
	private <ID, V> Entry<ID, V> require(Class<V> type, Pin pin) {
		Entry<ID, V> entry = (Entry<ID, V>) this.entries.get(type);
		if (entry == null) {
			throw new IllegalArgumentException("There is no read model of type " + type.getName()
					+ "; declare one as a bean: ReadModel.of(" + type.getSimpleName() + ".class, …)");
		}
		if (!entry.model.scope().equals(pin.scope())) {
			throw new IllegalArgumentException("Read model " + type.getName() + " is made from builds of scope '"
					+ entry.model.scope() + "', not of '" + pin.scope() + "'");
		}
		return entry;
	}

	/**
	 * A value's place: equality is that of the build and the id. The pin says how to read
	 * the build.
	 */
	private record Key<ID>(Pin pin, UUID build, ID id) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Key<?> key && this.id.equals(key.id) && isOfBuild(key.build);
		}

		/** The same build is the same object, mostly. */
		@SuppressWarnings("ReferenceEquality")
		private boolean isOfBuild(UUID other) {
			return this.build == other || this.build.equals(other);
		}

		@Override
		public int hashCode() {
			return this.build.hashCode() * 31 + this.id.hashCode();
		}

		@Override
		public String toString() {
			return this.id + " of build " + this.build;
		}

	}

	/** A read model and its cache. */
	private static final class Entry<ID, V> {

		private final ReadModel<ID, V> model;

		private final ImmutableCache<Key<ID>, V> cache;

		private final Class<ID> idType;

		private final BatchLoader<Key<ID>, V> loader;

		private final Pins pins;

		Entry(ReadModel<ID, V> model, Tiers tiers, Pins pins) {
			this.model = model;
			this.idType = model.idType();
			this.pins = pins;
			this.loader = this::load;
			this.cache = tiers.immutable(new ImmutableCacheSpec<>(model.type().getName(), model.type(),
					(key) -> key.build().toString(), (key) -> key.id().toString(), model.maximumSize(),
					model.remoteTimeToLive(), model.loadTimeout()));
		}

		@Nullable V get(Pin pin, Object id) {
			return this.cache.get(key(pin, id), this.loader);
		}

		Map<ID, V> getAll(Pin pin, Collection<?> ids) {
			List<Key<ID>> keys = new ArrayList<>(ids.size());
			ids.forEach((id) -> keys.add(key(pin, id)));
			Map<ID, V> values = new LinkedHashMap<>();
			this.cache.getAll(keys, this.loader).forEach((key, value) -> values.put(key.id(), value));
			return values;
		}

		void warmUp(Pin to) {
			if (this.model.warmUp() == 0) {
				return;
			}
			List<Key<ID>> hottest = this.cache.hottest(
					(key) -> key.pin().scopeId().equals(to.scopeId()) && !key.build().equals(to.buildStrate()),
					this.model.warmUp());
			List<ID> ids = hottest.stream().map(Key::id).distinct().toList();
			for (int from = 0; from < ids.size(); from += WARM_UP_BATCH) {
				getAll(to, ids.subList(from, Math.min(from + WARM_UP_BATCH, ids.size())));
			}
		}

		@SuppressWarnings("unchecked") // an id's type is final, so its class says all
		private Key<ID> key(Pin pin, Object id) {
			if (Arguments.notNull(id, "id").getClass() != this.idType) {
				throw new IllegalArgumentException("Read model " + this.model.type().getName() + " has ids of type "
						+ this.idType.getSimpleName() + "; '" + id + "' is a " + id.getClass().getSimpleName());
			}
			return new Key<>(pin, pin.buildStrate(), (ID) id);
		}

		/** All keys are of one build. */
		private Map<Key<ID>, V> load(Set<Key<ID>> keys) {
			Pin pin = keys.iterator().next().pin();
			Set<ID> ids = new LinkedHashSet<>();
			keys.forEach((key) -> ids.add(key.id()));
			Map<Key<ID>, V> values = new HashMap<>();
			try (QueryService.PinHandle handle = this.pins.open(List.of(pin))) {
				this.model.loader()
					.load(pin, ids)
					.forEach((id, value) -> values.put(new Key<>(pin, pin.buildStrate(), id), value));
			}
			return values;
		}

	}

	/** Reads of one build. */
	private static final class Reads implements PinnedReads {

		private final ReadModels models;

		private final Pin pin;

		/** The read model that was asked for last: most readers ask for the same. */
		private @Nullable Entry<?, ?> last;

		Reads(ReadModels models, Pin pin) {
			this.models = models;
			this.pin = pin;
		}

		@Override
		public Pin pin() {
			return this.pin;
		}

		@Override
		public <V> @Nullable V get(Class<V> type, Object id) {
			return this.<Object, V>entry(type).get(this.pin, id);
		}

		@Override
		public <ID, V> Map<ID, V> getAll(Class<V> type, Collection<ID> ids) {
			return this.<ID, V>entry(type).getAll(this.pin, ids);
		}

		@SuppressWarnings("unchecked")
		private <ID, V> Entry<ID, V> entry(Class<V> type) {
			Entry<?, ?> known = this.last;
			if (known != null && known.model.type().equals(type)) {
				return (Entry<ID, V>) known;
			}
			Entry<ID, V> entry = this.models.require(type, this.pin);
			this.last = entry;
			return entry;
		}

	}

}
