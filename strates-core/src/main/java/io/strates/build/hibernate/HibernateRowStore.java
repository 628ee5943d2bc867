package io.strates.build.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

import javax.sql.DataSource;

import io.strates.build.RowStore;
import io.strates.build.WritePermits;
import io.strates.entity.StrateKey;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.internal.BoundBuilds;
import io.strates.internal.jdbc.Database;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.Hibernate;
import org.hibernate.StatelessSession;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.jspecify.annotations.Nullable;

import org.springframework.orm.jpa.EntityManagerFactoryUtils;

/**
 * Turns entities into rows by Hibernate's metamodel. Entities that are one plain row go
 * by the bulk path of the database, all others through a stateless session of Hibernate
 * on the same connection.
 *
 * <p>
 * JPA callbacks ({@code @PrePersist}) run when an entity is written; validation by Bean
 * Validation does not.
 *
 * @since 0.1.0
 */
public final class HibernateRowStore implements RowStore {

	private final EntityManagerFactory entityManagerFactory;

	private final SessionFactoryImplementor factory;

	private final StratifiedModel model;

	private final EntityAccesses accesses;

	private final EntityCopy copies;

	private final RowInsert inserts;

	/**
	 * Creates the store of a persistence unit.
	 * @param entityManagerFactory the persistence unit, on Hibernate
	 * @param model its stratified entities
	 * @param dataSource the data source of the persistence unit
	 * @param database the database behind it
	 */
	public HibernateRowStore(EntityManagerFactory entityManagerFactory, StratifiedModel model, DataSource dataSource,
			Database database) {
		this.entityManagerFactory = entityManagerFactory;
		this.factory = entityManagerFactory.unwrap(SessionFactoryImplementor.class);
		this.model = model;
		this.accesses = new EntityAccesses(this.factory, model, database);
		this.copies = new EntityCopy(this.factory);
		this.inserts = new RowInsert(this.factory, dataSource);
	}

	/**
	 * Guards the persistence unit: from here on its repositories and entity managers
	 * write only to the open build that their thread works on. To be called once.
	 * @param bound where the open build of a thread is found
	 * @param permits locks builds for writing
	 */
	public void guardWrites(BoundBuilds bound, WritePermits permits) {
		new WriteGuard(this.model, bound, permits, this).register(this.factory.getEventEngine().getListenerRegistry());
	}

	@Override
	public boolean mayShare(Object entity) {
		return this.accesses.ofEntity(entity).sharing();
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // the instance that was given, not its equal
	public List<Row> rows(Object entity, UUID buildStrate, Function<Object, StratifiedType> check) {
		Object root = Hibernate.unproxy(entity);
		StratifiedType type = check.apply(root);
		List<Taken> reached = new ArrayList<>(1);
		if (this.accesses.of(type).cascade().isAny()) {
			new CascadeWalk(this.accesses, buildStrate,
					(each) -> reached.add(new Taken(each, (each == root) ? type : check.apply(each))))
				.visit(root);
		}
		else {
			reached.add(new Taken(root, type));
		}
		try {
			reached.forEach((taken) -> prepare(taken, buildStrate));
			List<Row> rows = new ArrayList<>(reached.size());
			for (Taken taken : reached) {
				if (taken.claimed || taken.entity == root || taken.isCopy(buildStrate)) {
					rows.add(new Row(taken.type, content(taken, buildStrate)));
				}
			}
			return rows;
		}
		catch (RuntimeException | Error ex) {
			reached.stream().filter((taken) -> taken.claimed).forEach((taken) -> BuildField.disclaim(taken.entity));
			throw ex;
		}
	}

	/** All entities get their ids before any is taken apart: they refer to each other. */
	private void prepare(Taken taken, UUID buildStrate) {
		EntityAccess access = this.accesses.of(taken.type);
		taken.claimed = BuildField.claim(taken.entity, buildStrate);
		if (taken.claimed && access.callbacks()) {
			this.factory.getEventEngine().getCallbackRegistry().preCreate(taken.entity);
		}
		if (access.idOf(taken.entity) == null) {
			generateId(access, taken.entity);
		}
	}

	private Object content(Taken taken, UUID buildStrate) {
		EntityAccess access = this.accesses.of(taken.type);
		access.requireLoaded(taken.entity);
		RowPlan plan = access.plan();
		return (plan != null) ? plan.row(taken.entity, buildStrate) : this.copies.of(access, taken.entity, buildStrate);
	}

	@Override
	public String scopeId(StratifiedType type, Object entity) {
		String attribute = Objects.requireNonNull(type.scopeIdAttribute());
		EntityAccess access = this.accesses.of(type);
		Object target = Hibernate.unproxy(entity);
		if (attribute.equals("id")) {
			return String.valueOf(access.idOf(target));
		}
		AttributeMapping mapping = access.persister().findAttributeMapping(attribute);
		return String.valueOf(mapping.getPropertyAccess().getGetter().get(target));
	}

	@Override
	public void flush() {
		EntityManager current = EntityManagerFactoryUtils.getTransactionalEntityManager(this.entityManagerFactory);
		if (current != null && current.isJoinedToTransaction()) {
			current.flush();
		}
	}

	@Override
	public @Nullable ScopeIdColumn scopeIdColumn(StratifiedType type) {
		String attribute = type.scopeIdAttribute();
		if (attribute == null) {
			return null;
		}
		EntityAccess access = this.accesses.of(type);
		AttributeMapping mapping = attribute.equals("id") ? access.idAttribute()
				: access.persister().findAttributeMapping(attribute);
		SelectableMapping column = mapping.getSelectable(0);
		return new ScopeIdColumn(column.getContainingTableExpression(), column.getSelectionExpression());
	}

	@Override
	public void insert(StratifiedType type, List<Object> rows) {
		this.inserts.insert(type, this.accesses.of(type), rows);
	}

	private void generateId(EntityAccess access, Object entity) {
		Object generated = null;
		if (access.persister().getGenerator() instanceof BeforeExecutionGenerator generator) {
			try (StatelessSession session = this.factory.openStatelessSession()) {
				generated = generator.generate((SharedSessionContractImplementor) session, entity, null,
						EventType.INSERT);
			}
		}
		Object id = (generated instanceof StrateKey key) ? key.id() : access.idOf(entity);
		if (id == null) {
			throw new IllegalArgumentException("A " + access.persister().getMappedClass().getSimpleName()
					+ " is written without an id; assign one or annotate it with @GeneratedValue");
		}
		access.setId(entity, id);
	}

	/** An entity that is being taken apart. */
	private static final class Taken {

		private final Object entity;

		private final StratifiedType type;

		private boolean claimed;

		Taken(Object entity, StratifiedType type) {
			this.entity = entity;
			this.type = type;
		}

		/** Whether it belongs to another build, and is copied with its parent. */
		boolean isCopy(UUID buildStrate) {
			return !buildStrate.equals(((StratifiedEntity) this.entity).getBuildStrate());
		}

	}

}
