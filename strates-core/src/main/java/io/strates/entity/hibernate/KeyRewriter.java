package io.strates.entity.hibernate;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.util.List;

import io.strates.entity.StratifiedAssociation;
import io.strates.entity.StratifiedType;
import jakarta.persistence.Entity;
import jakarta.persistence.IdClass;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToOne;
import org.hibernate.annotations.JoinColumnOrFormula;
import org.hibernate.boot.models.HibernateAnnotations;
import org.hibernate.boot.models.JpaAnnotations;
import org.hibernate.boot.models.annotations.internal.IdClassJpaAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinColumnJpaAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinColumnOrFormulaAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinColumnsOrFormulasAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinFormulaAnnotation;
import org.hibernate.models.spi.AnnotationDescriptor;
import org.hibernate.models.spi.ClassDetails;
import org.hibernate.models.spi.MemberDetails;
import org.hibernate.models.spi.ModelsContext;
import org.hibernate.models.spi.MutableClassDetails;
import org.hibernate.models.spi.MutableMemberDetails;

/**
 * Rewrites the annotation model before Hibernate binds it: each hierarchy gets its
 * composite key class, each association inside a scope joins on (column, build).
 */
final class KeyRewriter {

	static final String BUILD_COLUMN = "build_strate";

	private final HibernateMapping mapping;

	private final ModelsContext context;

	KeyRewriter(HibernateMapping mapping, ModelsContext context) {
		this.mapping = mapping;
		this.context = context;
	}

	void run() {
		for (StratifiedType type : this.mapping.model().types()) {
			addIdClass(type);
		}
		for (StratifiedAssociation association : this.mapping.model().associations()) {
			rewriteJoin(association);
		}
	}

	private void addIdClass(StratifiedType type) {
		MutableClassDetails details = (MutableClassDetails) this.context.getClassDetailsRegistry()
			.resolveClassDetails(type.javaType().getName());
		if (isHierarchyRoot(details)) {
			IdClassJpaAnnotation idClass = usage(JpaAnnotations.ID_CLASS, IdClassJpaAnnotation.class);
			idClass.value(type.keyType());
			details.addAnnotationUsage((IdClass) idClass);
		}
	}

	private static boolean isHierarchyRoot(ClassDetails details) {
		for (ClassDetails type = details.getSuperClass(); type != null; type = type.getSuperClass()) {
			if (type.hasDirectAnnotationUsage(Entity.class)) {
				return false;
			}
		}
		return true;
	}

	private void rewriteJoin(StratifiedAssociation association) {
		MutableMemberDetails member = findMember(association.member());
		member.removeAnnotationUsage(JpaAnnotations.JOIN_COLUMN);
		JoinColumnOrFormulaAnnotation id = usage(HibernateAnnotations.JOIN_COLUMN_OR_FORMULA,
				JoinColumnOrFormulaAnnotation.class);
		id.column(joinColumn(association));
		JoinFormulaAnnotation formula = usage(HibernateAnnotations.JOIN_FORMULA, JoinFormulaAnnotation.class);
		formula.value(BUILD_COLUMN);
		formula.referencedColumnName(BUILD_COLUMN);
		JoinColumnOrFormulaAnnotation build = usage(HibernateAnnotations.JOIN_COLUMN_OR_FORMULA,
				JoinColumnOrFormulaAnnotation.class);
		build.formula(formula);
		JoinColumnsOrFormulasAnnotation both = usage(HibernateAnnotations.JOIN_COLUMNS_OR_FORMULAS,
				JoinColumnsOrFormulasAnnotation.class);
		both.value(new JoinColumnOrFormula[] { id, build });
		member.addAnnotationUsage(both);
	}

	/** The column as it was declared, pointing at the id of the target. */
	private JoinColumnJpaAnnotation joinColumn(StratifiedAssociation association) {
		JoinColumnJpaAnnotation column = usage(JpaAnnotations.JOIN_COLUMN, JoinColumnJpaAnnotation.class);
		String idColumn = association.targetIdColumn();
		column.name(association.attribute() + "_" + idColumn);
		column.referencedColumnName(idColumn);
		column.nullable(!isMandatory(association));
		JoinColumn declared = association.annotated().getAnnotation(JoinColumn.class);
		if (declared != null) {
			if (!declared.name().isEmpty()) {
				column.name(declared.name());
			}
			column.nullable(declared.nullable() && column.nullable());
			column.insertable(declared.insertable());
			column.updatable(declared.updatable());
			column.unique(declared.unique());
			column.columnDefinition(declared.columnDefinition());
			column.options(declared.options());
			column.comment(declared.comment());
		}
		return column;
	}

	/** The annotation classes of Hibernate's model are what their descriptors create. */
	private <A> A usage(AnnotationDescriptor<?> descriptor, Class<A> type) {
		return type.cast(descriptor.createUsage(this.context));
	}

	private MutableMemberDetails findMember(Member member) {
		ClassDetails declaring = this.context.getClassDetailsRegistry()
			.resolveClassDetails(member.getDeclaringClass().getName());
		List<? extends MemberDetails> candidates = (member instanceof Field) ? declaring.getFields()
				: declaring.getMethods();
		for (MemberDetails candidate : candidates) {
			if (candidate.getName().equals(member.getName())) {
				return (MutableMemberDetails) candidate;
			}
		}
		throw new IllegalStateException("Hibernate's model of " + declaring.getName() + " lacks " + member.getName());
	}

	private static boolean isMandatory(StratifiedAssociation association) {
		ManyToOne manyToOne = association.annotated().getAnnotation(ManyToOne.class);
		OneToOne oneToOne = association.annotated().getAnnotation(OneToOne.class);
		return (manyToOne != null && !manyToOne.optional()) || (oneToOne != null && !oneToOne.optional());
	}

}
