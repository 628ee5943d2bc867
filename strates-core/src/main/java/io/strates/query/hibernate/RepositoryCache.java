package io.strates.query.hibernate;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.strates.cache.ImmutableCache;
import io.strates.cache.ImmutableCacheSpec;
import io.strates.cache.Tiers;
import io.strates.entity.StratifiedModel;
import io.strates.internal.Arguments;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.data.repository.core.RepositoryInformation;
import org.springframework.data.repository.core.support.RepositoryProxyPostProcessor;

/**
 * Answers {@code findById}, {@code findAllById} and {@code existsById} of repositories of
 * stratified entities from memory and the second tier, where a build is pinned outside of
 * transactions.
 *
 * <p>
 * <b>Consistency:</b> what is kept of a row is its flat state, by build and id: a build
 * that can be pinned never changes, so neither does what was read from it, nor that there
 * was nothing. Every caller gets instances of its own, which look as if they had just
 * been read and detached. Inside a transaction or an open session, in
 * {@code build.run(…)}, in a loader of read models, whose values are kept themselves, and
 * where nothing is pinned, the repository reads as it would without a cache. So it does
 * for a method that the application declares anew with annotations or implements itself,
 * and for entities whose detached instances hold more than their row: what is fetched
 * eagerly, what a callback or listener adds, what a filter of the application chooses.
 * <b>Concurrency:</b> thread-safe. <b>Failures:</b> a read that fails does so as without
 * a cache, and nothing is kept.
 *
 * @since 0.1.0
 */
public final class RepositoryCache implements RepositoryProxyPostProcessor {

	private final Tiers tiers;

	private final RepositoryCacheSettings settings;

	private final Map<Class<?>, Entry> entries = new ConcurrentHashMap<>();

	/**
	 * Creates a cache that holds nothing yet.
	 * @param tiers where states are kept
	 * @param settings how many, and for how long
	 */
	public RepositoryCache(Tiers tiers, RepositoryCacheSettings settings) {
		this.tiers = Arguments.notNull(tiers, "tiers");
		this.settings = Arguments.notNull(settings, "settings");
	}

	/**
	 * Puts the cache in front of a repository, outside of its transactions.
	 * @param factory the proxy of the repository
	 * @param information the repository
	 */
	@Override
	public void postProcess(ProxyFactory factory, RepositoryInformation information) {
		if (!(target(factory) instanceof StratifiedJpaRepository<?, ?> repository)
				|| this.settings.maximumSize(information.getDomainType()) == 0) {
			return;
		}
		CachedMethods methods = CachedMethods.of(information);
		if (methods.isEmpty() || repository.stratifiedType() == null) {
			return;
		}
		Entry entry = this.entries.computeIfAbsent(information.getDomainType(),
				(type) -> new Entry(cache(type, repository)));
		if (entry.states() != null) {
			factory.addAdvice(0, new CachedReads(methods, repository, entry.states()));
		}
	}

	private static @Nullable Object target(ProxyFactory factory) {
		try {
			return factory.getTargetSource().getTarget();
		}
		catch (Exception ex) {
			throw new IllegalStateException("The repository behind a new proxy cannot be told", ex);
		}
	}

	private @Nullable States cache(Class<?> type, StratifiedJpaRepository<?, ?> repository) {
		SessionFactoryImplementor factory = repository.entityManagerFactory().unwrap(SessionFactoryImplementor.class);
		StratifiedModel model = repository.model();
		FlatEntity entity = LoadHooks.decide(factory) ? null : FlatEntity.of(type, factory, model);
		if (entity == null) {
			return null;
		}
		ImmutableCacheSpec<Key, FlatState> spec = new ImmutableCacheSpec<>(type.getName(), FlatState.class,
				(key) -> key.buildStrate().toString(), (key) -> key.id().toString(), this.settings.maximumSize(type),
				this.settings.remoteTimeToLive(), this.settings.loadTimeout());
		return new States(entity,
				this.tiers.immutable(spec, (codecs) -> StateCodec.of(type.getName(), entity.layout(), codecs)));
	}

	/**
	 * Forgets what was read from builds, on this node and in the second tier, because
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
		this.entries.values().forEach((entry) -> entry.forget(groups));
	}

	/**
	 * A state's place.
	 *
	 * @param buildStrate the build
	 * @param id the application's id
	 */
	record Key(UUID buildStrate, Object id) {

		@Override
		public String toString() {
			return this.id + " of build " + this.buildStrate;
		}

	}

	/**
	 * The states of an entity.
	 *
	 * @param entity takes instances apart and makes them again
	 * @param cache holds the states
	 */
	record States(FlatEntity entity, ImmutableCache<Key, FlatState> cache) {
	}

	/** What is kept of an entity, if anything can be. */
	private record Entry(@Nullable States states) {

		void forget(Set<String> groups) {
			if (this.states != null) {
				this.states.cache().removeAll(groups);
			}
		}

	}

}
