package io.strates.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who are told of a build; what one of them throws is logged. */
record BuildListeners(List<BuildListener> listeners) {

	private static final Logger logger = LoggerFactory.getLogger(BuildListeners.class);

	BuildListeners {
		listeners = List.copyOf(listeners);
	}

	BuildListeners with(@Nullable BuildListener listener) {
		if (listener == null) {
			return this;
		}
		List<BuildListener> all = new ArrayList<>(this.listeners);
		all.add(listener);
		return new BuildListeners(all);
	}

	void tell(Consumer<BuildListener> event) {
		for (BuildListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Build listener {} failed; the build goes on", listener, ex);
			}
		}
	}

}
