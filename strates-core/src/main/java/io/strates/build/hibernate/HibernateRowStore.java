package io.strates.build.hibernate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import io.strates.build.RowStore;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.internal.jdbc.Database;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.Hibernate;
import org.hibernate.StatelessSession;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.spi.EventEngine;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.hibernate.jpa.event.spi.CallbackType;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.property.access.spi.Setter;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;

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

	private static final VarHandle BUILD_STRATE = buildStrate();

	private final SessionFactoryImplementor factory;

	private final StratifiedModel model;

	private final DataSource dataSource;

	private final Database database;

	private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();

	private final Map<Class<?>, Access> accesses = new ConcurrentHashMap<>();

	/**
	 * Creates the store of a persistence unit.
	 * @param entityManagerFactory the persistence unit, on Hibernate
	 * @param model its stratified entities
	 * @param dataSource the data source of the persistence unit
	 * @param database the database behind it
	 */
	public HibernateRowStore(EntityManagerFactory entityManagerFactory, StratifiedModel model, DataSource dataSource,
			Database database) {
		this.factory = entityManagerFactory.unwrap(SessionFactoryImplementor.class);
		this.model = model;
		this.dataSource = dataSource;
		this.database = database;
	}

	private static VarHandle buildStrate() {
		try {
			return MethodHandles.privateLookupIn(StratifiedEntity.class, MethodHandles.lookup())
				.findVarHandle(StratifiedEntity.class, "buildStrate", UUID.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@Override
	public List<Object> reachable(Object entity) {
		Access access = access(this.model.require(entity.getClass()));
		if (!access.cascade().isAny() || !isNew(entity)) {
			return List.of(entity);
		}
		List<Object> reached = new ArrayList<>();
		new CascadeWalk(this, reached).visit(entity);
		return reached;
	}

	/** An entity that this call may follow further: new, or the given one itself. */
	boolean isNew(Object entity) {
		return Hibernate.isInitialized(entity) && entity instanceof StratifiedEntity stratified && stratified.isNew();
	}

	CascadePlan cascade(Object entity) {
		return access(this.model.require(entity.getClass())).cascade();
	}

	@Override
	public boolean claim(Object entity, UUID buildStrate) {
		return BUILD_STRATE.compareAndSet((StratifiedEntity) entity, null, buildStrate);
	}

	@Override
	public Object row(StratifiedType type, Object entity, UUID buildStrate) {
		Access access = access(type);
		Object target = Hibernate.unproxy(entity);
		boolean fresh = isNew(target);
		if (fresh && access.callbacks()) {
			engine().getCallbackRegistry().preCreate(target);
		}
		if (access.idOf(target) == null) {
			generateId(access, target);
		}
		claim(target, buildStrate);
		RowPlan plan = access.plan();
		return (plan != null) ? plan.row(target, buildStrate) : copy(access, target, buildStrate);
	}

	@Override
	public String scopeId(StratifiedType type, Object entity) {
		String attribute = Objects.requireNonNull(type.scopeIdAttribute());
		Access access = access(type);
		Object target = Hibernate.unproxy(entity);
		if (attribute.equals("id")) {
			return String.valueOf(access.idOf(target));
		}
		AttributeMapping mapping = access.persister().findAttributeMapping(attribute);
		return String.valueOf(mapping.getPropertyAccess().getGetter().get(target));
	}

	@Override
	@SuppressWarnings("unchecked")
	public void insert(StratifiedType type, List<Object> rows) {
		Access access = access(type);
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			RowPlan plan = access.plan();
			if (plan == null) {
				insertByHibernate(connection, rows);
			}
			else {
				access.insert().insert(connection, (List<@Nullable Object[]>) (List<?>) rows);
			}
		}
		catch (SQLException ex) {
			throw translated(type, ex);
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

	private RuntimeException translated(StratifiedType type, SQLException failure) {
		SQLException detail = (failure instanceof java.sql.BatchUpdateException && failure.getNextException() != null)
				? failure.getNextException() : failure;
		RuntimeException translated = this.translator.translate("insert of " + type.name(), null, detail);
		return (translated != null) ? translated
				: new org.springframework.jdbc.UncategorizedSQLException("insert of " + type.name(), null, detail);
	}

	private void insertByHibernate(Connection connection, List<Object> rows) {
		try (StatelessSession session = this.factory.withStatelessOptions()
			.connection(connection)
			.openStatelessSession()) {
			session.setJdbcBatchSize(500);
			session.insertMultiple(rows);
		}
	}

	/**
	 * A detached copy that carries the build, so that the caller's instance stays its
	 * own.
	 */
	private Object copy(Access access, Object entity, UUID buildStrate) {
		EntityPersister persister = access.persister();
		Object copy = persister.getRepresentationStrategy().getInstantiator().instantiate();
		@Nullable Object[] values = persister.getValues(entity);
		for (@Nullable
		Object value : values) {
			if (!Hibernate.isInitialized(value) && value instanceof java.util.Collection) {
				Hibernate.initialize(value);
			}
		}
		for (int i = 0; i < values.length; i++) {
			values[i] = detached(values[i]);
		}
		persister.setValues(copy, values);
		Object id = Objects.requireNonNull(access.idOf(entity));
		access.setId(copy, id);
		BUILD_STRATE.set((StratifiedEntity) copy, buildStrate);
		return copy;
	}

	/**
	 * A collection that belongs to another session or owner is copied with its elements.
	 */
	private static @Nullable Object detached(@Nullable Object value) {
		if (value instanceof java.util.SortedSet<?> set) {
			return new java.util.TreeSet<>(set);
		}
		if (value instanceof java.util.Set<?> set) {
			return new java.util.LinkedHashSet<>(set);
		}
		if (value instanceof java.util.SortedMap<?, ?> map) {
			return new java.util.TreeMap<>(map);
		}
		if (value instanceof Map<?, ?> map) {
			return new java.util.LinkedHashMap<>(map);
		}
		return (value instanceof java.util.Collection<?> list) ? new ArrayList<>(list) : value;
	}

	private void generateId(Access access, Object entity) {
		Object generated = null;
		if (access.persister().getGenerator() instanceof BeforeExecutionGenerator generator) {
			try (StatelessSession session = this.factory.openStatelessSession()) {
				generated = generator.generate((SharedSessionContractImplementor) session, entity, null,
						EventType.INSERT);
			}
		}
		Object id = (generated instanceof io.strates.entity.StrateKey key) ? key.id() : access.idOf(entity);
		if (id == null) {
			throw new IllegalArgumentException("A " + access.persister().getMappedClass().getSimpleName()
					+ " is written without an id; assign one or annotate it with @GeneratedValue");
		}
		access.setId(entity, id);
	}

	private EventEngine engine() {
		return this.factory.getEventEngine();
	}

	private Access access(StratifiedType type) {
		return this.accesses.computeIfAbsent(type.javaType(), (javaType) -> {
			EntityPersister persister = this.factory.getMappingMetamodel().getEntityDescriptor(javaType);
			RowPlan plan = RowPlan.of(persister);
			return new Access(persister, plan, CascadePlan.of(persister),
					(plan != null) ? BulkInsert.of(plan, this.database, this.factory) : null,
					engine().getCallbackRegistry().hasRegisteredCallbacks(javaType, CallbackType.PRE_PERSIST));
		});
	}

	/** What is known of one entity. */
	private record Access(EntityPersister persister, @Nullable RowPlan plan, CascadePlan cascade,
			@Nullable BulkInsert bulk, boolean callbacks) {

		AttributeMapping idAttribute() {
			return ((NonAggregatedIdentifierMapping) this.persister.getIdentifierMapping()).getVirtualIdEmbeddable()
				.findAttributeMapping("id");
		}

		@Nullable Object idOf(Object entity) {
			return idAttribute().getPropertyAccess().getGetter().get(entity);
		}

		void setId(Object entity, Object id) {
			Setter setter = Objects.requireNonNull(idAttribute().getPropertyAccess().getSetter(), "setter of id");
			setter.set(entity, id);
		}

		BulkInsert insert() {
			return Objects.requireNonNull(this.bulk);
		}

	}

}
