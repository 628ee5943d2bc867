package io.strates.entity;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;

/**
 * An owning to-one association between two entities of one scope: the part of the mapping
 * that becomes a join on (column, build).
 *
 * @param member the annotated field or getter, which may stand in a mapped superclass or
 * an embeddable
 * @param attribute the name of the attribute
 * @param target the entity that it points at
 * @since 0.1.0
 */
public record StratifiedAssociation(Member member, String attribute, Class<?> target) {

	/**
	 * Returns the annotated field or getter.
	 * @return the member, for its annotations
	 */
	public AnnotatedElement annotated() {
		return (AnnotatedElement) this.member;
	}

}
