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
 *
 * @since 0.1.0
 */
public final class BoundBuilds {

	/**
	 * The build that has no rows: bound where nothing is released and that is allowed.
	 */
	public static final UUID NOTHING = new UUID(0L, 0L);

	// One for each persistence unit: nothing is shared by statics.
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<@Nullable Level> current = new ThreadLocal<>();

	private volatile @Nullable ReadListener readListener;

	/**
	 * A build bound to the thread.
	 *
	 * @param scopeId the scope id of the build
	 * @param buildStrate the build
	 * @param writable whether rows may be added to it
	 * @param loading whether a value is being made from it that is kept, so that what the
	 * value is made of need not be
	 */
	public record Bound(String scopeId, UUID buildStrate, boolean writable, boolean loading) {

		/**
		 * Creates a build bound to the thread, from which nothing is made that is kept.
		 * @param scopeId the scope id of the build
		 * @param buildStrate the build
		 * @param writable whether rows may be added to it
		 */
		public Bound(String scopeId, UUID buildStrate, boolean writable) {
			this(scopeId, buildStrate, writable, false);
		}

	}

	/** Is told which build a thread reads, before it does. */
	@FunctionalInterface
	public interface ReadListener {

		/**
		 * A build is about to be read.
		 * @param scope the scope
		 * @param build the build that is bound to the thread
		 */
		void reading(String scope, Bound build);

	}

	/**
	 * Takes a binding back. Closing twice, out of order or in another thread is harmless:
	 * what is bound is what the innermost binding that is still open says.
	 */
	public interface Binding extends AutoCloseable {

		@Override
		void close();

	}

	/**
	 * Binds builds to the current thread, on top of what is bound.
	 * @param builds the builds by scope
	 * @return the handle that restores what was bound before
	 */
	public Binding bind(Map<String, Bound> builds) {
		Level before = top();
		Map<String, Bound> merged = (before != null) ? new LinkedHashMap<>(before.builds) : new LinkedHashMap<>();
		merged.putAll(builds);
		return push(new Level(before, merged));
	}

	/**
	 * Binds builds to the current thread instead of what is bound.
	 * @param builds the builds by scope
	 * @return the handle that restores what was bound before
	 */
	public Binding bindOnly(Map<String, Bound> builds) {
		return push(new Level(top(), Map.copyOf(builds)));
	}

	/**
	 * Returns what is bound for a scope.
	 * @param scope the scope
	 * @return the bound build, or {@code null} if nothing is bound
	 */
	public @Nullable Bound find(String scope) {
		Level top = top();
		return (top != null) ? top.builds.get(scope) : null;
	}

	/**
	 * Returns what is bound for a scope in order to read it.
	 * @param scope the scope
	 * @return the bound build, or {@code null} if nothing is bound
	 */
	public @Nullable Bound findToRead(String scope) {
		Bound found = find(scope);
		ReadListener listener = this.readListener;
		if (found != null && listener != null) {
			listener.reading(scope, found);
		}
		return found;
	}

	/**
	 * Says who is told of reads.
	 * @param listener called by {@link #findToRead(String)}
	 */
	public void onRead(ReadListener listener) {
		this.readListener = listener;
	}

	private Binding push(Level level) {
		this.current.set(level);
		return () -> {
			level.closed = true;
			top();
		};
	}

	/** The innermost binding that is open; forgets closed ones above it. */
	private @Nullable Level top() {
		Level level = this.current.get();
		if (level == null || !level.closed) {
			return level;
		}
		while (level != null && level.closed) {
			level = level.before;
		}
		if (level == null) {
			this.current.remove();
		}
		else {
			this.current.set(level);
		}
		return level;
	}

	/** What one binding binds. */
	private static final class Level {

		private final @Nullable Level before;

		private final Map<String, Bound> builds;

		private volatile boolean closed;

		Level(@Nullable Level before, Map<String, Bound> builds) {
			this.before = before;
			this.builds = builds;
		}

	}

}
