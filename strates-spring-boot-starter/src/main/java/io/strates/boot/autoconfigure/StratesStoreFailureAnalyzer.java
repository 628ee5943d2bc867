package io.strates.boot.autoconfigure;

import io.strates.store.StoreDefinitionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Tells why an entity cannot have a store, and where to change that. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StratesStoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreDefinitionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, StoreDefinitionException cause) {
		boolean keyless = cause.faults().stream().anyMatch((fault) -> fault.contains("there are no encryption keys"));
		String remedy = keyless
				? "Set strates.store.encryption.keys.<id> to the Base64 of 32 random bytes, as 'openssl"
						+ " rand -base64 32' makes them, and strates.store.encryption.current to its id."
				: "Change the entity, its @Tiered, or its properties strates.store.types.<name>, as said above.";
		return new FailureAnalysis(String.valueOf(cause.getMessage()), remedy, cause);
	}

}
