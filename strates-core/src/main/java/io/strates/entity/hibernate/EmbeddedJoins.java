package io.strates.entity.hibernate;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

import io.strates.entity.StratifiedModel;
import org.hibernate.SessionFactory;
import org.hibernate.SessionFactoryObserver;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.internal.EmbeddableMappingTypeImpl;
import org.hibernate.metamodel.mapping.internal.EmbeddedAttributeMapping;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Completes the columns of embeddables that point at stratified entities, once all
 * entities are mapped.
 */
/*
 * Hibernate 7.4 lists the columns of an embeddable before it knows those of a foreign key
 * to a composite key: they would be missing from the inserts and updates of every entity
 * that has the embeddable. Listing them again, innermost first, and building the
 * statements of such entities again is all that is left to do. An entity and its
 * subclasses may share an embeddable, so that it is listed more than once.
 */
final class EmbeddedJoins implements SessionFactoryObserver {

	private static final long serialVersionUID = 1L;

	private static final MethodHandle LIST_COLUMNS = listColumns();

	private final transient StratifiedModel model;

	EmbeddedJoins(StratifiedModel model) {
		this.model = model;
	}

	private static MethodHandle listColumns() {
		try {
			return MethodHandles.privateLookupIn(EmbeddableMappingTypeImpl.class, MethodHandles.lookup())
				.findVirtual(EmbeddableMappingTypeImpl.class, "initColumnMappings",
						MethodType.methodType(boolean.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	@Override
	public void sessionFactoryCreated(SessionFactory factory) {
		factory.unwrap(SessionFactoryImplementor.class).getMappingMetamodel().forEachEntityDescriptor(this::complete);
	}

	private void complete(EntityPersister persister) {
		boolean[] completed = new boolean[1];
		if (this.model.find(persister.getMappedClass()) != null) {
			persister.forEachAttributeMapping((attribute) -> completed[0] |= complete(attribute));
		}
		if (completed[0]) {
			persister.postInstantiate();
		}
	}

	/** Returns whether an attribute holds joins that Hibernate lists too early. */
	private boolean complete(AttributeMapping attribute) {
		if (!(attribute instanceof EmbeddedAttributeMapping embedded)
				|| !(embedded.getEmbeddableTypeDescriptor() instanceof EmbeddableMappingTypeImpl embeddable)) {
			return false;
		}
		boolean[] joined = new boolean[1];
		embeddable.forEachAttributeMapping((inner) -> joined[0] |= complete(inner) || isStratified(inner));
		if (joined[0]) {
			listColumns(embeddable);
		}
		return joined[0];
	}

	private boolean isStratified(AttributeMapping attribute) {
		return attribute instanceof ToOneAttributeMapping toOne && this.model
			.find(toOne.getAssociatedEntityMappingType().getMappedJavaType().getJavaTypeClass()) != null;
	}

	private static void listColumns(EmbeddableMappingTypeImpl embeddable) {
		try {
			boolean listed = (boolean) LIST_COLUMNS.invokeExact(embeddable);
			if (!listed) {
				throw new IllegalStateException("Hibernate has no columns for " + embeddable.getNavigableRole());
			}
		}
		catch (RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

}
