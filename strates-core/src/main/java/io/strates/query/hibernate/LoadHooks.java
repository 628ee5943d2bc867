package io.strates.query.hibernate;

import org.hibernate.engine.spi.FilterDefinition;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerGroups;
import org.hibernate.internal.EmptyInterceptor;
import org.hibernate.jpa.event.spi.CallbackType;
import org.hibernate.persister.entity.EntityPersister;

/** What an application may hang on the loading of an entity, or make it depend on. */
final class LoadHooks {

	private static final String OWN_FILTERS = "strates_";

	private LoadHooks() {
	}

	/** Whether anything is told of a load of a class. */
	static boolean listen(SessionFactoryImplementor factory, EntityPersister persister) {
		return factory.getEventEngine()
			.getCallbackRegistry()
			.hasRegisteredCallbacks(persister.getMappedClass(), CallbackType.POST_LOAD);
	}

	/**
	 * Whether what is loaded by a key depends on more than the key, or passes through
	 * code of the application.
	 */
	static boolean decide(SessionFactoryImplementor factory) {
		EventListenerGroups listeners = factory.getEventListenerGroups();
		return factory.getSessionFactoryOptions().isMultiTenancyEnabled()
				|| factory.getSessionFactoryOptions().isInitializeLazyStateOutsideTransactionsEnabled()
				|| !(factory.getSessionFactoryOptions().getInterceptor() instanceof EmptyInterceptor)
				|| listeners.eventListenerGroup_POST_LOAD.count() > 1
				|| listeners.eventListenerGroup_PRE_LOAD.count() > 1
				|| factory.getDefinedFilterNames()
					.stream()
					.filter((name) -> !name.startsWith(OWN_FILTERS))
					.map(factory::getFilterDefinition)
					.anyMatch(FilterDefinition::isAppliedToLoadByKey);
	}

}
