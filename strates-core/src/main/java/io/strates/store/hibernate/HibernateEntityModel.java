package io.strates.store.hibernate;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.strates.store.EntityModel;
import io.strates.store.EntityState;
import io.strates.store.StateAttribute;
import org.hibernate.Hibernate;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Takes entities apart and makes them, as Hibernate maps them.
 */
final class HibernateEntityModel<T, ID> implements EntityModel<T, ID> {

	private final Class<T> type;

	private final Class<ID> idType;

	private final EntityPersister persister;

	private final List<StateAttribute> attributes;

	private final List<Node> nodes;

	private final Function<String, ID> ids;

	HibernateEntityModel(Class<T> type, Class<ID> idType, EntityPersister persister, List<StateAttribute> attributes,
			List<Node> nodes) {
		this.type = type;
		this.idType = idType;
		this.persister = persister;
		this.attributes = List.copyOf(attributes);
		this.nodes = List.copyOf(nodes);
		this.ids = ids(idType);
	}

	@SuppressWarnings("unchecked")
	private static <ID> Function<String, ID> ids(Class<ID> type) {
		Function<String, ?> ids = null;
		if (type == Long.class) {
			ids = Long::valueOf;
		}
		else if (type == Integer.class) {
			ids = Integer::valueOf;
		}
		else if (type == Short.class) {
			ids = Short::valueOf;
		}
		else if (type == UUID.class) {
			ids = UUID::fromString;
		}
		else {
			ids = Function.identity();
		}
		return (Function<String, ID>) ids;
	}

	@Override
	public Class<T> type() {
		return this.type;
	}

	@Override
	public Class<ID> idType() {
		return this.idType;
	}

	@Override
	public List<StateAttribute> attributes() {
		return this.attributes;
	}

	@Override
	public EntityState state(T entity) {
		Object target = Hibernate.unproxy(entity);
		if (!this.type.isInstance(target)) {
			throw new IllegalArgumentException(
					"A " + target.getClass().getName() + " is no " + this.type.getName() + "; pass one");
		}
		if (this.persister.hasUninitializedLazyProperties(target)) {
			throw new IllegalArgumentException("A " + this.type.getSimpleName()
					+ " has attributes that are not loaded; read them before it is written");
		}
		@Nullable Object[] row = new @Nullable Object[this.attributes.size()];
		this.nodes.forEach((node) -> node.takeFrom(target, row));
		return EntityState.of(row);
	}

	@Override
	public T entity(EntityState state) {
		Object entity = this.persister.getRepresentationStrategy().getInstantiator().instantiate();
		this.nodes.forEach((node) -> node.setIn(entity, state));
		return this.type.cast(entity);
	}

	@Override
	public String idText(ID id) {
		return id.toString();
	}

	@Override
	public ID id(String text) {
		return this.ids.apply(text);
	}

}
