package io.strates.build;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import io.strates.internal.BoundBuilds;
import org.jspecify.annotations.Nullable;

/** A build that this node writes. */
final class OpenBuild implements Build {

	private final DefaultBuildService service;

	private final BuildInfo opened;

	private final ChunkWriter writer;

	private final AtomicBoolean ended = new AtomicBoolean();

	OpenBuild(DefaultBuildService service, BuildInfo opened, ChunkWriter writer) {
		this.service = service;
		this.opened = opened;
		this.writer = writer;
	}

	@Override
	public UUID buildStrate() {
		return this.opened.buildStrate();
	}

	@Override
	public String scope() {
		return this.opened.scope();
	}

	@Override
	public String scopeId() {
		return this.opened.scopeId();
	}

	@Override
	public BuildWriter writer() {
		return this.writer;
	}

	@Override
	public Branches branches() {
		return new ParallelBranches(this, this.writer, this.service.settings());
	}

	@Override
	public <T extends @Nullable Object> T call(Callable<T> work) {
		this.writer.flush();
		BoundBuilds.Bound build = new BoundBuilds.Bound(scopeId(), buildStrate(), true);
		try (BoundBuilds.Binding binding = this.service.bound().bind(Map.of(scope(), build))) {
			T result = work.call();
			this.service.flush();
			return result;
		}
		catch (Exception ex) {
			throw OpenBuild.<RuntimeException>unwrapped(ex);
		}
	}

	/** Lets a checked exception pass as it is, for callers that declare it themselves. */
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <E extends Throwable> E unwrapped(Throwable failure) throws E {
		throw (E) failure;
	}

	@Override
	public BuildInfo seal() {
		this.writer.close();
		try {
			return this.service.seal(this);
		}
		catch (RuntimeException ex) {
			this.writer.reopen();
			throw ex;
		}
	}

	@Override
	public BuildInfo fail(Throwable cause) {
		this.writer.stop(cause);
		String reason = cause.getClass().getSimpleName()
				+ ((cause.getMessage() != null) ? ": " + cause.getMessage() : "");
		return this.service.end(this, reason);
	}

	@Override
	public void close() {
		if (this.service.isOpen(this)) {
			this.service.end(this, this.writer.failure("closed without being sealed"));
		}
	}

	BuildInfo opened() {
		return this.opened;
	}

	/** Refuses further rows at once, not only when a chunk is full. */
	void stop(BuildInfo ended) {
		this.writer.stop(new BuildStateException(ended,
				"no row can be added or changed; begin a new build to change the state"));
	}

	/** Whether the end of this build has not been told yet; true once. */
	boolean isFirstEnd() {
		return this.ended.compareAndSet(false, true);
	}

	boolean isEmptyAllowed() {
		return this.writer.options().isEmptyAllowed();
	}

	List<BuildListener> listeners() {
		return this.writer.listeners();
	}

	@Override
	public String toString() {
		return this.opened.describe();
	}

}
