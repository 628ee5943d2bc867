package io.strates.snapshot;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes sources of functions. Each method that sets something may be called once or not
 * at all, before the one that says how the source is asked.
 *
 * @param <T> the type of the values
 * @since 0.1.0
 */
public final class Sources<T> {

	private final String name;

	private final ResourceType<T> type;

	private int priority;

	private Predicate<ResourceKey<T>> supports = (key) -> true;

	private SourceOptions options = SourceOptions.defaults();

	private Sources(String name, ResourceType<T> type) {
		this.name = name;
		this.type = type;
	}

	/**
	 * Starts a source.
	 * @param name the name, unique in a builder
	 * @param type the type of the resources that it knows
	 * @param <T> the type of the values
	 * @return what makes the source
	 */
	public static <T> Sources<T> named(String name, ResourceType<T> type) {
		return new Sources<>(name, type);
	}

	/**
	 * Sets the order in which sources are asked.
	 * @param order the priority; higher ones are asked first
	 * @return this
	 */
	public Sources<T> priority(int order) {
		this.priority = order;
		return this;
	}

	/**
	 * Sets which resources of its type the source may know.
	 * @param condition true for those
	 * @return this
	 */
	public Sources<T> supporting(Predicate<ResourceKey<T>> condition) {
		this.supports = condition;
		return this;
	}

	/**
	 * Sets limits and resilience.
	 * @param limits the options
	 * @return this
	 */
	public Sources<T> options(SourceOptions limits) {
		this.options = limits;
		return this;
	}

	/**
	 * Makes a source that is asked for one key at a time.
	 * @param function answers with the value, which is observed now
	 * @return the source
	 */
	public SingleSource<T> fetching(Fetch<T> function) {
		return fetchingPayload((key, context) -> SourcePayload.of(function.fetch(key, context)));
	}

	/**
	 * Makes a source that is asked for one key at a time.
	 * @param function answers with the value and what is known of it
	 * @return the source
	 */
	public SingleSource<T> fetchingPayload(FetchPayload<T> function) {
		return new Single<>(this, function);
	}

	/**
	 * Makes a source that is asked for many keys at a time.
	 * @param function answers with the values, which are observed now
	 * @return the source
	 */
	public BatchSource<T> fetchingAll(FetchAll<T> function) {
		return fetchingAnswer((keys, context) -> BatchAnswer.of(function.fetchAll(keys, context)));
	}

	/**
	 * Makes a source that is asked for many keys at a time.
	 * @param function answers with values and failures
	 * @return the source
	 */
	public BatchSource<T> fetchingAnswer(FetchAnswer<T> function) {
		return new Batch<>(this, function);
	}

	/**
	 * Makes a source that computes values from other resources.
	 * @param dependencies the inputs of a key
	 * @param function computes the value
	 * @return the source
	 */
	public DerivedSource<T> deriving(Function<ResourceKey<T>, ? extends Set<? extends ResourceKey<?>>> dependencies,
			Derive<T> function) {
		return new Derived<>(this, dependencies, function);
	}

	/**
	 * Answers with a value.
	 *
	 * @param <T> the type of the value
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Fetch<T> {

		/**
		 * Answers for a key.
		 * @param key the key
		 * @param context who asks
		 * @return the value
		 * @throws Exception if there is none
		 */
		T fetch(ResourceKey<T> key, FetchContext context) throws Exception;

	}

	/**
	 * Answers with a value and what is known of it.
	 *
	 * @param <T> the type of the value
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface FetchPayload<T> {

		/**
		 * Answers for a key.
		 * @param key the key
		 * @param context who asks
		 * @return the value
		 * @throws Exception if there is none
		 */
		SourcePayload<T> fetch(ResourceKey<T> key, FetchContext context) throws Exception;

	}

	/**
	 * Answers with values.
	 *
	 * @param <T> the type of the values
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface FetchAll<T> {

		/**
		 * Answers for many keys.
		 * @param keys the keys
		 * @param context who asks
		 * @return the values of those that the source knows
		 * @throws Exception if the call fails for all
		 */
		Map<ResourceKey<T>, T> fetchAll(Set<ResourceKey<T>> keys, FetchContext context) throws Exception;

	}

	/**
	 * Answers with values and failures.
	 *
	 * @param <T> the type of the values
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface FetchAnswer<T> {

		/**
		 * Answers for many keys.
		 * @param keys the keys
		 * @param context who asks
		 * @return the answer
		 * @throws Exception if the call fails for all
		 */
		BatchAnswer<T> fetchAll(Set<ResourceKey<T>> keys, FetchContext context) throws Exception;

	}

	/**
	 * Computes a value.
	 *
	 * @param <T> the type of the value
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Derive<T> {

		/**
		 * Computes the value of a key.
		 * @param key the key
		 * @param inputs the inputs
		 * @return the value
		 * @throws Exception if it cannot be computed
		 */
		T derive(ResourceKey<T> key, Snapshot inputs) throws Exception;

	}

	/** What all sources of functions have. */
	@SuppressWarnings({ "UnusedMethod", "EffectivelyPrivate" }) // implement those of
																// Source
	private static class Described<T> {

		private final Sources<T> description;

		Described(Sources<T> description) {
			this.description = description;
		}

		public String name() {
			return this.description.name;
		}

		public ResourceType<T> type() {
			return this.description.type;
		}

		public int priority() {
			return this.description.priority;
		}

		public boolean supports(ResourceKey<T> key) {
			return this.description.supports.test(key);
		}

		public SourceOptions options() {
			return this.description.options;
		}

		@Override
		public String toString() {
			return "Source " + name() + " of " + type();
		}

	}

	private static final class Single<T> extends Described<T> implements SingleSource<T> {

		private final FetchPayload<T> function;

		Single(Sources<T> description, FetchPayload<T> function) {
			super(description);
			this.function = Objects.requireNonNull(function);
		}

		@Override
		public SourcePayload<T> fetch(ResourceKey<T> key, FetchContext context) throws Exception {
			return this.function.fetch(key, context);
		}

	}

	private static final class Batch<T> extends Described<T> implements BatchSource<T> {

		private final FetchAnswer<T> function;

		Batch(Sources<T> description, FetchAnswer<T> function) {
			super(description);
			this.function = Objects.requireNonNull(function);
		}

		@Override
		public BatchAnswer<T> fetchAll(Set<ResourceKey<T>> keys, FetchContext context) throws Exception {
			return this.function.fetchAll(keys, context);
		}

	}

	private static final class Derived<T> extends Described<T> implements DerivedSource<T> {

		private final Function<ResourceKey<T>, ? extends Set<? extends ResourceKey<?>>> dependencies;

		private final Derive<T> function;

		Derived(Sources<T> description, Function<ResourceKey<T>, ? extends Set<? extends ResourceKey<?>>> dependencies,
				Derive<T> function) {
			super(description);
			this.dependencies = Objects.requireNonNull(dependencies);
			this.function = Objects.requireNonNull(function);
		}

		@Override
		public Set<ResourceKey<?>> dependencies(ResourceKey<T> key) {
			return Set.copyOf(this.dependencies.apply(key));
		}

		@Override
		public SourcePayload<T> derive(ResourceKey<T> key, Snapshot inputs, FetchContext context) throws Exception {
			return SourcePayload.of(this.function.derive(key, inputs));
		}

	}

}
