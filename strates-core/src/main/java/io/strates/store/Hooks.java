package io.strates.store;

import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the hooks of a store.
 */
final class Hooks<T> {

	private static final Logger logger = LoggerFactory.getLogger(TieredStore.class);

	private final String store;

	private final List<StoreHooks<T>> hooks;

	Hooks(String store, List<StoreHooks<T>> hooks) {
		this.store = store;
		this.hooks = List.copyOf(hooks);
	}

	boolean isEmpty() {
		return this.hooks.isEmpty();
	}

	void before(String what, Object on, Consumer<StoreHooks<T>> call) {
		for (StoreHooks<T> each : this.hooks) {
			try {
				call.accept(each);
			}
			catch (RuntimeException ex) {
				throw new VetoedException("Hook " + each.getClass().getName() + " refuses to " + what + " " + on
						+ " in store '" + this.store + "'; nothing happened, see the cause", ex);
			}
		}
	}

	void after(String what, Object on, Consumer<StoreHooks<T>> call) {
		for (StoreHooks<T> each : this.hooks) {
			try {
				call.accept(each);
			}
			catch (RuntimeException ex) {
				logger.error("Hook {} failed after the {} of {} in store '{}', which has happened",
						each.getClass().getName(), what, on, this.store, ex);
			}
		}
	}

}
