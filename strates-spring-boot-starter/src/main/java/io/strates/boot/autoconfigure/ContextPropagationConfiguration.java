package io.strates.boot.autoconfigure;

import io.micrometer.context.ContextRegistry;
import io.strates.query.Pins;
import io.strates.query.micrometer.PinsAccessor;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * Lets asynchronous work that propagates its context take the pins of its parent along.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ContextRegistry.class)
class ContextPropagationConfiguration {

	@Bean
	@Lazy(false)
	Registration stratesPinPropagation(Pins pins) {
		return new Registration(new PinsAccessor(pins));
	}

	/** Ends with the application: the registry is shared by all in this JVM. */
	static final class Registration implements AutoCloseable {

		private final PinsAccessor accessor;

		Registration(PinsAccessor accessor) {
			this.accessor = accessor;
			ContextRegistry.getInstance().registerThreadLocalAccessor(accessor);
		}

		@Override
		public void close() {
			ContextRegistry.getInstance().removeThreadLocalAccessor(this.accessor.key());
		}

	}

}
