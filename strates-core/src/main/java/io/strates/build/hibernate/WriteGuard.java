package io.strates.build.hibernate;

import java.util.Objects;
import java.util.UUID;

import io.strates.build.ScopeIdMismatchException;
import io.strates.build.WritePermits;
import io.strates.entity.NotPinnedException;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.internal.BoundBuilds;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.AbstractPreDatabaseOperationEvent;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.MergeContext;
import org.hibernate.event.spi.MergeEvent;
import org.hibernate.event.spi.MergeEventListener;
import org.hibernate.event.spi.PersistContext;
import org.hibernate.event.spi.PersistEvent;
import org.hibernate.event.spi.PersistEventListener;
import org.hibernate.event.spi.PreCollectionRecreateEvent;
import org.hibernate.event.spi.PreCollectionRecreateEventListener;
import org.hibernate.event.spi.PreCollectionRemoveEvent;
import org.hibernate.event.spi.PreCollectionRemoveEventListener;
import org.hibernate.event.spi.PreCollectionUpdateEvent;
import org.hibernate.event.spi.PreCollectionUpdateEventListener;
import org.hibernate.event.spi.PreDeleteEvent;
import org.hibernate.event.spi.PreDeleteEventListener;
import org.hibernate.event.spi.PreInsertEvent;
import org.hibernate.event.spi.PreInsertEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;
import org.jspecify.annotations.Nullable;

/**
 * Lets repositories and the entity manager write only to a build that is being written:
 * an entity gets the open build that the thread works on, and before any of its rows is
 * inserted, changed or removed, that build is locked and its status is checked.
 */
final class WriteGuard implements PersistEventListener, MergeEventListener, PreInsertEventListener,
		PreUpdateEventListener, PreDeleteEventListener, PreUpsertEventListener, PreCollectionRecreateEventListener,
		PreCollectionUpdateEventListener, PreCollectionRemoveEventListener {

	private static final long serialVersionUID = 1L;

	private final transient StratifiedModel model;

	private final transient BoundBuilds bound;

	private final transient WritePermits permits;

	private final transient HibernateRowStore rows;

	WriteGuard(StratifiedModel model, BoundBuilds bound, WritePermits permits, HibernateRowStore rows) {
		this.model = model;
		this.bound = bound;
		this.permits = permits;
		this.rows = rows;
	}

	void register(EventListenerRegistry registry) {
		registry.prependListeners(EventType.PERSIST, this);
		registry.prependListeners(EventType.PERSIST_ONFLUSH, this);
		registry.prependListeners(EventType.MERGE, this);
		registry.prependListeners(EventType.PRE_INSERT, this);
		registry.prependListeners(EventType.PRE_UPDATE, this);
		registry.prependListeners(EventType.PRE_DELETE, this);
		registry.prependListeners(EventType.PRE_UPSERT, this);
		registry.prependListeners(EventType.PRE_COLLECTION_RECREATE, this);
		registry.prependListeners(EventType.PRE_COLLECTION_UPDATE, this);
		registry.prependListeners(EventType.PRE_COLLECTION_REMOVE, this);
	}

	@Override
	public void onPersist(PersistEvent event) {
		assignBuild(event.getObject());
	}

	@Override
	public void onPersist(PersistEvent event, PersistContext context) {
		assignBuild(event.getObject());
	}

	@Override
	public void onMerge(MergeEvent event) {
		assignBuild(event.getOriginal());
	}

	@Override
	public void onMerge(MergeEvent event, MergeContext context) {
		assignBuild(event.getOriginal());
	}

	private void assignBuild(@Nullable Object entity) {
		if (!(entity instanceof StratifiedEntity stratified) || !stratified.isNew()) {
			return;
		}
		StratifiedType type = this.model.require(entity.getClass());
		BoundBuilds.Bound build = this.bound.find(type.scope());
		if (build == null || !build.writable()) {
			throw new NotPinnedException(type.scope(), "A new " + type.name() + " is saved outside an open build"
					+ ((build != null) ? ", while build " + build.buildStrate() + " is pinned for reading" : ""),
					"save it inside build.run(…), or write it with build.writer()");
		}
		checkScopeId(type, entity, build);
		BuildField.claim(entity, build.buildStrate());
	}

	private void checkScopeId(StratifiedType type, Object entity, BoundBuilds.Bound build) {
		String attribute = type.scopeIdAttribute();
		if (attribute != null && !this.rows.scopeId(type, entity).equals(build.scopeId())) {
			throw new ScopeIdMismatchException(type.name(), attribute, build.scopeId(),
					this.rows.scopeId(type, entity));
		}
	}

	@Override
	public boolean onPreInsert(PreInsertEvent event) {
		return check(event);
	}

	@Override
	public boolean onPreUpdate(PreUpdateEvent event) {
		return check(event);
	}

	@Override
	public boolean onPreDelete(PreDeleteEvent event) {
		return check(event);
	}

	@Override
	public boolean onPreUpsert(PreUpsertEvent event) {
		return check(event);
	}

	@Override
	public void onPreRecreateCollection(PreCollectionRecreateEvent event) {
		check(event.getAffectedOwnerOrNull());
	}

	@Override
	public void onPreUpdateCollection(PreCollectionUpdateEvent event) {
		check(event.getAffectedOwnerOrNull());
	}

	@Override
	public void onPreRemoveCollection(PreCollectionRemoveEvent event) {
		check(event.getAffectedOwnerOrNull());
	}

	/** Never vetoes silently: it lets the row pass or throws. */
	private boolean check(AbstractPreDatabaseOperationEvent event) {
		check(event.getEntity());
		return false;
	}

	private void check(@Nullable Object entity) {
		if (entity instanceof StratifiedEntity stratified) {
			UUID build = Objects.requireNonNull(stratified.getBuildStrate(),
					() -> entity.getClass().getName() + " is inserted without a build");
			this.permits.require(build);
		}
	}

}
