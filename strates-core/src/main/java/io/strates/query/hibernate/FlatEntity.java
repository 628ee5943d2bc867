package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.strates.entity.StrateKey;
import io.strates.entity.StratifiedModel;
import org.hibernate.StatelessSession;
import org.hibernate.engine.FetchTiming;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.EmbeddableMappingType;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.BasicType;
import org.hibernate.type.CollectionType;
import org.hibernate.type.CompositeType;
import org.hibernate.type.EntityType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Takes detached instances of an entity apart into flat states, and makes instances from
 * flat states that look as if they had just been read and detached.
 *
 * <p>
 * Thread-safe.
 */
final class FlatEntity {

	private final SessionFactoryImplementor factory;

	private final List<Variant> variants;

	private FlatEntity(SessionFactoryImplementor factory, List<Variant> variants) {
		this.factory = factory;
		this.variants = variants;
	}

	/**
	 * Returns the entity, or {@code null} if more belongs to a detached instance than the
	 * row holds: something that is read eagerly, that listens to the read, or that only
	 * the connection has.
	 */
	static @Nullable FlatEntity of(Class<?> javaType, SessionFactoryImplementor factory, StratifiedModel model) {
		EntityPersister top = factory.getMappingMetamodel().getEntityDescriptor(javaType);
		List<Variant> variants = new ArrayList<>();
		for (String name : top.getSubclassEntityNames().stream().sorted().toList()) {
			EntityPersister persister = factory.getMappingMetamodel().getEntityDescriptor(name);
			Variant variant = persister.isAbstract() ? null : new Reader(factory, model).variant(persister);
			if (variant != null) {
				variants.add(variant);
			}
			else if (!persister.isAbstract()) {
				return null;
			}
		}
		return variants.isEmpty() ? null : new FlatEntity(factory, List.copyOf(variants));
	}

	/** Names the places of a state for each class of the hierarchy. */
	List<List<FlatPlace>> layout() {
		return this.variants.stream().map(Variant::places).toList();
	}

	/** Returns the application's id of an instance. */
	Object id(Object entity) {
		return ((StrateKey) this.variants.get(variant(entity)).persister().getIdentifier(entity)).id();
	}

	FlatState flatten(Object entity) {
		int number = variant(entity);
		Variant variant = this.variants.get(number);
		List<@Nullable Object> values = new ArrayList<>();
		@Nullable Object[] attributes = variant.persister().getValues(entity);
		for (int index = 0; index < attributes.length; index++) {
			variant.parts().get(index).flatten(attributes[index], values::add);
		}
		return new FlatState(number, values.toArray());
	}

	private int variant(Object entity) {
		for (int index = 0; index < this.variants.size(); index++) {
			if (this.variants.get(index).persister().getMappedClass() == entity.getClass()) {
				return index;
			}
		}
		throw new IllegalArgumentException(entity.getClass().getName() + " is none of the classes that are mapped");
	}

	/**
	 * Makes instances that are read together.
	 * @param states the states by the application's id
	 * @param buildStrate the build that they are of
	 * @return the instances by the application's id
	 */
	Map<Object, Object> rebuild(Map<Object, FlatState> states, UUID buildStrate) {
		try (StatelessSession session = this.factory.openStatelessSession()) {
			return rebuild(states, buildStrate, (SharedSessionContractImplementor) session);
		}
	}

	private Map<Object, Object> rebuild(Map<Object, FlatState> states, UUID buildStrate,
			SharedSessionContractImplementor session) {
		Map<Object, FlatPart.Owner> owners = new LinkedHashMap<>();
		Map<Object, Object> together = new LinkedHashMap<>();
		states.forEach((id, state) -> {
			Object key = StrateKey.of(id, buildStrate);
			Object entity = this.variants.get(state.variant()).persister().instantiate(key, session);
			together.put(id, entity);
			owners.put(id, new FlatPart.Owner(entity, key, buildStrate, together, session));
		});
		owners.forEach((id, owner) -> fill(owner, states.get(id)));
		return together;
	}

	private void fill(FlatPart.Owner owner, @Nullable FlatState state) {
		if (state == null) {
			return;
		}
		Variant variant = this.variants.get(state.variant());
		FlatPart.Cursor cursor = new FlatPart.Cursor(state.values());
		@Nullable Object[] attributes = new @Nullable Object[variant.parts().size()];
		for (int index = 0; index < attributes.length; index++) {
			attributes[index] = variant.parts().get(index).rebuild(cursor, owner);
		}
		variant.persister().setValues(owner.entity(), attributes);
	}

	/** A class of the hierarchy. */
	private record Variant(EntityPersister persister, List<FlatPart> parts, List<FlatPlace> places) {
	}

	/** Reads the mapping of one class. */
	private static final class Reader {

		private final SessionFactoryImplementor factory;

		private final StratifiedModel model;

		Reader(SessionFactoryImplementor factory, StratifiedModel model) {
			this.factory = factory;
			this.model = model;
		}

		@Nullable Variant variant(EntityPersister persister) {
			if (persister.getBytecodeEnhancementMetadata().isEnhancedForLazyLoading()
					|| LoadHooks.listen(this.factory, persister)) {
				return null;
			}
			String[] names = persister.getPropertyNames();
			Type[] types = persister.getPropertyTypes();
			List<FlatPart> parts = new ArrayList<>();
			List<FlatPlace> places = new ArrayList<>();
			for (int index = 0; index < names.length; index++) {
				AttributeMapping attribute = persister.findAttributeMapping(names[index]);
				FlatPart part = (attribute != null) ? part(types[index], attribute) : null;
				if (part == null) {
					return null;
				}
				parts.add(part);
				part.describe(names[index], places::add);
			}
			return new Variant(persister, List.copyOf(parts), List.copyOf(places));
		}

		private @Nullable FlatPart part(Type type, AttributeMapping attribute) {
			if (type instanceof BasicType<?> basic) {
				return BasicPart.of(basic, this.factory);
			}
			if (type instanceof CompositeType composite) {
				return embedded(composite, attribute.asEmbeddedAttributeMapping().getEmbeddableTypeDescriptor());
			}
			if (attribute.getMappedFetchOptions().getTiming() == FetchTiming.IMMEDIATE) {
				return null;
			}
			if (type instanceof EntityType association) {
				return ToOnePart.of(association, association.getAssociatedEntityPersister(this.factory), this.model);
			}
			return (type instanceof CollectionType collection) ? ManyPart.of(collection,
					this.factory.getMappingMetamodel().getCollectionDescriptor(collection.getRole())) : null;
		}

		private @Nullable FlatPart embedded(CompositeType type, EmbeddableMappingType embeddable) {
			if (embeddable.isPolymorphic()
					|| embeddable.getEmbeddedValueMapping().getParentInjectionAttributePropertyAccess() != null) {
				return null;
			}
			Type[] types = type.getSubtypes();
			List<FlatPart> parts = new ArrayList<>();
			List<String> names = new ArrayList<>();
			for (int index = 0; index < types.length; index++) {
				AttributeMapping attribute = embeddable.getAttributeMapping(index);
				FlatPart part = part(types[index], attribute);
				if (part == null) {
					return null;
				}
				parts.add(part);
				names.add(attribute.getAttributeName());
			}
			return new EmbeddedPart(embeddable, List.copyOf(parts), List.copyOf(names));
		}

	}

}
