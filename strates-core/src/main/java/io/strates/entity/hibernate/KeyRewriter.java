package io.strates.entity.hibernate;

import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.util.List;
import java.util.Locale;

import io.strates.entity.StratifiedAssociation;
import io.strates.entity.StratifiedType;
import jakarta.persistence.Entity;
import jakarta.persistence.IdClass;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Table;
import org.hibernate.annotations.JoinColumnOrFormula;
import org.hibernate.boot.MetadataBuilder;
import org.hibernate.boot.model.relational.ColumnOrderingStrategyStandard;
import org.hibernate.boot.models.HibernateAnnotations;
import org.hibernate.boot.models.JpaAnnotations;
import org.hibernate.boot.models.annotations.internal.IdClassJpaAnnotation;
import org.hibernate.boot.models.annotations.internal.IndexJpaAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinColumnJpaAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinColumnOrFormulaAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinColumnsOrFormulasAnnotation;
import org.hibernate.boot.models.annotations.internal.JoinFormulaAnnotation;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.spi.MetadataBuilderImplementor;
import org.hibernate.boot.spi.MetadataBuilderInitializer;
import org.hibernate.mapping.Constraint;
import org.hibernate.mapping.PrimaryKey;
import org.hibernate.models.spi.AnnotationDescriptor;
import org.hibernate.models.spi.ClassDetails;
import org.hibernate.models.spi.MemberDetails;
import org.hibernate.models.spi.ModelsContext;
import org.hibernate.models.spi.MutableClassDetails;
import org.hibernate.models.spi.MutableMemberDetails;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the annotation model before Hibernate binds it: each hierarchy gets its
 * composite key class, each association inside a scope joins on (column, build).
 *
 * @since 0.1.0
 */
public final class KeyRewriter implements MetadataBuilderInitializer {

	static final String BUILD_COLUMN = "build_strate";

	/** Called by Hibernate's service loader. */
	public KeyRewriter() {
	}

	@Override
	public void contribute(MetadataBuilder builder, StandardServiceRegistry registry) {
		HibernateMapping mapping = HibernateMapping.find(registry);
		if (mapping == null) {
			return;
		}
		ModelsContext context = ((MetadataBuilderImplementor) builder).getBootstrapContext().getModelsContext();
		for (StratifiedType type : mapping.model().types()) {
			addIdClass(type, context);
			leadIndexes(type, context);
		}
		for (StratifiedAssociation association : mapping.model().associations()) {
			rewriteJoin(association, context);
		}
		builder.applyColumnOrderingStrategy(new KeepKeyOrder(mapping));
	}

	private static void addIdClass(StratifiedType type, ModelsContext context) {
		MutableClassDetails details = (MutableClassDetails) context.getClassDetailsRegistry()
			.resolveClassDetails(type.javaType().getName());
		if (isHierarchyRoot(details)) {
			IdClassJpaAnnotation idClass = usage(JpaAnnotations.ID_CLASS, IdClassJpaAnnotation.class, context);
			idClass.value(type.keyType());
			details.addAnnotationUsage((IdClass) idClass);
		}
	}

	/** Every query fixes the build, so an index that does not begin with it is idle. */
	private static void leadIndexes(StratifiedType type, ModelsContext context) {
		ClassDetails details = context.getClassDetailsRegistry().resolveClassDetails(type.javaType().getName());
		Table table = details.getDirectAnnotationUsage(Table.class);
		if (table == null) {
			return;
		}
		for (Index index : table.indexes()) {
			if (!index.columnList().toLowerCase(Locale.ROOT).matches(".*\\b" + BUILD_COLUMN + "\\b.*")) {
				((IndexJpaAnnotation) index).columnList(BUILD_COLUMN + ", " + index.columnList());
			}
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

	private static void rewriteJoin(StratifiedAssociation association, ModelsContext context) {
		MutableMemberDetails member = findMember(association.member(), context);
		JoinColumnJpaAnnotation column = usage(JpaAnnotations.JOIN_COLUMN, JoinColumnJpaAnnotation.class, context);
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
			member.removeAnnotationUsage(JpaAnnotations.JOIN_COLUMN);
		}
		JoinFormulaAnnotation build = usage(HibernateAnnotations.JOIN_FORMULA, JoinFormulaAnnotation.class, context);
		build.value(BUILD_COLUMN);
		build.referencedColumnName(BUILD_COLUMN);
		JoinColumnOrFormulaAnnotation first = usage(HibernateAnnotations.JOIN_COLUMN_OR_FORMULA,
				JoinColumnOrFormulaAnnotation.class, context);
		first.column(column);
		JoinColumnOrFormulaAnnotation second = usage(HibernateAnnotations.JOIN_COLUMN_OR_FORMULA,
				JoinColumnOrFormulaAnnotation.class, context);
		second.formula(build);
		JoinColumnsOrFormulasAnnotation both = usage(HibernateAnnotations.JOIN_COLUMNS_OR_FORMULAS,
				JoinColumnsOrFormulasAnnotation.class, context);
		both.value(new JoinColumnOrFormula[] { first, second });
		member.addAnnotationUsage(both);
	}

	/** The annotation classes of Hibernate's model are what their descriptors create. */
	private static <A> A usage(AnnotationDescriptor<?> descriptor, Class<A> type, ModelsContext context) {
		return type.cast(descriptor.createUsage(context));
	}

	private static MutableMemberDetails findMember(Member member, ModelsContext context) {
		ClassDetails declaring = context.getClassDetailsRegistry()
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

	/**
	 * Sorts columns as Hibernate does, but leaves alone the keys that the integrator has
	 * put into the order (build, id): Hibernate would sort them by the size of their
	 * types.
	 */
	private static final class KeepKeyOrder extends ColumnOrderingStrategyStandard {

		private final HibernateMapping mapping;

		KeepKeyOrder(HibernateMapping mapping) {
			this.mapping = mapping;
		}

		@Override
		@SuppressWarnings("NullAway") // null means "leave the order as it is"
		public @Nullable List<org.hibernate.mapping.Column> orderConstraintColumns(Constraint constraint,
				org.hibernate.boot.Metadata metadata) {
			if (constraint instanceof PrimaryKey && this.mapping.reordered().contains(constraint.getTable())) {
				return null;
			}
			return super.orderConstraintColumns(constraint, metadata);
		}

	}

}
