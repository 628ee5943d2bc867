package io.strates.query.micrometer;

import java.util.ArrayDeque;
import java.util.Deque;

import io.micrometer.context.ThreadLocalAccessor;
import io.strates.query.Pins;
import io.strates.query.QueryService;
import org.jspecify.annotations.Nullable;

/**
 * Lets a context snapshot carry the pins of the thread that takes it. A build that is
 * open for writing is not carried.
 *
 * <p>
 * <b>Consistency:</b> the other thread reads the same builds; they are not resolved anew.
 * <b>Lifecycle:</b> registered with a {@code ContextRegistry}, and removed from it by its
 * {@linkplain #key() key} when the application ends.
 *
 * @since 0.1.0
 */
public final class PinsAccessor implements ThreadLocalAccessor<Pins.Snapshot> {

	private final Pins pins;

	/** What this accessor has changed in a thread, the last change first. */
	private final ThreadLocal<@Nullable Deque<QueryService.PinHandle>> changes = new ThreadLocal<>();

	/**
	 * Creates an accessor.
	 * @param pins the pins of an application
	 */
	public PinsAccessor(Pins pins) {
		this.pins = pins;
	}

	/**
	 * Returns a key that no other application in this JVM has.
	 * @return the pins themselves
	 */
	@Override
	public Object key() {
		return this.pins;
	}

	@Override
	public Pins.@Nullable Snapshot getValue() {
		return this.pins.snapshot();
	}

	@Override
	public void setValue(Pins.Snapshot value) {
		changed(this.pins.install(value));
	}

	@Override
	public void setValue() {
		changed(this.pins.hide());
	}

	@Override
	public void restore(Pins.Snapshot previousValue) {
		restore();
	}

	@Override
	public void restore() {
		Deque<QueryService.PinHandle> handles = this.changes.get();
		if (handles == null) {
			return;
		}
		handles.pop().close();
		if (handles.isEmpty()) {
			this.changes.remove();
		}
	}

	private void changed(QueryService.PinHandle handle) {
		Deque<QueryService.PinHandle> handles = this.changes.get();
		if (handles == null) {
			handles = new ArrayDeque<>();
			this.changes.set(handles);
		}
		handles.push(handle);
	}

}
