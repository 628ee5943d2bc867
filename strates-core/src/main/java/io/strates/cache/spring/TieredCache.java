package io.strates.cache.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.strates.cache.spring.NamedCache.MethodFailedException;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.AbstractValueAdaptingCache;
import org.springframework.cache.support.NullValue;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * One use of a cache: Spring asks the manager for a cache each time it calls a method, so
 * that a put that follows a vain get of the same use is the end of that one call.
 */
/*
 * What a method answers must not be kept if its key was written while the method ran. So
 * a get that finds nothing asks for the right to fill, and the put that follows fills
 * with it; a put that no get came before is a write of its own. Which put belongs to
 * which get, Spring does not tell. But it asks the manager for the cache once per
 * operation and call, and gets one of these. The right is remembered here, where the put
 * of another operation, such as a @CachePut that the method calls, cannot take it. For
 * whoever uses a cache by hand, and keeps it, the thread tells the gets apart.
 *
 * A future is completed by any thread; there, one use is one call.
 */
final class TieredCache extends AbstractValueAdaptingCache {

	/** Nobody waits for a future in this thread. */
	private static final long ANY_THREAD = -1;

	private static final int MOST_RIGHTS = 1000;

	private final NamedCache cache;

	private @Nullable Map<Slot, FillRight> rights;

	TieredCache(NamedCache cache, boolean allowNullValues) {
		super(allowNullValues);
		this.cache = cache;
	}

	/** Who is to put what. */
	private record Slot(long thread, String text) {
	}

	private static long thisThread() {
		return Thread.currentThread().getId();
	}

	private synchronized void remember(long thread, FillRight right) {
		Map<Slot, FillRight> remembered = this.rights;
		if (remembered == null) {
			remembered = new LinkedHashMap<>(2);
			this.rights = remembered;
		}
		FillRight before = remembered.remove(new Slot(thread, right.text()));
		if (before != null) {
			before.end();
		}
		if (remembered.size() >= MOST_RIGHTS) {
			Slot eldest = remembered.keySet().iterator().next();
			end(remembered.remove(eldest));
		}
		remembered.put(new Slot(thread, right.text()), right);
	}

	private static void end(@Nullable FillRight right) {
		if (right != null) {
			right.end();
		}
	}

	private synchronized @Nullable FillRight taken(String text) {
		if (this.rights == null) {
			return null;
		}
		FillRight own = this.rights.remove(new Slot(thisThread(), text));
		return (own != null) ? own : this.rights.remove(new Slot(ANY_THREAD, text));
	}

	private synchronized void endAll() {
		if (this.rights != null) {
			this.rights.values().forEach(FillRight::end);
			this.rights.clear();
		}
	}

	@Override
	public String getName() {
		return this.cache.name();
	}

	@Override
	public Object getNativeCache() {
		return this.cache.tiers();
	}

	@Override
	protected @Nullable Object lookup(Object key) {
		String text = this.cache.text(key);
		Held found = this.cache.lookUp(text);
		if (found == null) {
			remember(thisThread(), this.cache.right(text));
			return null;
		}
		Object value = found.value();
		return (value != null) ? value : NullValue.INSTANCE;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		try {
			return (T) this.cache.get(this.cache.text(key), () -> fromStoreValue(toStoreValue(valueLoader.call())))
				.value();
		}
		catch (MethodFailedException ex) {
			throw new ValueRetrievalException(key, valueLoader, (ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	@Override
	public @Nullable CompletableFuture<?> retrieve(Object key) {
		String text = this.cache.text(key);
		Held near = this.cache.peek(text);
		if (near != null) {
			return CompletableFuture.completedFuture(new SimpleValueWrapper(near.value()));
		}
		return CompletableFuture.supplyAsync(() -> {
			Held found = this.cache.lookUp(text);
			if (found == null) {
				remember(ANY_THREAD, this.cache.right(text));
				return null;
			}
			return new SimpleValueWrapper(found.value());
		}, this.cache.executor());
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		return this.cache
			.retrieve(this.cache.text(key),
					() -> valueLoader.get().thenApply((value) -> fromStoreValue(toStoreValue(value))))
			.thenApply((held) -> (T) held.value());
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		String text = this.cache.text(key);
		FillRight right = taken(text);
		Held held;
		try {
			held = this.cache.held(fromStoreValue(toStoreValue(value)));
		}
		catch (IllegalArgumentException ex) {
			end(right);
			throw ex;
		}
		if (right != null) {
			this.cache.fill(right, held);
		}
		else {
			this.cache.put(text, held);
		}
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		Held found = this.cache.putIfAbsent(this.cache.text(key), this.cache.held(fromStoreValue(toStoreValue(value))));
		return (found != null) ? new SimpleValueWrapper(found.value()) : null;
	}

	@Override
	public void evict(Object key) {
		String text = this.cache.text(key);
		end(taken(text));
		this.cache.evict(text);
	}

	@Override
	public boolean evictIfPresent(Object key) {
		String text = this.cache.text(key);
		boolean present = this.cache.lookUp(text) != null;
		end(taken(text));
		this.cache.evict(text);
		return present;
	}

	@Override
	public void clear() {
		endAll();
		this.cache.clear();
	}

	@Override
	public boolean invalidate() {
		endAll();
		boolean present = this.cache.tiers().statistics().size() > 0;
		this.cache.clearNow();
		return present;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof TieredCache use && this.cache == use.cache);
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this.cache);
	}

	@Override
	public String toString() {
		return "cache '" + this.cache.name() + "'";
	}

}
