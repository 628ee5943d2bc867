package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.strates.cache.LoadFailedException;
import io.strates.entity.StratifiedType;
import io.strates.internal.BoundBuilds;
import io.strates.internal.Unchecked;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.data.repository.CrudRepository;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Answers the reads by id of one repository from flat states. What is not kept, the
 * repository itself is asked for, in the transaction that it opens for that.
 */
final class CachedReads implements MethodInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(CachedReads.class);

	private final CachedMethods methods;

	private final StratifiedJpaRepository<?, ?> repository;

	private final StratifiedType type;

	private final RepositoryCache.States states;

	private volatile boolean unkept;

	CachedReads(CachedMethods methods, StratifiedJpaRepository<?, ?> repository, RepositoryCache.States states) {
		this.methods = methods;
		this.repository = repository;
		this.type = Objects.requireNonNull(repository.stratifiedType());
		this.states = states;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		CachedMethods.Kind kind = this.methods.kind(invocation.getMethod());
		UUID build = (kind != null) ? build() : null;
		if (kind == null || build == null || !(invocation instanceof ProxyMethodInvocation call)) {
			return invocation.proceed();
		}
		return switch (kind) {
			case FIND -> find(call, build);
			case FIND_ALL -> findAll(call, build);
			case EXISTS -> exists(call, invocation.getArguments()[0]);
		};
	}

	/** Returns the build to read, or {@code null} if what is kept does not matter. */
	private @Nullable UUID build() {
		if (this.unkept || TransactionSynchronizationManager.isSynchronizationActive()
				|| TransactionSynchronizationManager.isActualTransactionActive()
				|| TransactionSynchronizationManager.hasResource(this.repository.entityManagerFactory())) {
			return null;
		}
		BoundBuilds.Bound bound = this.repository.bound().find(this.type.scope());
		return (bound == null || bound.writable() || bound.loading() || bound.buildStrate().equals(BoundBuilds.NOTHING))
				? null : bound.buildStrate();
	}

	private boolean isId(@Nullable Object id) {
		return id != null && id.getClass() == this.type.idType();
	}

	private @Nullable Object find(ProxyMethodInvocation call, UUID build) throws Throwable {
		Object id = call.getArguments()[0];
		if (id == null || !isId(id)) {
			return call.proceed();
		}
		try {
			FlatState state = this.states.cache().get(new RepositoryCache.Key(build, id), (keys) -> load(call, build));
			return (state != null) ? Optional.ofNullable(this.states.entity().rebuild(Map.of(id, state), build).get(id))
					: Optional.empty();
		}
		catch (LoadFailedException | UnkeptException ex) {
			// The load of another thread, or what was to be kept, says nothing of a read.
			return proceed(call);
		}
	}

	private Map<RepositoryCache.Key, FlatState> load(ProxyMethodInvocation call, UUID build) {
		return (proceed(call) instanceof Optional<?> found) ? flat(build, found.stream().toList()) : Map.of();
	}

	private Map<RepositoryCache.Key, FlatState> flat(UUID build, List<?> found) {
		Map<RepositoryCache.Key, FlatState> states = new HashMap<>();
		FlatEntity entity = this.states.entity();
		try {
			found.forEach((each) -> states.put(new RepositoryCache.Key(build, entity.id(each)), entity.flatten(each)));
			return states;
		}
		catch (RuntimeException ex) {
			// Accessors of the application may need what a detached instance lacks.
			this.unkept = true;
			logger.warn("Entities {} cannot be kept, and are read from the database from here on", this.type.name(),
					ex);
			throw new UnkeptException(ex);
		}
	}

	private @Nullable Object findAll(ProxyMethodInvocation call, UUID build) throws Throwable {
		if (!(call.getArguments()[0] instanceof Iterable<?> given)) {
			return call.proceed();
		}
		List<@Nullable Object> ids = new ArrayList<>();
		given.forEach(ids::add);
		if (ids.isEmpty() || !ids.stream().allMatch(this::isId)) {
			return proceed(call, ids);
		}
		List<RepositoryCache.Key> keys = ids.stream()
			.map((id) -> new RepositoryCache.Key(build, Objects.requireNonNull(id)))
			.distinct()
			.toList();
		try {
			Map<Object, FlatState> states = new LinkedHashMap<>();
			this.states.cache()
				.getAll(keys, (missing) -> load(call, build, missing))
				.forEach((key, state) -> states.put(key.id(), state));
			Map<Object, Object> found = this.states.entity().rebuild(states, build);
			return ids.stream().map(found::get).filter(Objects::nonNull).toList();
		}
		catch (LoadFailedException | UnkeptException ex) {
			return proceed(call, ids);
		}
	}

	private Map<RepositoryCache.Key, FlatState> load(ProxyMethodInvocation call, UUID build,
			Set<RepositoryCache.Key> missing) {
		Object found = proceed(call, missing.stream().map(RepositoryCache.Key::id).toList());
		return flat(build, (found instanceof List<?> list) ? list : List.of());
	}

	private static @Nullable Object exists(ProxyMethodInvocation call, @Nullable Object id) throws Throwable {
		@SuppressWarnings("unchecked")
		CrudRepository<?, Object> itself = (CrudRepository<?, Object>) call.getProxy();
		return (id != null) ? itself.findById(id).isPresent() : call.proceed();
	}

	/** Goes on from here, as often as need be. */
	private static @Nullable Object proceed(ProxyMethodInvocation call, @Nullable Object... arguments) {
		try {
			return ((arguments.length > 0) ? call.invocableClone(arguments) : call.invocableClone()).proceed();
		}
		catch (Throwable ex) {
			throw Unchecked.rethrow(ex);
		}
	}

	/** An instance was read and cannot be taken apart. */
	private static final class UnkeptException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnkeptException(Throwable cause) {
			super(cause);
		}

	}

}
