package io.strates.build.hibernate;

import java.util.ArrayList;
import java.util.List;

import org.hibernate.engine.spi.CascadeStyle;
import org.hibernate.engine.spi.CascadingActions;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.ForeignKeyDescriptor;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;

/**
 * The associations of an entity that cascade to new entities.
 *
 * @param parents those whose target is written before the entity
 * @param children those whose targets are written after it
 */
record CascadePlan(List<AttributeMapping> parents, List<AttributeMapping> children) {

	static CascadePlan of(EntityPersister persister) {
		List<AttributeMapping> parents = new ArrayList<>();
		List<AttributeMapping> children = new ArrayList<>();
		CascadeStyle[] styles = persister.getPropertyCascadeStyles();
		for (int i = 0; i < styles.length; i++) {
			if (!styles[i].doCascade(CascadingActions.PERSIST)) {
				continue;
			}
			AttributeMapping attribute = persister.getAttributeMapping(i);
			boolean owning = attribute instanceof ToOneAttributeMapping toOne
					&& toOne.getSideNature() == ForeignKeyDescriptor.Nature.KEY;
			(owning ? parents : children).add(attribute);
		}
		return new CascadePlan(parents, children);
	}

	boolean isAny() {
		return !this.parents.isEmpty() || !this.children.isEmpty();
	}

}
