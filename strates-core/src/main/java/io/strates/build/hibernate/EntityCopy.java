package io.strates.build.hibernate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;

import org.hibernate.Hibernate;
import org.hibernate.LazyInitializationException;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.CollectionType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Copies entities that Hibernate inserts, so that the caller's instances stay its own.
 */
final class EntityCopy {

	private final SessionFactoryImplementor factory;

	EntityCopy(SessionFactoryImplementor factory) {
		this.factory = factory;
	}

	/** A detached copy that carries the build. */
	Object of(EntityAccess access, Object entity, UUID buildStrate) {
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
		BuildField.set(copy, buildStrate);
		return copy;
	}

	/** Elements with rows of their own are copied, children that own the join are not. */
	private @Nullable Object copy(EntityAccess access, Object entity, int attribute, CollectionType type,
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

}
