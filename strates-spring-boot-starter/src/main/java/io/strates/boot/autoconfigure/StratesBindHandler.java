package io.strates.boot.autoconfigure;

import java.time.Duration;

import io.strates.store.TieredSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionFailedException;

/**
 * Lets a time to live be {@code never}, and lets a property that is converted from an
 * empty value count as not set, which Spring Boot takes for one that there is not.
 * Properties that are not below {@code strates} are bound as ever, for which a converter
 * would not do: it would serve all.
 */
final class StratesBindHandler extends AbstractBindHandler {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("strates");

	StratesBindHandler(BindHandler parent) {
		super(parent);
	}

	/** Beside those of the application, of which Spring Boot uses all. */
	static final class Advisor implements ConfigurationPropertiesBindHandlerAdvisor {

		@Override
		public BindHandler apply(BindHandler parent) {
			return new StratesBindHandler(parent);
		}

	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		if (!ROOT.isAncestorOf(name) || !(error instanceof ConversionException)) {
			return super.onFailure(name, target, context, error);
		}
		Object value = value(context, error);
		if ("".equals(value)) {
			tellBound(name, target, context);
			return null;
		}
		if (!isTimeToLive(name, target)) {
			return super.onFailure(name, target, context, error);
		}
		if ("never".equals(value)) {
			return onSuccess(name, target, context, TieredSettings.NEVER);
		}
		throw new IllegalArgumentException(
				"'" + value + "' is no time to live; use a duration such as 90s, 5m or PT5M, or never", error);
	}

	@Override
	public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			@Nullable Object result) throws Exception {
		if (result == null && ROOT.isAncestorOf(name) && isThere(name, context)) {
			tellBound(name, target, context);
		}
		super.onFinish(name, target, context, result);
	}

	/**
	 * What looks for properties that there are not takes it off its list. A switch has to
	 * be refused: conditions on it would take it for off.
	 */
	private void tellBound(ConfigurationPropertyName name, Bindable<?> target, BindContext context) {
		if (name.getLastElement(Form.DASHED).equals("enabled")) {
			throw new StratesStartException("Property " + name + " has no value",
					"Set " + name + " to true or false, or remove it.");
		}
		onSuccess(name, target, context, "");
	}

	/**
	 * With its placeholders replaced where that is known. What becomes nothing, which a
	 * primitive type cannot be, is not told.
	 */
	private static @Nullable Object value(BindContext context, Exception error) {
		if (error instanceof ConversionFailedException failed) {
			return (failed.getValue() != null) ? failed.getValue() : "";
		}
		ConfigurationProperty property = context.getConfigurationProperty();
		return (property != null) ? property.getValue().toString() : null;
	}

	private static boolean isTimeToLive(ConfigurationPropertyName name, Bindable<?> target) {
		return target.getType().resolve() == Duration.class
				&& name.getLastElement(Form.DASHED).endsWith("time-to-live");
	}

	private static boolean isThere(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source.getConfigurationProperty(name) != null) {
				return true;
			}
		}
		return false;
	}

}
