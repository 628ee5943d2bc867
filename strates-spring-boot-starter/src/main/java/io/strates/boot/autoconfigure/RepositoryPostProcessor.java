package io.strates.boot.autoconfigure;

import java.util.Arrays;

import io.strates.entity.StratifiedModel;
import io.strates.query.PinnedInterceptor;
import io.strates.query.QueryService;
import io.strates.query.hibernate.RepositoryCache;
import io.strates.query.hibernate.StratifiedJpaRepository;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactoryBean;
import org.springframework.data.repository.core.support.AbstractRepositoryMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets repositories of stratified entities take simple ids and answer from memory, and
 * repositories that declare pins take them.
 */
final class RepositoryPostProcessor implements BeanPostProcessor {

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<StratifiedModel> model;

	private final SingletonSupplier<QueryService> queries;

	private final ObjectProvider<RepositoryCache> cache;

	RepositoryPostProcessor(ConfigurableListableBeanFactory beanFactory, ObjectProvider<StratifiedModel> model,
			ObjectProvider<QueryService> queries, ObjectProvider<RepositoryCache> cache) {
		this.beanFactory = beanFactory;
		this.model = model;
		this.cache = cache;
		this.queries = SingletonSupplier.of(queries::getObject);
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof JpaRepositoryFactoryBean<?, ?, ?> repository) {
			customize(repository, beanName);
		}
		return bean;
	}

	private void customize(JpaRepositoryFactoryBean<?, ?, ?> repository, String beanName) {
		Class<?> repositoryInterface = repository.getObjectType();
		Class<?> domainType = AbstractRepositoryMetadata.getMetadata(repositoryInterface).getDomainType();
		if (this.model.getObject().find(domainType) != null) {
			Class<?> own = ownBaseClass(beanName);
			if (own == null) {
				repository.setRepositoryBaseClass(StratifiedJpaRepository.class);
			}
			else if (!StratifiedJpaRepository.class.isAssignableFrom(own)) {
				throw new StratesStartException(
						"Repository " + repositoryInterface.getName() + " of the stratified entity "
								+ domainType.getSimpleName() + " has the base class " + own.getName()
								+ ", which does not know of builds",
						"Let " + own.getSimpleName() + " extend " + StratifiedJpaRepository.class.getName()
								+ ", or keep the repositories of stratified entities in packages of their own, with an"
								+ " @EnableJpaRepositories without repositoryBaseClass.");
			}
			// Before the pins of the repository, which are then around it.
			this.cache.ifAvailable((cache) -> repository
				.addRepositoryFactoryCustomizer((factory) -> factory.addRepositoryProxyPostProcessor(cache)));
		}
		if (declaresPins(repositoryInterface)) {
			repository.addRepositoryFactoryCustomizer((factory) -> factory.addRepositoryProxyPostProcessor((proxy,
					information) -> proxy.addAdvice(0, new PinnedInterceptor(this.queries, repositoryInterface))));
		}
	}

	private @Nullable Class<?> ownBaseClass(String beanName) {
		Object declared = this.beanFactory.containsBeanDefinition(beanName)
				? this.beanFactory.getMergedBeanDefinition(beanName).getPropertyValues().get("repositoryBaseClass")
				: null;
		if (declared == null || declared instanceof Class<?>) {
			return (Class<?>) declared;
		}
		return ClassUtils.resolveClassName(declared.toString(), this.beanFactory.getBeanClassLoader());
	}

	private static boolean declaresPins(Class<?> repositoryInterface) {
		return Arrays.stream(repositoryInterface.getMethods())
			.anyMatch((method) -> PinnedInterceptor.matches(method, repositoryInterface));
	}

}
