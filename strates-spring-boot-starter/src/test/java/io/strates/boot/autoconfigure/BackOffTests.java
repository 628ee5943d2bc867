package io.strates.boot.autoconfigure;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.strates.boot.shop.Shops;
import io.strates.release.ReleaseListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** Each bean of the library backs off when the application declares its own. */
class BackOffTests {

	@Test
	void beanThatAnApplicationCouldDeclareBacksOff() {
		assertThat(beanMethods()).isNotEmpty().allSatisfy((method) -> {
			boolean nameable = Modifier.isPublic(method.getReturnType().getModifiers());
			// the application's listeners are told beside the library's own
			boolean listener = method.getReturnType().equals(ReleaseListener.class);
			assertThat(method.isAnnotationPresent(ConditionalOnMissingBean.class)).as(method.toString())
				.isEqualTo(nameable && !listener);
		});
	}

	@Test
	void namesOfBeansAreLeftToTheApplication() {
		assertThat(beanMethods()).extracting(Method::getName).allMatch((name) -> name.startsWith("strates"));
	}

	@Test
	void applicationWithBeansOfOtherTypesUnderSuchNamesStarts() {
		ApplicationContextRunner runner = runner(StratesEndpointAutoConfiguration.class);
		List<String> names = Stream
			.concat(beanMethods().map((method) -> StringUtils.uncapitalize(method.getReturnType().getSimpleName())),
					Stream.of("rowStore", "cacheCodecs"))
			.filter((name) -> !name.startsWith("strates"))
			.distinct()
			.toList();
		assertThat(names).contains("pins", "buildService", "tiers", "garbageCollector");
		for (String name : names) {
			runner = runner.withBean(name, Object.class, Object::new);
		}

		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			Shops.release(context, "berlin", 2, 10);
			assertThat(Shops.count(context, "berlin")).isEqualTo(2);
		});
	}

	static Stream<Method> backingOff() {
		return beanMethods().filter((method) -> method.isAnnotationPresent(ConditionalOnMissingBean.class))
			// what needs a connection has tests of its own
			.filter((method) -> !method.getDeclaringClass().equals(RedisConfiguration.class)
					&& !method.getDeclaringClass().equals(RemoteTierConfiguration.class));
	}

	/** The bean of the application is made as that of the library would have been. */
	@ParameterizedTest
	@MethodSource("backingOff")
	void applicationsOwnBeanIsUsedInstead(Method method) {
		runner(method.getDeclaringClass()).withInitializer((context) -> {
			context.getBeanFactory().registerSingleton("own", BeanUtils.instantiateClass(method.getDeclaringClass()));
			RootBeanDefinition own = new RootBeanDefinition();
			own.setFactoryBeanName("own");
			own.setFactoryMethodName(method.getName());
			own.setAutowireMode(AbstractBeanDefinition.AUTOWIRE_CONSTRUCTOR);
			((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition(name(method), own);
		}).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanNamesForType(replaced(method))).containsExactly(name(method));
			Shops.release(context, "berlin", 2, 10);
			assertThat(Shops.count(context, "berlin")).isEqualTo(2);
		});
	}

	private static Class<?> replaced(Method method) {
		Class<?>[] named = method.getAnnotation(ConditionalOnMissingBean.class).value();
		return (named.length > 0) ? named[0] : method.getReturnType();
	}

	/** The indicator is replaced by name: health indicators have no type of their own. */
	private static String name(Method method) {
		return (method.getAnnotation(ConditionalOnMissingBean.class).name().length > 0) ? method.getName() : "ownBean";
	}

	private static ApplicationContextRunner runner(Class<?> configuration) {
		ApplicationContextRunner runner = Contexts.shop()
			.withPropertyValues("management.endpoints.web.exposure.include=*");
		if (configuration.equals(StratesMetricsAutoConfiguration.class)) {
			return runner.withConfiguration(
					AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
							SimpleMetricsExportAutoConfiguration.class, StratesMetricsAutoConfiguration.class));
		}
		if (configuration.isAnnotationPresent(ConditionalOnSingleCandidate.class)) {
			// Nobody is there, which is no reason not to start.
			return runner.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
				.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=1");
		}
		return runner.withConfiguration(AutoConfigurations.of(StratesEndpointAutoConfiguration.class,
				StratesHealthContributorAutoConfiguration.class));
	}

	private static Stream<Method> beanMethods() {
		List<Class<?>> own = List.of(StratesEndpointAutoConfiguration.class,
				StratesHealthContributorAutoConfiguration.class, StratesMetricsAutoConfiguration.class,
				StratesOffAutoConfiguration.class);
		return Stream
			.concat(Arrays.stream(StratesAutoConfiguration.class.getAnnotation(Import.class).value()), own.stream())
			.flatMap((type) -> Arrays.stream(type.getDeclaredMethods()))
			.filter((method) -> method.isAnnotationPresent(Bean.class));
	}

}
