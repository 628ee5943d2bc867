package io.strates.boot.autoconfigure;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where the application wants the tiers as its caches, or has not said that it
 * wants others.
 */
final class OnCaching extends SpringBootCondition {

	private static final String ENABLED = "strates.cache.manager.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Caches of Strates");
		Environment environment = context.getEnvironment();
		Boolean enabled = environment.getProperty(ENABLED, Boolean.class);
		if (enabled != null) {
			return new ConditionOutcome(enabled, message.because(ENABLED + " is " + enabled));
		}
		boolean others = Binder.get(environment)
			.bind("spring.cache", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of())
			.isEmpty();
		return new ConditionOutcome(others,
				message.because(others ? "nothing is set below spring.cache" : "spring.cache chooses others"));
	}

}
