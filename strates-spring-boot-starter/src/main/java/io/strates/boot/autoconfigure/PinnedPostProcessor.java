package io.strates.boot.autoconfigure;

import java.lang.reflect.Method;

import io.strates.query.PinnedInterceptor;
import io.strates.query.QueryService;

import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;

/**
 * Puts pins around the methods that declare them, outside whatever else is around them: a
 * pin has to be there before a transaction reads.
 */
final class PinnedPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	private static final long serialVersionUID = 1L;

	PinnedPostProcessor(ObjectProvider<QueryService> queries) {
		setBeforeExistingAdvisors(true);
		this.advisor = new DefaultPointcutAdvisor(new PinnedMethods(),
				new PinnedInterceptor(SingletonSupplier.of(queries::getObject)));
	}

	/** The methods of a bean that declare a pin, themselves or through their class. */
	private static final class PinnedMethods extends StaticMethodMatcherPointcut {

		PinnedMethods() {
			setClassFilter((type) -> !type.getName().startsWith("org.springframework."));
		}

		@Override
		public boolean matches(Method method, Class<?> targetClass) {
			return PinnedInterceptor.matches(method, targetClass);
		}

	}

}
