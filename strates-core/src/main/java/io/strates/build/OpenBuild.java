package io.strates.build;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;

import io.strates.internal.BoundBuilds;
import io.strates.internal.Unchecked;
import org.jspecify.annotations.Nullable;

/** A build that this node writes. */
final class OpenBuild implements Build {

	private final DefaultBuildService service;

	private final BuildInfo opened;

	private final ChunkWriter writer;

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
	public ChunkWriter writer() {
		return this.writer;
	}

	@Override
	public Branches branches() {
		return new ParallelBranches(this, this.service.settings().branchExecutor(), this.service.branchSlots());
	}

	@Override
	public <T extends @Nullable Object> T call(Callable<T> work) {
		Objects.requireNonNull(work, "The work on the build is null; pass what to do");
		this.writer.flush();
		BoundBuilds.Bound build = new BoundBuilds.Bound(scopeId(), buildStrate(), true);
		try (BoundBuilds.Binding binding = this.service.bound().bind(Map.of(scope(), build))) {
			T result = work.call();
			this.service.flush();
			return result;
		}
		catch (Exception ex) {
			throw Unchecked.rethrow(ex);
		}
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
		Objects.requireNonNull(cause, "The cause is null; say why the build is given up, or close it");
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

	boolean isEmptyAllowed() {
		return this.writer.options().isEmptyAllowed();
	}

	@Override
	public String toString() {
		return this.opened.describe();
	}

}
