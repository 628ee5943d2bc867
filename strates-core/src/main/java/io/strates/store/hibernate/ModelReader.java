package io.strates.store.hibernate;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.strates.store.Encrypted;
import io.strates.store.OmitFromCache;
import io.strates.store.OmitFromL1;
import io.strates.store.StateAttribute;
import io.strates.store.StoreDefinitionException;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.engine.FetchTiming;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.generator.Generator;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.BasicEntityIdentifierMapping;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.mapping.ForeignKeyDescriptor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.internal.BasicAttributeMapping;
import org.hibernate.metamodel.mapping.internal.EmbeddedAttributeMapping;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.persister.entity.SingleTableEntityPersister;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.java.MutabilityPlan;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Reads how Hibernate maps an entity, and finds all that a tiered store cannot hold.
 */
final class ModelReader {

	private static final Set<Class<?>> IDS = Set.of(Long.class, Integer.class, Short.class, String.class, UUID.class);

	private final SessionFactoryImplementor factory;

	private final EntityPersister persister;

	private final List<String> faults = new ArrayList<>();

	private final List<StateAttribute> attributes = new ArrayList<>();

	private final List<Column> columns = new ArrayList<>();

	private final List<Stamp> stamps = new ArrayList<>();

	private final List<Node> nodes = new ArrayList<>();

	/**
	 * A value that Hibernate generates in memory.
	 *
	 * @param place its place in states
	 * @param generator generates it
	 */
	record Stamp(int place, Generator generator) {
	}

	ModelReader(SessionFactoryImplementor factory, Class<?> type) {
		this.factory = factory;
		this.persister = persister(factory, type);
		readEntity();
		readId();
		Generator[] generators = this.persister.getGenerators();
		for (int i = 0; i < this.persister.getNumberOfAttributeMappings(); i++) {
			AttributeMapping attribute = this.persister.getAttributeMapping(i);
			int place = this.attributes.size();
			Node node = read(attribute, "", this.persister.getMappedClass());
			if (node != null) {
				this.nodes.add(node);
				if (generators[i] != null) {
					generated(attribute, place, generators[i]);
				}
			}
		}
		if (!this.faults.isEmpty()) {
			throw new StoreDefinitionException("Entity " + type.getName(), this.faults);
		}
	}

	private static EntityPersister persister(SessionFactoryImplementor factory, Class<?> type) {
		EntityPersister found = factory.getMappingMetamodel().findEntityDescriptor(type);
		if (found == null) {
			throw new StoreDefinitionException("Class " + type.getName(),
					List.of("It is no entity of the persistence unit; annotate it with @Entity and have it scanned"));
		}
		return found;
	}

	private void readEntity() {
		EntityPersister entity = this.persister;
		require(entity instanceof SingleTableEntityPersister && entity.getTableSpan() == 1
				&& entity.getDiscriminatorMapping() == null && !entity.hasSubclasses(),
				"It is part of a hierarchy or has several tables; map it to one table of its own");
		require(!entity.isVersioned(), "It has a @Version; the store replaces rows as a whole and the last write wins,"
				+ " so remove it, or write through a repository");
		require(entity.isMutable(),
				"It is @Immutable; the store writes it, so remove that, or read it through a repository");
		require(entity.getSoftDeleteMapping() == null && !entity.hasWhereRestrictions(),
				"It is soft-deleted or has an @SQLRestriction, which reads by key do not know; remove it");
		require(!entity.hasFilterForLoadByKey(),
				"It has a filter that applies to reads by key, which caches would ignore; let it apply to queries only");
	}

	private void require(boolean fulfilled, String fault) {
		if (!fulfilled) {
			this.faults.add(fault);
		}
	}

	private void readId() {
		if (!(this.persister.getIdentifierMapping() instanceof BasicEntityIdentifierMapping id)) {
			this.faults.add("Its id has several columns; use an @Id of one column");
			return;
		}
		JdbcMapping mapping = id.getJdbcMapping();
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(id.getJavaType().getJavaTypeClass());
		require(IDS.contains(type) && mapping.getValueConverter() == null,
				"Its id is a " + type.getName() + "; use a Long, Integer, Short, String or UUID, without a converter");
		Generator generator = this.persister.getGenerator();
		require(generator == null || !generator.generatesSometimes(),
				"Its id is a @GeneratedValue; the store writes by id, so assign it, for example a UUID");
		PropertyAccess access = id.getPropertyAccess();
		this.attributes.add(new StateAttribute(id.getAttributeName(), type,
				annotated(this.persister.getMappedClass(), id.getAttributeName(), Encrypted.class), false, false,
				true));
		this.columns.add(new Column(id.getSelectionExpression(), marker(id), mapping, true, false, false));
		this.nodes.add(new Node.Basic(access, 0, mapping, plan(mapping.getJdbcJavaType())));
	}

	private @Nullable Node read(AttributeMapping attribute, String prefix, Class<?> owner) {
		String name = prefix + attribute.getAttributeName();
		if (attribute instanceof BasicAttributeMapping basic) {
			return readBasic(attribute, basic, name, owner);
		}
		if (attribute instanceof EmbeddedAttributeMapping embedded) {
			return readEmbedded(attribute, embedded.getEmbeddableTypeDescriptor(), name);
		}
		if (attribute instanceof ToOneAttributeMapping toOne) {
			return readReference(attribute, toOne, name, owner);
		}
		this.faults.add("Attribute " + name + " is a collection with rows of its own or of another kind that one row"
				+ " cannot hold; make it @Transient, or store it as JSON");
		return null;
	}

	private Node readBasic(AttributeMapping attribute, BasicAttributeMapping basic, String name, Class<?> owner) {
		int place = this.attributes.size();
		add(basic, name, owner, attribute.getAttributeName());
		MutabilityPlan<@Nullable Object> plan = (basic.getJdbcMapping().getValueConverter() != null)
				? plan(basic.getJdbcMapping().getJdbcJavaType()) : plan(basic.getJavaType());
		return new Node.Basic(attribute.getPropertyAccess(), place, basic.getJdbcMapping(), plan);
	}

	@SuppressWarnings("unchecked")
	private static MutabilityPlan<@Nullable Object> plan(JavaType<?> type) {
		return (MutabilityPlan<@Nullable Object>) type.getMutabilityPlan();
	}

	private void add(SelectableMapping column, String name, Class<?> owner, String simpleName) {
		require(!column.isFormula(), "Attribute " + name + " is a formula; compute it in the entity");
		require(!annotated(owner, simpleName, ColumnTransformer.class),
				"Attribute " + name + " has a @ColumnTransformer; use a converter");
		boolean omitted = annotated(owner, simpleName, OmitFromCache.class);
		require(!omitted || (column.isNullable() && !isPrimitive(owner, simpleName)), "Attribute " + name
				+ " is @OmitFromCache and cannot be null; a null in it stands for a value that was not in a cache");
		JdbcMapping mapping = column.getJdbcMapping();
		this.attributes.add(new StateAttribute(name, mapping.getJdbcJavaType().getJavaType(),
				annotated(owner, simpleName, Encrypted.class), omitted, annotated(owner, simpleName, OmitFromL1.class),
				!column.isUpdateable()));
		this.columns.add(new Column(column.getSelectionExpression(), marker(column), mapping, column.isInsertable(),
				column.isUpdateable(), omitted));
	}

	private String marker(SelectableMapping column) {
		return column.getJdbcMapping()
			.getJdbcType()
			.wrapWriteExpression("?", column.toSize(), this.factory.getJdbcServices().getDialect());
	}

	private @Nullable Node readEmbedded(AttributeMapping attribute, EmbeddableMappingType type, String name) {
		if (type.isPolymorphic() || type.getAggregateMapping() != null) {
			this.faults.add("Attribute " + name + " is a polymorphic or aggregate embeddable; use a plain one");
			return null;
		}
		int first = this.attributes.size();
		List<Node> parts = new ArrayList<>();
		for (int i = 0; i < type.getNumberOfAttributeMappings(); i++) {
			Node part = read(type.getAttributeMapping(i), name + ".", type.getMappedJavaType().getJavaTypeClass());
			if (part != null) {
				parts.add(part);
			}
		}
		return new Node.Embedded(attribute.getPropertyAccess(), type, parts, first, this.attributes.size() - 1);
	}

	private @Nullable Node readReference(AttributeMapping attribute, ToOneAttributeMapping toOne, String name,
			Class<?> owner) {
		List<SelectableMapping> selectables = new ArrayList<>();
		if (toOne.getSideNature() == ForeignKeyDescriptor.Nature.KEY && !toOne.hasJoinTable()
				&& toOne.isReferenceToPrimaryKey()) {
			toOne.getForeignKeyDescriptor()
				.getKeyPart()
				.forEachSelectable((index, selectable) -> selectables.add(selectable));
		}
		EntityPersister target = toOne.getAssociatedEntityMappingType().getEntityPersister();
		if (selectables.size() != 1 || !target.hasProxy()
				|| toOne.getMappedFetchOptions().getTiming() != FetchTiming.DELAYED) {
			this.faults.add("Association " + name + " is not a lazy one by the id of the other entity in one column;"
					+ " declare fetch = LAZY, or hold the id");
			return null;
		}
		int place = this.attributes.size();
		add(selectables.get(0), name, owner, attribute.getAttributeName());
		return new Node.Reference(attribute.getPropertyAccess(), place, target, selectables.get(0).getJdbcMapping());
	}

	private void generated(AttributeMapping attribute, int place, Generator generator) {
		if (generator.generatesSometimes() && !(attribute instanceof BasicAttributeMapping)) {
			this.faults.add("Attribute " + attribute.getAttributeName()
					+ " is an embedded or associated value with generated parts; generate basic attributes only");
			return;
		}
		if (!generator.generatesSometimes()) {
			return;
		}
		StateAttribute known = this.attributes.get(place);
		Column column = this.columns.get(place);
		if (generator.generatedOnExecution()) {
			// The database has the word; what it answers is read back.
			this.columns.set(place,
					new Column(column.name(), column.marker(), column.mapping(), false, false, column.kept()));
		}
		else {
			this.stamps.add(new Stamp(place, generator));
			boolean updated = column.updated() && generator.generatesOnUpdate();
			this.columns.set(place, new Column(column.name(), column.marker(), column.mapping(), column.inserted(),
					updated, column.kept()));
		}
		boolean once = !generator.generatesOnUpdate();
		this.attributes.set(place, new StateAttribute(known.name(), known.type(), known.encrypted(),
				known.omittedFromCache(), known.omittedFromL1(), once));
	}

	private static boolean isPrimitive(Class<?> owner, String attribute) {
		Field field = ReflectionUtils.findField(owner, attribute);
		return field != null && field.getType().isPrimitive();
	}

	private static boolean annotated(Class<?> owner, String attribute, Class<? extends Annotation> annotation) {
		Field field = ReflectionUtils.findField(owner, attribute);
		if (field != null && field.isAnnotationPresent(annotation)) {
			return true;
		}
		String suffix = Character.toUpperCase(attribute.charAt(0)) + attribute.substring(1);
		for (String name : List.of("get" + suffix, "is" + suffix, attribute)) {
			Method method = ReflectionUtils.findMethod(owner, name);
			if (method != null && method.isAnnotationPresent(annotation)) {
				return true;
			}
		}
		return false;
	}

	EntityPersister persister() {
		return this.persister;
	}

	List<StateAttribute> attributes() {
		return this.attributes;
	}

	List<Column> columns() {
		return this.columns;
	}

	List<Stamp> stamps() {
		return this.stamps;
	}

	List<Node> nodes() {
		return this.nodes;
	}

	Class<?> idType() {
		return (Class<?>) this.attributes.get(0).type();
	}

}
