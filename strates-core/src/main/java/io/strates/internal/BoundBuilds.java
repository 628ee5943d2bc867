package io.strates.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The builds that the current thread works on, one per scope: the seam between who
 * chooses a build (a pin, an open build) and who applies it (the filter, repositories).
 *
 * <p>
 * Thread-bound and never inherited: a new thread starts with nothing bound.
 */
public final class BoundBuilds {

	/**
	 * The build that has no rows: bound where nothing is released and that is allowed.
	 */
	public static final UUID NOTHING = new UUID(0L, 0L);

	@SuppressWarnings("ThreadLocalUsage") // one for each persistence unit: nothing is
											// shared by statics
	private final ThreadLocal<@Nullable Map<String, Bound>> current = new ThreadLocal<>();

	/**
	 * A build bound to the thread.
	 *
	 * @param scopeId the scope id of the build
	 * @param buildStrate the build
	 * @param writable whether rows may be added to it
	 */
	public record Bound(String scopeId, UUID buildStrate, boolean writable) {
	}

	/** Takes a binding back; closing twice is harmless. */
	public interface Binding extends AutoCloseable {

		@Override
		void close();

	}

	/**
	 * Binds builds to the current thread, on top of what is bound.
	 * @param builds the builds by scope
	 * @return the handle that restores what was bound before; closed by the same thread
	 */
	public Binding bind(Map<String, Bound> builds) {
		Map<String, Bound> before = this.current.get();
		Map<String, Bound> merged = (before != null) ? new LinkedHashMap<>(before) : new LinkedHashMap<>();
		merged.putAll(builds);
		this.current.set(merged);
		return () -> restore(before);
	}

	/**
	 * Binds builds to the current thread instead of what is bound.
	 * @param builds the builds by scope
	 * @return the handle that restores what was bound before; closed by the same thread
	 */
	public Binding bindOnly(Map<String, Bound> builds) {
		Map<String, Bound> before = this.current.get();
		this.current.set(Map.copyOf(builds));
		return () -> restore(before);
	}

	/**
	 * Returns what is bound for a scope.
	 * @param scope the scope
	 * @return the bound build, or {@code null} if nothing is bound
	 */
	public @Nullable Bound find(String scope) {
		Map<String, Bound> bound = this.current.get();
		return (bound != null) ? bound.get(scope) : null;
	}

	private void restore(Map<String, Bound> before) {
		if (before == null) {
			this.current.remove();
		}
		else {
			this.current.set(before);
		}
	}

}
