package io.strates.store;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import io.strates.cache.CodecFactory;
import io.strates.cache.CacheSettings;
import io.strates.cache.CoherentCache;
import io.strates.cache.CoherentCacheSpec;
import io.strates.cache.Tiers;
import io.strates.internal.Arguments;
import io.strates.internal.jdbc.Database;
import io.strates.store.StoreParts.FoundStates;
import io.strates.store.StoreParts.SearchKey;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The tiered stores of one application.
 *
 * <p>
 * <b>Concurrency:</b> thread-safe; a store that queues its writes has a thread that
 * flushes them, from its making to its end. <b>Lifecycle:</b> made once per application
 * and persistence unit; closing it closes the stores, not the tiers, and comes before
 * these and the database are closed.
 *
 * @since 0.1.0
 */
public final class TieredStores implements AutoCloseable {

	/** Types that every codec can write. */
	private static final Set<Class<?>> PLAIN = Set.of(String.class, Boolean.class, Character.class, Byte.class,
			Short.class, Integer.class, Long.class, Float.class, Double.class, UUID.class);

	private final Tiers tiers;

	private final @Nullable CodecFactory codecs;

	private final EntityTables tables;

	private final TransactionOperations transactions;

	private final List<StoreHooks<?>> hooks;

	private final @Nullable EncryptionKeys keys;

	private final @Nullable Queuing queuing;

	private final Map<Class<?>, DefaultTieredStore<?, ?>> stores = new LinkedHashMap<>();

	private final List<WriteBehind> queues = new ArrayList<>();

	private TieredStores(Builder builder) {
		this.tiers = Arguments.given(builder.tiers, "tiers");
		this.tables = Arguments.given(builder.tables, "tables");
		this.transactions = Arguments.given(builder.transactions, "transactions");
		this.codecs = builder.codecs;
		this.hooks = List.copyOf(builder.hooks);
		this.keys = builder.keys;
		this.queuing = builder.queuing;
	}

	/**
	 * Starts with nothing.
	 * @return the builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Makes the store of an entity as its annotation says.
	 * @param type the entity
	 * @param <T> the entity
	 * @return the store
	 * @throws StoreDefinitionException if it cannot be made, or is there already; the
	 * message has every fault
	 */
	public <T> TieredStore<T, ?> add(Class<T> type) {
		try {
			return add(type, TieredSettings.of(type));
		}
		catch (IllegalArgumentException ex) {
			throw new StoreDefinitionException("Entity " + type.getName(), List.of(String.valueOf(ex.getMessage())));
		}
	}

	/**
	 * Makes the store of an entity.
	 * @param type the entity
	 * @param settings how it is to be
	 * @param <T> the entity
	 * @return the store
	 * @throws StoreDefinitionException if it cannot be made, or is there already
	 */
	public synchronized <T> TieredStore<T, ?> add(Class<T> type, TieredSettings settings) {
		List<String> faults = new ArrayList<>();
		if (this.stores.containsKey(type)) {
			faults.add("There is a store of it already; make it once");
		}
		this.stores.values()
			.stream()
			.filter((store) -> store.name().equals(settings.name()))
			.forEach((store) -> faults.add(
					"There is a store '" + settings.name() + "' already; name this one otherwise, with @Tiered(name) or"
							+ " strates.store.types.<name>.name"));
		if (settings.writeMode() == WriteMode.WRITE_BEHIND && (this.queuing == null || this.codecs == null)) {
			faults
				.add("Its write mode is WRITE_BEHIND, for which there is no journal or nothing that encodes what is in"
						+ " it; configure both, or write through");
		}
		if (!faults.isEmpty()) {
			throw new StoreDefinitionException("Entity " + type.getName(), faults);
		}
		DefaultTieredStore<T, ?> store = store(this.tables.table(type), settings);
		this.stores.put(type, store);
		store.start();
		return store;
	}

	private <T, ID> DefaultTieredStore<T, ID> store(EntityTable<T, ID> table, TieredSettings wanted) {
		EntityModel<T, ID> model = table.model();
		StateShape shape = new StateShape(wanted, model, this.keys);
		CacheSettings cache = wanted.cache()
			.withUseLocal(wanted.cache().useLocal() && !shape.keptFromL1())
			.withLocalAfterRemote(wanted.cache().localAfterRemote() || wanted.writeMode() == WriteMode.L1_ASYNC);
		TieredSettings settings = wanted.withCache(cache);
		if (settings.writeMode() == WriteMode.WRITE_BEHIND
				&& model.attributes().stream().anyMatch(StateAttribute::omittedFromCache)) {
			throw new StoreDefinitionException("Entity " + model.type().getName(),
					List.of("It is written behind and has an attribute with @OmitFromCache, which must not be in a"
							+ " journal either; write through"));
		}
		StateCodec codec = (this.codecs != null) ? new StateCodec(this.codecs, shape, model::id) : null;
		Hooks<T> hooks = new Hooks<>(settings.name(), hooks(model.type()));
		CoherentCache<ID, EntityState> entities = this.tiers
			.coherent(new CoherentCacheSpec<>(settings.name(), model::idText, codec, shape::tags, cache,
					hooks.isEmpty() ? null : (state) -> evicted(model, hooks, state)));
		CoherentCache<SearchKey, FoundStates> searches = this.tiers.coherent(CoherentCacheSpec
			.of(settings.name() + ".searches", SearchKey::text, (codec != null) ? codec.found() : null, cache));
		boolean certain = model.attributes()
			.stream()
			.allMatch((attribute) -> attribute.type() instanceof Class<?> type && isPlain(type));
		return new DefaultTieredStore<>(new StoreParts<>(settings, table, shape, entities, searches, this.transactions,
				hooks, certain ? null : codec, behind(settings, codec)));
	}

	private static <T, ID> void evicted(EntityModel<T, ID> model, Hooks<T> hooks, EntityState state) {
		ID id = model.idOf(state);
		if (id != null) {
			hooks.after("eviction", id, (hook) -> hook.onEvict(id));
		}
	}

	private StoreParts.@Nullable BehindFactory behind(TieredSettings settings, @Nullable StateCodec codec) {
		Queuing queuing = this.queuing;
		if (settings.writeMode() != WriteMode.WRITE_BEHIND || queuing == null || codec == null) {
			return null;
		}
		return (target, listener) -> {
			WriteJournal journal = queuing.journals().apply(settings.name());
			WriteBehind queue = new WriteBehind(settings.name(), journal, target, queuing.table(), queuing.settings(),
					listener, Pace.of(InstantSource.system(), new SecureRandom()));
			this.queues.add(queue);
			return new StoreParts.Behind(queue, journal, codec, queue::start);
		};
	}

	/**
	 * What writes are queued in.
	 *
	 * @param journals makes the journal of a store
	 * @param table says who flushes which store
	 * @param settings how queued writes are written
	 */
	private record Queuing(Function<String, WriteJournal> journals, FlushTable table, WriteBehindSettings settings) {
	}

	private static boolean isPlain(Class<?> type) {
		return PLAIN.contains(type) || type.isPrimitive() || type.isEnum() || Number.class.isAssignableFrom(type)
				|| type == byte[].class || type.getPackageName().equals("java.time");
	}

	@SuppressWarnings("unchecked")
	private <T> List<StoreHooks<T>> hooks(Class<T> type) {
		List<StoreHooks<T>> found = new ArrayList<>();
		this.hooks.stream().filter((each) -> each.type() == type).forEach((each) -> found.add((StoreHooks<T>) each));
		return found;
	}

	/**
	 * Finds a store.
	 * @param type its entity
	 * @param idType the type of the entity's id
	 * @param <T> the entity
	 * @param <ID> the type of the ids
	 * @return the store
	 * @throws IllegalArgumentException if there is none, or its ids are of another type
	 */
	@SuppressWarnings("unchecked")
	public synchronized <T, ID> TieredStore<T, ID> store(Class<T> type, Class<ID> idType) {
		DefaultTieredStore<?, ?> store = this.stores.get(type);
		if (store == null) {
			throw new IllegalArgumentException("There is no store of " + type.getName() + "; annotate it with @Tiered,"
					+ " there are stores of " + this.stores.keySet());
		}
		if (store.idType() != idType) {
			throw new IllegalArgumentException("Ids of store '" + store.name() + "' are of type "
					+ store.idType().getName() + ", not " + idType.getName());
		}
		return (TieredStore<T, ID>) store;
	}

	/**
	 * Returns all stores.
	 * @return the stores, in the order in which they were made
	 */
	public synchronized Collection<TieredStore<?, ?>> all() {
		return List.copyOf(this.stores.values());
	}

	/**
	 * Closes the stores: they refuse everything from now on, and what is queued is
	 * flushed, all stores at once and within the limit for closing. What the database did
	 * not take until then stays in a durable journal, and is lost with one in memory;
	 * either is logged.
	 */
	@Override
	public void close() {
		List<WriteBehind> queued;
		synchronized (this) {
			this.stores.values().forEach(DefaultTieredStore::close);
			queued = List.copyOf(this.queues);
		}
		WriteBehind.closeAll(queued);
	}

	/**
	 * Puts stores together.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final List<StoreHooks<?>> hooks = new ArrayList<>();

		private @Nullable Tiers tiers;

		private @Nullable CodecFactory codecs;

		private @Nullable EntityTables tables;

		private @Nullable TransactionOperations transactions;

		private @Nullable EncryptionKeys keys;

		private @Nullable Queuing queuing;

		private Builder() {
		}

		/**
		 * Sets the tiers above the database.
		 * @param value the tiers, which are not closed with the stores
		 * @return this builder
		 */
		public Builder tiers(Tiers value) {
			this.tiers = Arguments.once(this.tiers, value, "tiers");
			return this;
		}

		/**
		 * Sets what makes the codecs of what L2 holds; without it, nothing is kept there.
		 * @param value makes codecs of rows
		 * @return this builder
		 */
		public Builder codecs(CodecFactory value) {
			this.codecs = Arguments.once(this.codecs, value, "codecs");
			return this;
		}

		/**
		 * Sets the tables under the stores.
		 * @param value finds the table of an entity
		 * @return this builder
		 */
		public Builder tables(EntityTables value) {
			this.tables = Arguments.once(this.tables, value, "tables");
			return this;
		}

		/**
		 * Sets what runs the stores' own transactions, on the database of the tables.
		 * Their time limit must be shorter than the life of the second tier's fences.
		 * @param value runs transactions
		 * @return this builder
		 */
		public Builder transactions(TransactionOperations value) {
			this.transactions = Arguments.once(this.transactions, value, "transactions");
			return this;
		}

		/**
		 * Sets the keys of encrypted attributes.
		 * @param value the keys
		 * @return this builder
		 */
		public Builder encryptionKeys(EncryptionKeys value) {
			this.keys = Arguments.once(this.keys, value, "encryptionKeys");
			return this;
		}

		/**
		 * Sets what writes are queued in that are written behind, and writes them as
		 * {@link WriteBehindSettings#DEFAULTS} says.
		 * @param journals makes the journal of a store
		 * @param jdbc reaches the database of the tables, which has the table
		 * {@code strates_write_behind}
		 * @param database the kind of the database
		 * @param newTransaction runs a transaction of its own, whatever is open on the
		 * thread, in which the client and the tables take part
		 * @return this builder
		 */
		public Builder writeBehind(Function<String, WriteJournal> journals, JdbcClient jdbc, Database database,
				TransactionOperations newTransaction) {
			return writeBehind(journals, jdbc, database, newTransaction, WriteBehindSettings.DEFAULTS);
		}

		/**
		 * Sets what writes are queued in that are written behind.
		 * @param journals makes the journal of a store
		 * @param jdbc reaches the database of the tables, which has the table
		 * {@code strates_write_behind}
		 * @param database the kind of the database
		 * @param newTransaction runs a transaction of its own, whatever is open on the
		 * thread, in which the client and the tables take part
		 * @param settings how queued writes are written
		 * @return this builder
		 */
		public Builder writeBehind(Function<String, WriteJournal> journals, JdbcClient jdbc, Database database,
				TransactionOperations newTransaction, WriteBehindSettings settings) {
			this.queuing = Arguments.once(this.queuing,
					new Queuing(journals, new FlushTable(jdbc, database, newTransaction), settings), "writeBehind");
			return this;
		}

		/**
		 * Adds what is called around what stores do.
		 * @param added the hooks, called in their order
		 * @return this builder
		 */
		public Builder hooks(Collection<? extends StoreHooks<?>> added) {
			this.hooks.addAll(Objects.requireNonNull(added, "hooks"));
			return this;
		}

		/**
		 * Puts the stores together.
		 * @return the stores, none yet
		 */
		public TieredStores build() {
			return new TieredStores(this);
		}

	}

}
