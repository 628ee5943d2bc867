package io.strates.entity.hibernate;

import java.util.ArrayList;
import java.util.List;

import io.strates.entity.MappingFault;
import io.strates.entity.StratesMappingException;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.Any;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.ManyToOne;
import org.hibernate.mapping.OneToMany;
import org.hibernate.mapping.OneToOne;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.ToOne;
import org.hibernate.mapping.Value;
import org.jspecify.annotations.Nullable;

/**
 * Looks once more at what Hibernate has bound: mapping files can add what annotations do
 * not show.
 */
final class BindingCheck {

	private final StratifiedModel model;

	private final Metadata metadata;

	private final boolean queryCache;

	private final List<MappingFault> faults = new ArrayList<>();

	BindingCheck(StratifiedModel model, Metadata metadata, boolean queryCache) {
		this.model = model;
		this.metadata = metadata;
		this.queryCache = queryCache;
	}

	void run() {
		if (this.queryCache && isAnyStratified()) {
			fault("hibernate.cache.use_query_cache",
					"is on, but the keys of Hibernate's query cache do not hold the build: a query would be answered with "
							+ "the rows of another one",
					"switch it off; the second-level cache of entities and collections may stay on");
		}
		for (PersistentClass entity : this.metadata.getEntityBindings()) {
			if (isUnknown(entity)) {
				fault(entity.getJpaEntityName(), "is stratified but not among the managed classes that carry @Entity",
						"annotate it with @Entity; mapping it by XML alone is not supported");
				continue;
			}
			entity.getProperties().forEach((property) -> check(entity, property.getName(), property.getValue()));
		}
		if (!this.faults.isEmpty()) {
			throw new StratesMappingException(this.faults);
		}
	}

	private boolean isAnyStratified() {
		return this.metadata.getEntityBindings()
			.stream()
			.anyMatch((entity) -> this.model.find(entity.getMappedClass()) != null);
	}

	private boolean isUnknown(PersistentClass entity) {
		Class<?> type = entity.getMappedClass();
		if (type == null || !StratifiedEntity.class.isAssignableFrom(type)) {
			return false;
		}
		StratifiedType found = this.model.find(type);
		return found == null || found.javaType() != type;
	}

	private void check(PersistentClass entity, String path, Value value) {
		String where = entity.getJpaEntityName() + "." + path;
		if (value instanceof Component component) {
			for (Property property : component.getProperties()) {
				check(entity, path + "." + property.getName(), property.getValue());
			}
		}
		else if (value instanceof ManyToOne manyToOne) {
			checkJoin(where, manyToOne);
		}
		else if (value instanceof OneToOne oneToOne && oneToOne.getMappedByProperty() == null) {
			checkJoin(where, oneToOne);
		}
		else if (value instanceof Any && this.model.find(entity.getMappedClass()) != null) {
			fault(where, "points at entities of any type, which cannot be joined with the build",
					"write one @ManyToOne for each type");
		}
		else if (value instanceof Collection collection) {
			checkCollection(where, collection);
		}
	}

	private void checkJoin(String where, ToOne toOne) {
		if (isStratified(toOne.getReferencedEntityName()) && !toOne.hasFormula()) {
			fault(where, "is not joined with the build", "map the association by annotations, with one @JoinColumn");
		}
	}

	private void checkCollection(String where, Collection collection) {
		String target = null;
		if (collection.getElement() instanceof ManyToOne manyToOne) {
			target = manyToOne.getReferencedEntityName();
		}
		else if (collection.isOneToMany() && !collection.isInverse()) {
			target = collection.getElement() instanceof OneToMany oneToMany ? oneToMany.getReferencedEntityName()
					: null;
		}
		if (isStratified(target)) {
			fault(where, "is kept in a table or column that does not carry the build",
					"write a join entity, or the @ManyToOne on the other side");
		}
	}

	private boolean isStratified(@Nullable String entityName) {
		PersistentClass entity = (entityName != null) ? this.metadata.getEntityBinding(entityName) : null;
		return entity != null && this.model.find(entity.getMappedClass()) != null;
	}

	private void fault(String where, String problem, String remedy) {
		this.faults.add(new MappingFault(where, problem, remedy));
	}

}
