package io.strates.query.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import io.strates.entity.NotPinnedException;
import io.strates.entity.StrateKey;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.StratifiedModel;
import io.strates.entity.StratifiedType;
import io.strates.entity.hibernate.HibernateMapping;
import io.strates.internal.BoundBuilds;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.data.jpa.repository.support.JpaEntityInformation;
import org.springframework.data.jpa.repository.support.SimpleJpaRepository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The implementation of repositories of stratified entities: what takes an id takes the
 * application's own and reads that row of the pinned build.
 *
 * <p>
 * A base class of the application's own extends this one. Repositories of other entities
 * may share it: they behave as ever.
 *
 * @param <T> the entity
 * @param <ID> the type of the application's own id
 * @since 0.1.0
 */
@Transactional(readOnly = true)
public class StratifiedJpaRepository<T, ID> extends SimpleJpaRepository<T, ID> {

	private final EntityManager entityManager;

	private final Class<T> javaType;

	private final @Nullable StratifiedType type;

	private final BoundBuilds bound;

	private final StratifiedModel model;

	/**
	 * Creates a repository.
	 * @param information the entity
	 * @param entityManager the entity manager of the repository
	 * @throws IllegalArgumentException if the persistence unit was built without
	 * {@link HibernateMapping}
	 */
	public StratifiedJpaRepository(JpaEntityInformation<T, ?> information, EntityManager entityManager) {
		super(information, entityManager);
		HibernateMapping mapping = HibernateMapping.find(entityManager.getEntityManagerFactory().getProperties());
		if (mapping == null) {
			throw new IllegalArgumentException("The persistence unit of " + information.getJavaType().getName()
					+ " was built without the settings of HibernateMapping.properties(); add them");
		}
		this.entityManager = entityManager;
		this.javaType = information.getJavaType();
		this.type = mapping.model().find(information.getJavaType());
		this.bound = mapping.bound();
		this.model = mapping.model();
	}

	@Nullable StratifiedType stratifiedType() {
		return this.type;
	}

	EntityManagerFactory entityManagerFactory() {
		return this.entityManager.getEntityManagerFactory();
	}

	BoundBuilds bound() {
		return this.bound;
	}

	StratifiedModel model() {
		return this.model;
	}

	@Override
	public Optional<T> findById(ID id) {
		return super.findById(key(id));
	}

	@Override
	public boolean existsById(ID id) {
		return (this.type == null) ? super.existsById(id) : findById(id).isPresent();
	}

	@Override
	public T getReferenceById(ID id) {
		return super.getReferenceById(key(id));
	}

	@Override
	public List<T> findAllById(Iterable<ID> ids) {
		if (this.type == null) {
			return super.findAllById(ids);
		}
		List<Object> keys = new ArrayList<>();
		ids.forEach((id) -> keys.add(key(id)));
		if (keys.isEmpty()) {
			return List.of();
		}
		return this.entityManager.unwrap(Session.class)
			.findMultiple(this.javaType, keys)
			.stream()
			.filter(Objects::nonNull)
			.toList();
	}

	@Override
	@Transactional
	public void delete(T entity) {
		if (!(entity instanceof StratifiedEntity stratified)) {
			super.delete(entity);
			return;
		}
		if (stratified.isNew()) {
			return;
		}
		this.entityManager.remove(this.entityManager.contains(entity) ? entity : this.entityManager.merge(entity));
	}

	@Override
	@Transactional
	public void deleteAllByIdInBatch(Iterable<ID> ids) {
		if (this.type == null) {
			super.deleteAllByIdInBatch(ids);
			return;
		}
		deleteAllInBatch(findAllById(ids));
	}

	@Override
	@Transactional
	public void deleteAllInBatch(Iterable<T> entities) {
		if (this.type == null) {
			super.deleteAllInBatch(entities);
			return;
		}
		entities.forEach(this::delete);
	}

	@SuppressWarnings("unchecked")
	private ID key(ID id) {
		if (this.type == null || id instanceof StrateKey) {
			return id;
		}
		BoundBuilds.Bound build = this.bound.findToRead(this.type.scope());
		if (build == null) {
			throw new NotPinnedException(this.type.scope());
		}
		UUID buildStrate = build.buildStrate();
		return (ID) StrateKey.of(Objects.requireNonNull(id, "id"), buildStrate);
	}

}
