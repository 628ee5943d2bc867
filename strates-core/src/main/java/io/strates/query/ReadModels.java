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

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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

	private final Cache<UUID, Group> groups = Caffeine.newBuilder().weakValues().build();

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
			warmUp(entry, to);
		});
	}

	private <ID, V> void warmUp(Entry<ID, V> entry, Pin to) {
		entry.warmUp(new View<>(entry, to, group(to)));
	}

	/** Returns whether any read model of a scope wants to be warmed up. */
	boolean isWarmedUp(String scope) {
		return this.entries.values()
			.stream()
			.anyMatch((entry) -> entry.model.warmUp() > 0 && entry.model.scope().equals(scope));
	}

	/** Returns the reads of a build. */
	PinnedReads of(Pin pin) {
		return new Reads(this, pin, group(pin));
	}

	private Group group(Pin pin) {
		return this.groups.get(pin.buildStrate(), (build) -> new Group(pin));
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
	 * A build, as a part of keys. There is one for each build, as long as a key or a
	 * reader has it, so that keys are compared and hashed at the cost of their ids.
	 */
	private static final class Group {

		private final String scopeId;

		private final UUID build;

		private final int hash;

		Group(Pin pin) {
			this.scopeId = pin.scopeId();
			this.build = pin.buildStrate();
			this.hash = this.build.hashCode() * 31;
		}

		/** The same build is the same object, mostly. */
		@SuppressWarnings("ReferenceEquality")
		boolean isSame(Group other) {
			return this == other || this.build.equals(other.build);
		}

	}

	/** A value's place: the build and the id. */
	private static final class Key<ID> {

		private final Group group;

		private final ID id;

		private final int hash;

		Key(Group group, ID id) {
			this.group = group;
			this.id = id;
			this.hash = group.hash + id.hashCode();
		}

		ID id() {
			return this.id;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Key<?> key && isId(key.id) && this.group.isSame(key.group);
		}

		/** The same id is the same object, often. */
		@SuppressWarnings("ReferenceEquality")
		private boolean isId(Object other) {
			return this.id == other || this.id.equals(other);
		}

		@Override
		public int hashCode() {
			return this.hash;
		}

		@Override
		public String toString() {
			return this.id + " of build " + this.group.build;
		}

	}

	/** A read model and its cache. */
	private static final class Entry<ID, V> {

		private final ReadModel<ID, V> model;

		private final ImmutableCache<Key<ID>, V> cache;

		private final Pins pins;

		Entry(ReadModel<ID, V> model, Tiers tiers, Pins pins) {
			this.model = model;
			this.pins = pins;
			this.cache = tiers.immutable(new ImmutableCacheSpec<>(model.type().getName(), model.type(),
					(key) -> key.group.build.toString(), (key) -> key.id().toString(), model.maximumSize(),
					model.remoteTimeToLive(), model.loadTimeout()));
		}

		void warmUp(View<ID, V> to) {
			if (this.model.warmUp() == 0) {
				return;
			}
			List<Key<ID>> hottest = this.cache.hottest(
					(key) -> key.group.scopeId.equals(to.group.scopeId) && !key.group.isSame(to.group),
					this.model.warmUp());
			List<ID> ids = hottest.stream().map(Key::id).distinct().toList();
			for (int from = 0; from < ids.size(); from += WARM_UP_BATCH) {
				to.getAll(ids.subList(from, Math.min(from + WARM_UP_BATCH, ids.size())));
			}
		}

	}

	/** A read model of one build. */
	private static final class View<ID, V> {

		private final Entry<ID, V> entry;

		private final Class<V> type;

		private final Class<ID> idType;

		private final ImmutableCache<Key<ID>, V> cache;

		private final Pin pin;

		private final Group group;

		private final BatchLoader<Key<ID>, V> loader;

		View(Entry<ID, V> entry, Pin pin, Group group) {
			this.entry = entry;
			this.type = entry.model.type();
			this.idType = entry.model.idType();
			this.cache = entry.cache;
			this.pin = pin;
			this.group = group;
			this.loader = this::load;
		}

		/**
		 * A hit makes nothing: its key does not leave the code that the compiler sees as
		 * one, which the code of a miss is too large for. So a miss makes another.
		 */
		@Nullable V get(Object id) {
			V known = this.cache.peek(key(id));
			return (known != null) ? known : this.cache.get(key(id), this.loader);
		}

		Map<ID, V> getAll(Collection<?> ids) {
			List<Key<ID>> keys = new ArrayList<>(ids.size());
			ids.forEach((id) -> keys.add(key(id)));
			Map<ID, V> values = new LinkedHashMap<>();
			this.cache.getAll(keys, this.loader).forEach((key, value) -> values.put(key.id(), value));
			return values;
		}

		@SuppressWarnings("unchecked") // an id's type is final, so its class says all
		private Key<ID> key(Object id) {
			if (Arguments.notNull(id, "id").getClass() != this.idType) {
				throw new IllegalArgumentException("Read model " + this.type.getName() + " has ids of type "
						+ this.idType.getSimpleName() + "; '" + id + "' is a " + id.getClass().getSimpleName());
			}
			return new Key<>(this.group, (ID) id);
		}

		private Map<Key<ID>, V> load(Set<Key<ID>> keys) {
			Set<ID> ids = new LinkedHashSet<>();
			keys.forEach((key) -> ids.add(key.id()));
			Map<Key<ID>, V> values = new HashMap<>();
			try (QueryService.PinHandle handle = this.entry.pins.openToLoad(this.pin)) {
				this.entry.model.loader()
					.load(this.pin, ids)
					.forEach((id, value) -> values.put(new Key<>(this.group, id), value));
			}
			return values;
		}

	}

	/** Reads of one build. */
	private static final class Reads implements PinnedReads {

		private final ReadModels models;

		private final Pin pin;

		private final Group group;

		private final Map<Class<?>, View<?, ?>> views = new ConcurrentHashMap<>();

		/**
		 * The read model that was asked for first: most readers ask for one. Never
		 * another, since all threads share this.
		 */
		private @Nullable View<?, ?> first;

		Reads(ReadModels models, Pin pin, Group group) {
			this.models = models;
			this.pin = pin;
			this.group = group;
		}

		@Override
		public Pin pin() {
			return this.pin;
		}

		@Override
		public <V> @Nullable V get(Class<V> type, Object id) {
			return this.<Object, V>view(type).get(id);
		}

		@Override
		public <ID, V> Map<ID, V> getAll(Class<V> type, Collection<ID> ids) {
			return this.<ID, V>view(type).getAll(ids);
		}

		@SuppressWarnings("unchecked")
		private <ID, V> View<ID, V> view(Class<V> type) {
			View<?, ?> known = this.first;
			return (View<ID, V>) ((known != null && known.type == type) ? known : find(type));
		}

		private View<?, ?> find(Class<?> type) {
			View<?, ?> known = this.views.get(type);
			if (known == null) {
				known = new View<>(this.models.require(type, this.pin), this.pin, this.group);
				this.views.put(type, known);
				this.first = (this.first != null) ? this.first : known;
			}
			return known;
		}

	}

}
