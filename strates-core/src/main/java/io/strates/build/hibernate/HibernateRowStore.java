package io.strates.build.hibernate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.strates.build.RowStore;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.internal.jdbc.Database;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.Hibernate;
import org.hibernate.LazyInitializationException;
import org.hibernate.StatelessSession;
import org.hibernate.engine.internal.Versioning;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.spi.EventEngine;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.hibernate.jpa.event.spi.CallbackType;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.property.access.spi.Setter;
import org.hibernate.type.CollectionType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
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

	private final EntityManagerFactory entityManagerFactory;

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
		this.entityManagerFactory = entityManagerFactory;
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
	public boolean mayShare(Object entity) {
		return access(this.model.require(entity.getClass())).sharing();
	}

	@Override
	@SuppressWarnings("ReferenceEquality") // the instance that was given, not its equal
	public List<Row> rows(Object entity, UUID buildStrate, Function<Object, StratifiedType> check) {
		Object root = Hibernate.unproxy(entity);
		StratifiedType type = check.apply(root);
		List<Taken> reached = new ArrayList<>(1);
		if (access(type).cascade().isAny()) {
			new CascadeWalk(this, buildStrate,
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
			reached.stream().filter((taken) -> taken.claimed).forEach((taken) -> disclaim(taken.entity));
			throw ex;
		}
	}

	/** An entity that this call may follow further: new, and not a proxy. */
	boolean isNew(Object entity) {
		return Hibernate.isInitialized(entity) && entity instanceof StratifiedEntity stratified && stratified.isNew();
	}

	CascadePlan cascade(Object entity) {
		return access(this.model.require(entity.getClass())).cascade();
	}

	/**
	 * Sets the build of an entity that has none.
	 * @return whether this call has set it: of several threads that reach the entity, one
	 * writes it
	 */
	boolean claim(Object entity, UUID buildStrate) {
		return BUILD_STRATE.compareAndSet((StratifiedEntity) entity, null, buildStrate);
	}

	private static void disclaim(Object entity) {
		BUILD_STRATE.setVolatile((StratifiedEntity) entity, null);
	}

	/** All entities get their ids before any is taken apart: they refer to each other. */
	private void prepare(Taken taken, UUID buildStrate) {
		Access access = access(taken.type);
		taken.claimed = claim(taken.entity, buildStrate);
		if (taken.claimed && access.callbacks()) {
			engine().getCallbackRegistry().preCreate(taken.entity);
		}
		if (access.idOf(taken.entity) == null) {
			generateId(access, taken.entity);
		}
	}

	private Object content(Taken taken, UUID buildStrate) {
		Access access = access(taken.type);
		requireLoaded(access, taken.entity);
		RowPlan plan = access.plan();
		return (plan != null) ? plan.row(taken.entity, buildStrate) : copy(access, taken.entity, buildStrate);
	}

	/**
	 * With bytecode enhancement an attribute may be lazy: its field then holds nothing.
	 */
	private static void requireLoaded(Access access, Object entity) {
		if (access.persister().hasUninitializedLazyProperties(entity)) {
			throw new IllegalArgumentException(access.name() + " " + access.idOf(entity)
					+ " has attributes that are not loaded; read them before it is written to another build");
		}
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
		Access access = access(type);
		AttributeMapping mapping = attribute.equals("id") ? access.idAttribute()
				: access.persister().findAttributeMapping(attribute);
		SelectableMapping column = mapping.getSelectable(0);
		return new ScopeIdColumn(column.getContainingTableExpression(), column.getSelectionExpression());
	}

	@Override
	@SuppressWarnings("unchecked")
	public void insert(StratifiedType type, List<Object> rows) {
		Access access = access(type);
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			RowPlan plan = access.plan();
			if (plan == null) {
				insertByHibernate(access.persister(), connection, rows);
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

	/*
	 * Not by insertMultiple: a stateless session generates the id of what it inserts
	 * anew, although other rows refer to the one that the entity has.
	 */
	private void insertByHibernate(EntityPersister persister, Connection connection, List<Object> rows) {
		try (StatelessSession stateless = this.factory.withStatelessOptions()
			.connection(connection)
			.openStatelessSession()) {
			SharedSessionContractImplementor session = (SharedSessionContractImplementor) stateless;
			session.setJdbcBatchSize(500);
			rows.forEach((row) -> insert(persister, row, session));
			session.getJdbcCoordinator().executeBatch();
		}
	}

	private static void insert(EntityPersister persister, Object entity, SharedSessionContractImplementor session) {
		Object id = persister.getIdentifier(entity, session);
		@Nullable Object[] values = persister.getValues(entity);
		if (persister.isVersioned()) {
			Versioning.seedVersion(entity, values, persister, session);
		}
		persister.getInsertCoordinator().insert(entity, id, values, session);
		for (int i = 0; i < values.length; i++) {
			if (values[i] != null && persister.getPropertyTypes()[i] instanceof CollectionType type) {
				session.getFactory()
					.getMappingMetamodel()
					.getCollectionDescriptor(type.getRole())
					.recreate(type.wrap(session, values[i]), id, session);
			}
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
		for (int i = 0; i < values.length; i++) {
			Type type = persister.getPropertyTypes()[i];
			if (type instanceof CollectionType collection) {
				values[i] = copy(access, entity, i, collection, values[i]);
			}
			else {
				values[i] = type.deepCopy(values[i], this.factory);
			}
		}
		persister.setValues(copy, values);
		Object id = Objects.requireNonNull(access.idOf(entity));
		access.setId(copy, id);
		BUILD_STRATE.set((StratifiedEntity) copy, buildStrate);
		return copy;
	}

	/** Elements with rows of their own are copied, children that own the join are not. */
	private @Nullable Object copy(Access access, Object entity, int attribute, CollectionType type,
			@Nullable Object value) {
		CollectionPersister collection = this.factory.getMappingMetamodel().getCollectionDescriptor(type.getRole());
		if (value == null || collection.isInverse()) {
			return null;
		}
		try {
			Hibernate.initialize(value);
		}
		catch (LazyInitializationException ex) {
			throw new IllegalArgumentException(access.name() + " " + access.idOf(entity) + " has '"
					+ access.persister().getPropertyNames()[attribute]
					+ "' not loaded, and its session is closed; fetch it where the entity is read, or write"
					+ " the entity before the session ends", ex);
		}
		return detached(value, (element) -> type.getElementType(this.factory).deepCopy(element, this.factory));
	}

	private static Object detached(Object value, UnaryOperator<@Nullable Object> element) {
		if (value instanceof Map<?, ?> map) {
			Map<@Nullable Object, @Nullable Object> copy = (map instanceof SortedMap<?, ?> sorted) ? sortedMap(sorted)
					: new LinkedHashMap<>();
			map.forEach((key, each) -> copy.put(key, element.apply(each)));
			return copy;
		}
		Collection<?> elements = (Collection<?>) value;
		Collection<@Nullable Object> copy = (value instanceof SortedSet<?> sorted) ? sortedSet(sorted)
				: (value instanceof Set<?>) ? new LinkedHashSet<>() : new ArrayList<>(elements.size());
		elements.forEach((each) -> copy.add(element.apply(each)));
		return copy;
	}

	@SuppressWarnings("unchecked")
	private static SortedMap<@Nullable Object, @Nullable Object> sortedMap(SortedMap<?, ?> map) {
		return new TreeMap<>((Comparator<Object>) map.comparator());
	}

	@SuppressWarnings("unchecked")
	private static SortedSet<@Nullable Object> sortedSet(SortedSet<?> set) {
		return new TreeSet<>((Comparator<Object>) set.comparator());
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
		Access known = this.accesses.get(type.javaType());
		return (known != null) ? known : this.accesses.computeIfAbsent(type.javaType(), this::newAccess);
	}

	private Access newAccess(Class<?> javaType) {
		EntityPersister persister = this.factory.getMappingMetamodel().getEntityDescriptor(javaType);
		RowPlan plan = RowPlan.of(persister);
		CascadePlan cascade = CascadePlan.of(persister);
		return new Access(persister, plan, cascade, cascade.isAny() && isSharing(this.model.require(javaType).scope()),
				(plan != null) ? BulkInsert.of(plan, this.database, this.factory) : null,
				engine().getCallbackRegistry().hasRegisteredCallbacks(javaType, CallbackType.PRE_PERSIST));
	}

	/** Whether any row of a scope cascades to one that it refers to. */
	private boolean isSharing(String scope) {
		return this.model.types(scope)
			.stream()
			.map((type) -> CascadePlan.of(this.factory.getMappingMetamodel().getEntityDescriptor(type.javaType())))
			.anyMatch((cascade) -> !cascade.parents().isEmpty());
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

	/** What is known of one entity. */
	private record Access(EntityPersister persister, @Nullable RowPlan plan, CascadePlan cascade, boolean sharing,
			@Nullable BulkInsert bulk, boolean callbacks) {

		String name() {
			return this.persister.getMappedClass().getSimpleName();
		}

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
