package io.strates.boot.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

import io.strates.build.BuildInfo;
import io.strates.build.BuildListener;
import io.strates.build.BuildProgress;
import io.strates.gc.CollectionListener;
import io.strates.gc.CollectionProgress;
import io.strates.gc.CollectionReport;
import io.strates.query.PinListener;
import io.strates.release.ReleaseListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

/**
 * The listeners that an application declares as beans, looked up when there is something
 * to tell: a listener may use the very service that tells it.
 *
 * @param <T> the type of the listeners
 */
final class LateListeners<T> {

	private static final Logger logger = LoggerFactory.getLogger(LateListeners.class);

	private final SingletonSupplier<List<T>> listeners;

	LateListeners(ObjectProvider<T> listeners) {
		this.listeners = SingletonSupplier.of(() -> listeners.orderedStream().toList());
	}

	/** What one listener throws keeps nothing from the others. */
	void tell(Consumer<T> news) {
		for (T listener : this.listeners.obtain()) {
			try {
				news.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Listener {} failed; what it was told of stands", listener, ex);
			}
		}
	}

	static ReleaseListener ofReleases(ObjectProvider<ReleaseListener> listeners) {
		LateListeners<ReleaseListener> late = new LateListeners<>(listeners);
		return (release) -> late.tell((listener) -> listener.released(release));
	}

	static PinListener ofPins(ObjectProvider<PinListener> listeners) {
		LateListeners<PinListener> late = new LateListeners<>(listeners);
		return (pin) -> late.tell((listener) -> listener.pinned(pin));
	}

	static BuildListener ofBuilds(ObjectProvider<BuildListener> listeners) {
		return new Builds(new LateListeners<>(listeners));
	}

	static CollectionListener ofCollections(ObjectProvider<CollectionListener> listeners) {
		return new Collections(new LateListeners<>(listeners));
	}

	/** Passes each event on. */
	private record Collections(LateListeners<CollectionListener> late) implements CollectionListener {

		@Override
		public void progressed(CollectionProgress progress) {
			this.late.tell((listener) -> listener.progressed(progress));
		}

		@Override
		public void failed(BuildInfo build, Throwable cause) {
			this.late.tell((listener) -> listener.failed(build, cause));
		}

		@Override
		public void completed(CollectionReport report) {
			this.late.tell((listener) -> listener.completed(report));
		}

	}

	/** Passes each event on. */
	private record Builds(LateListeners<BuildListener> late) implements BuildListener {

		@Override
		public void opened(BuildInfo build) {
			this.late.tell((listener) -> listener.opened(build));
		}

		@Override
		public void progressed(BuildProgress progress) {
			this.late.tell((listener) -> listener.progressed(progress));
		}

		@Override
		public void sealed(BuildInfo build) {
			this.late.tell((listener) -> listener.sealed(build));
		}

		@Override
		public void failed(BuildInfo build) {
			this.late.tell((listener) -> listener.failed(build));
		}

	}

}
