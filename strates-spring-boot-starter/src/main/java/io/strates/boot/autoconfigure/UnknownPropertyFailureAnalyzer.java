package io.strates.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names the properties that there are not, and those that may have been meant. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		List<String> problems = new ArrayList<>();
		List<String> remedies = new ArrayList<>();
		KnownProperties known = new KnownProperties();
		for (ConfigurationProperty property : cause.getUnboundProperties()) {
			String name = property.getName().toString();
			if (!name.startsWith("strates.")) {
				return null;
			}
			problems.add("There is no property " + name
					+ ((property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "") + ".");
			List<String> nearest = known.nearest(name);
			remedies.add(nearest.isEmpty() ? "Change " + name + " to one of " + known.siblings(name) + ", or remove it."
					: "Change " + name + " to " + String.join(" or ", nearest) + ", or remove it.");
		}
		return new FailureAnalysis(String.join("\n", problems), String.join("\n", remedies), cause);
	}

}
