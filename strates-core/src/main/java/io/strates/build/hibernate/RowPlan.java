package io.strates.build.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import io.strates.entity.StrateKey;
import io.strates.entity.StratifiedEntity;
import org.hibernate.Hibernate;
import org.hibernate.annotations.DynamicInsert;
import org.hibernate.annotations.SQLInsert;
import org.hibernate.generator.Generator;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.internal.BasicAttributeMapping;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.metamodel.mapping.internal.EmbeddedAttributeMapping;
import org.hibernate.metamodel.mapping.ForeignKeyDescriptor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.NonAggregatedIdentifierMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.metamodel.mapping.internal.VirtualIdEmbeddable;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.persister.entity.SingleTableEntityPersister;
import org.hibernate.proxy.HibernateProxy;
import org.hibernate.type.descriptor.java.MutabilityPlan;
import org.jspecify.annotations.Nullable;

/**
 * How one simple entity becomes one row of one table: the columns, and where each value
 * comes from.
 */
final class RowPlan {

	private final String table;

	private final List<Column> columns = new ArrayList<>();

	private int buildColumn = -1;

	/** Says that an entity goes beyond one plain table. */
	private static final class NotSimple extends Exception {

		private static final long serialVersionUID = 1L;

		NotSimple(String why) {
			super(why, null, false, false);
		}

	}

	/**
	 * A column and how its value is read.
	 *
	 * @param name the name as SQL writes it
	 * @param mapping how the value is bound
	 * @param reader takes the entity and returns what the database gets
	 */
	record Column(String name, JdbcMapping mapping, UnaryOperator<@Nullable Object> reader) {
	}

	private RowPlan(String table) {
		this.table = table;
	}

	/**
	 * Returns the plan of an entity.
	 * @return the plan, or {@code null} if only Hibernate can insert it
	 */
	static @Nullable RowPlan of(EntityPersister persister) {
		try {
			requireOneTable(persister);
			RowPlan plan = new RowPlan(persister.getIdentifierTableDetails().getTableName());
			NonAggregatedIdentifierMapping id = (NonAggregatedIdentifierMapping) persister.getIdentifierMapping();
			plan.addAll(id.getVirtualIdEmbeddable(), UnaryOperator.identity());
			for (int i = 0; i < persister.getNumberOfAttributeMappings(); i++) {
				plan.add(persister.getAttributeMapping(i), UnaryOperator.identity());
			}
			return plan;
		}
		catch (NotSimple ex) {
			return null;
		}
	}

	private static void requireOneTable(EntityPersister persister) throws NotSimple {
		Class<?> type = persister.getMappedClass();
		boolean plain = persister instanceof SingleTableEntityPersister && persister.getDiscriminatorMapping() == null
				&& persister.getTableSpan() == 1 && !persister.isVersioned();
		if (!plain || type.isAnnotationPresent(DynamicInsert.class) || type.isAnnotationPresent(SQLInsert.class)) {
			throw new NotSimple("hierarchy, several tables, version or an insert of its own");
		}
		for (Generator generator : persister.getGenerators()) {
			if (generator != null && generator.generatesOnInsert()) {
				throw new NotSimple("generated attribute");
			}
		}
	}

	private void addAll(EmbeddableMappingType embeddable, UnaryOperator<@Nullable Object> owner) throws NotSimple {
		if (embeddable.isPolymorphic() || embeddable.getAggregateMapping() != null) {
			throw new NotSimple("polymorphic or aggregate embeddable");
		}
		for (int i = 0; i < embeddable.getNumberOfAttributeMappings(); i++) {
			add(embeddable.getAttributeMapping(i), owner);
		}
	}

	private void add(AttributeMapping attribute, UnaryOperator<@Nullable Object> owner) throws NotSimple {
		UnaryOperator<@Nullable Object> value = (entity) -> {
			Object container = owner.apply(entity);
			return (container != null) ? attribute.getPropertyAccess().getGetter().get(container) : null;
		};
		if (attribute instanceof PluralAttributeMapping plural) {
			requireInverse(plural.getCollectionDescriptor());
		}
		else if (attribute instanceof EmbeddedAttributeMapping embedded) {
			addAll(embedded.getEmbeddableTypeDescriptor(), value);
		}
		else if (attribute instanceof ToOneAttributeMapping toOne) {
			if (toOne.getSideNature() == ForeignKeyDescriptor.Nature.KEY) {
				addForeignKey(toOne, value);
			}
		}
		else if (attribute instanceof BasicAttributeMapping basic) {
			addBasic(attribute, basic, value);
		}
		else {
			throw new NotSimple(attribute.getAttributeName());
		}
	}

	private static void requireInverse(CollectionPersister collection) throws NotSimple {
		if (!collection.isInverse()) {
			throw new NotSimple("collection with rows of its own");
		}
	}

	private void addBasic(AttributeMapping attribute, BasicAttributeMapping basic,
			UnaryOperator<@Nullable Object> value) throws NotSimple {
		if (basic.isFormula() || !(basic.isInsertable() || isKey(attribute))) {
			return;
		}
		requirePlain(basic);
		JdbcMapping mapping = basic.getJdbcMapping();
		if (attribute.getAttributeName().equals("buildStrate")) {
			this.buildColumn = this.columns.size();
		}
		this.columns.add(new Column(basic.getSelectionExpression(), mapping,
				(entity) -> mapping.convertToRelationalValue(snapshot(basic, value.apply(entity)))));
	}

	/** A row is stored later than taken: the caller may fill the same array again. */
	@SuppressWarnings("unchecked")
	private static @Nullable Object snapshot(BasicAttributeMapping basic, @Nullable Object value) {
		MutabilityPlan<Object> plan = (MutabilityPlan<Object>) basic.getJavaType().getMutabilityPlan();
		return (value != null && plan.isMutable()) ? plan.deepCopy(value) : value;
	}

	/** Hibernate does not count the columns of a key among the insertable ones. */
	private static boolean isKey(AttributeMapping attribute) {
		return attribute.getDeclaringType() instanceof VirtualIdEmbeddable;
	}

	private void addForeignKey(ToOneAttributeMapping toOne, UnaryOperator<@Nullable Object> value) throws NotSimple {
		List<SelectableMapping> selectables = new ArrayList<>();
		toOne.getForeignKeyDescriptor().getKeyPart().forEachSelectable((index, selectable) -> {
			if (!selectable.isFormula()) {
				selectables.add(selectable);
			}
		});
		EntityPersister target = toOne.getAssociatedEntityMappingType().getEntityPersister();
		boolean stratified = StratifiedEntity.class.isAssignableFrom(target.getMappedClass());
		boolean toKey = stratified || toOne.isReferenceToPrimaryKey();
		if (selectables.size() != 1 || !toKey || target.getIdentifierType().isComponentType() != stratified) {
			throw new NotSimple("foreign key " + toOne.getAttributeName());
		}
		SelectableMapping column = selectables.get(0);
		if (!column.isInsertable()) {
			return;
		}
		requirePlain(column);
		JdbcMapping mapping = column.getJdbcMapping();
		EntityIds ids = new EntityIds(target);
		String path = toOne.getNavigableRole().getFullPath();
		this.columns.add(new Column(column.getSelectionExpression(), mapping, (entity) -> {
			Object referenced = value.apply(entity);
			if (referenced == null) {
				return null;
			}
			Object id = ids.idOf(referenced);
			if (id == null) {
				throw new IllegalArgumentException(path + " points at a " + target.getMappedClass().getSimpleName()
						+ " without an id; assign the id, or write that entity first");
			}
			return mapping.convertToRelationalValue(id);
		}));
	}

	private static void requirePlain(SelectableMapping column) throws NotSimple {
		if (!"?".equals(column.getWriteExpression())) {
			throw new NotSimple("custom write expression");
		}
	}

	String table() {
		return this.table;
	}

	List<Column> columns() {
		return this.columns;
	}

	@Nullable Object[] row(Object entity, Object buildStrate) {
		Object initialized = Hibernate.unproxy(entity);
		@Nullable Object[] values = new Object[this.columns.size()];
		for (int i = 0; i < values.length; i++) {
			Column column = this.columns.get(i);
			values[i] = (i == this.buildColumn) ? column.mapping().convertToRelationalValue(buildStrate)
					: column.reader().apply(initialized);
		}
		return values;
	}

	/** Reads the application's id of an entity, also of a proxy, without loading it. */
	static final class EntityIds {

		private final EntityPersister persister;

		EntityIds(EntityPersister persister) {
			this.persister = persister;
		}

		@Nullable Object idOf(Object entity) {
			if (entity instanceof HibernateProxy proxy) {
				Object key = proxy.getHibernateLazyInitializer().getInternalIdentifier();
				return (key instanceof StrateKey strateKey) ? strateKey.id() : key;
			}
			if (this.persister.getIdentifierMapping() instanceof NonAggregatedIdentifierMapping composite) {
				AttributeMapping id = composite.getVirtualIdEmbeddable().findAttributeMapping("id");
				return id.getPropertyAccess().getGetter().get(entity);
			}
			return this.persister.getIdentifier(entity);
		}

	}

}
