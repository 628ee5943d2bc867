package io.strates.sample.server;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/** Matches as long as none of some properties has a value. */
abstract class NothingConfiguredCondition implements Condition {

	private final String[] properties;

	NothingConfiguredCondition(String... properties) {
		this.properties = properties;
	}

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		for (String property : this.properties) {
			if (StringUtils.hasText(context.getEnvironment().getProperty(property))) {
				return false;
			}
		}
		return true;
	}

}
