package io.strates.build.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.hibernate.engine.spi.CascadeStyle;
import org.hibernate.engine.spi.CascadingActions;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.ForeignKeyDescriptor;
import org.hibernate.metamodel.mapping.internal.EmbeddedAttributeMapping;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.CompositeType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * The associations of an entity that cascade to new entities, each as what reads its
 * value from the entity.
 *
 * @param parents those whose target is written before the entity
 * @param children those whose targets are written after it
 */
record CascadePlan(List<UnaryOperator<@Nullable Object>> parents, List<UnaryOperator<@Nullable Object>> children) {

	static CascadePlan of(EntityPersister persister) {
		CascadePlan plan = new CascadePlan(new ArrayList<>(), new ArrayList<>());
		CascadeStyle[] styles = persister.getPropertyCascadeStyles();
		for (int i = 0; i < styles.length; i++) {
			plan.add(persister.getAttributeMapping(i), persister.getPropertyTypes()[i], styles[i],
					UnaryOperator.identity());
		}
		return plan;
	}

	private void add(AttributeMapping attribute, Type type, CascadeStyle style, UnaryOperator<@Nullable Object> owner) {
		UnaryOperator<@Nullable Object> value = (entity) -> {
			Object container = owner.apply(entity);
			return (container != null) ? attribute.getPropertyAccess().getGetter().get(container) : null;
		};
		if (type instanceof CompositeType composite && attribute instanceof EmbeddedAttributeMapping embedded) {
			for (int i = 0; i < composite.getSubtypes().length; i++) {
				add(embedded.getEmbeddableTypeDescriptor().getAttributeMapping(i), composite.getSubtypes()[i],
						composite.getCascadeStyle(i), value);
			}
		}
		else if (style.doCascade(CascadingActions.PERSIST)) {
			boolean owning = attribute instanceof ToOneAttributeMapping toOne
					&& toOne.getSideNature() == ForeignKeyDescriptor.Nature.KEY;
			(owning ? this.parents : this.children).add(value);
		}
	}

	boolean isAny() {
		return !this.parents.isEmpty() || !this.children.isEmpty();
	}

}
