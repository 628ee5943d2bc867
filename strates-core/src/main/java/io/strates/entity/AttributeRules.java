package io.strates.entity;

import java.lang.annotation.Annotation;
import java.lang.reflect.Member;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import jakarta.persistence.AssociationOverride;
import jakarta.persistence.AssociationOverrides;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinColumns;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MapKey;
import jakarta.persistence.MapsId;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OneToOne;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.PrimaryKeyJoinColumn;

/**
 * What an attribute must look like so that it can be kept inside a build.
 */
final class AttributeRules {

	private static final String HIBERNATE = "org.hibernate.annotations.";

	private final Collection<MappingFault> faults;

	private final Map<Member, StratifiedAssociation> associations;

	AttributeRules(Collection<MappingFault> faults, Map<Member, StratifiedAssociation> associations) {
		this.faults = faults;
		this.associations = associations;
	}

	/** Checks an attribute of an entity that is not stratified. */
	void checkUnstratified(EntityAttribute attribute) {
		Class<?> target = attribute.targetType();
		if (attribute.isAssociation() && isStratified(target)) {
			fault(attribute, "points from an entity that is not stratified at a row that exists once in each build",
					"keep the plain id of " + target.getSimpleName() + " in a basic attribute");
		}
		checkElements(attribute);
	}

	/** Checks an attribute of a stratified entity. */
	void check(String scope, EntityAttribute attribute) {
		if (attribute.name().equals("buildStrate")) {
			fault(attribute, "hides the inherited attribute", "remove it");
		}
		if (attribute.declaredColumn().replaceAll("[\"`]", "").equalsIgnoreCase("build_strate")) {
			fault(attribute, "is mapped to the column of the build", "give it a column of another name");
		}
		CollectionTable table = attribute.annotation(CollectionTable.class);
		if (table != null && table.joinColumns().length > 0) {
			fault(attribute, "names the join columns of its table, which are the id and the build of the owner",
					"leave joinColumns out of @CollectionTable");
		}
		if (attribute.hasNamed(HIBERNATE + "NaturalId")) {
			fault(attribute, "is a @NaturalId, which would be looked up in all builds at once",
					"make it unique with @Column(unique = true) and find it by a query");
		}
		if (attribute.has(AssociationOverride.class) || attribute.has(AssociationOverrides.class)) {
			fault(attribute, "uses @AssociationOverride, which would take the build out of the join",
					"declare the association in the entity itself");
		}
		if (attribute.hasNamed(HIBERNATE + "Any") || attribute.hasNamed(HIBERNATE + "ManyToAny")) {
			fault(attribute, "points at entities of any type, which cannot be joined with the build",
					"write one @ManyToOne for each type, or keep the plain id in a basic attribute");
		}
		else if (attribute.has(ManyToMany.class)) {
			fault(attribute, "is a @ManyToMany, whose join table would not carry the build",
					"write a join entity with two @ManyToOne");
		}
		else if (attribute.isAssociation()) {
			checkAssociation(scope, attribute);
		}
		else {
			checkElements(attribute);
		}
	}

	private void checkAssociation(String scope, EntityAttribute attribute) {
		OneToMany oneToMany = attribute.annotation(OneToMany.class);
		if (oneToMany != null && oneToMany.mappedBy().isEmpty()) {
			fault(attribute, "is a unidirectional @OneToMany, which would not be kept inside a build",
					"write the @ManyToOne on the other side and name it with mappedBy");
			return;
		}
		boolean keyed = Map.class.isAssignableFrom(attribute.type()) && !attribute.has(MapKey.class);
		if (oneToMany != null && (attribute.has(OrderColumn.class) || keyed)) {
			fault(attribute,
					"keeps its order or key in a column that only updates could fill; rows of a build are never updated",
					"give the rows an attribute of their own for it and use @OrderBy, or @MapKey");
		}
		Class<?> target = attribute.targetType();
		if (!isStratified(target)) {
			return;
		}
		String targetScope = Objects.requireNonNull(target.getAnnotation(Stratified.class)).scope();
		if (!scope.equals(targetScope)) {
			fault(attribute,
					"crosses from scope '" + scope + "' to scope '" + targetScope
							+ "', whose builds are released on their own",
					"keep the plain id of " + target.getSimpleName() + " in a basic attribute");
			return;
		}
		OneToOne oneToOne = attribute.annotation(OneToOne.class);
		boolean owning = attribute.has(ManyToOne.class) || (oneToOne != null && oneToOne.mappedBy().isEmpty());
		if (owning && checkJoin(attribute, target)) {
			addAssociation(attribute, target);
		}
	}

	/**
	 * One annotation serves all entities that inherit it: it can name one column only.
	 */
	private void addAssociation(EntityAttribute attribute, Class<?> target) {
		StratifiedAssociation added = new StratifiedAssociation(attribute.member(), attribute.name(), target);
		StratifiedAssociation known = this.associations.putIfAbsent(attribute.member(), added);
		if (known != null && !known.targetIdColumn().equals(added.targetIdColumn())) {
			fault(attribute,
					"is inherited by entities that point at " + known.target().getSimpleName() + " and "
							+ target.getSimpleName() + ", whose ids are in columns of different names",
					"declare the association in each entity, or give the columns one name");
		}
	}

	private boolean checkJoin(EntityAttribute attribute, Class<?> target) {
		for (Class<? extends Annotation> refused : List.of(JoinTable.class, MapsId.class, PrimaryKeyJoinColumn.class,
				JoinColumns.class)) {
			if (attribute.has(refused)) {
				fault(attribute, "uses @" + refused.getSimpleName() + ", which cannot be joined with the build",
						"use one @JoinColumn, or none");
				return false;
			}
		}
		for (String refused : List.of("JoinFormula", "JoinColumnOrFormula", "JoinColumnsOrFormulas")) {
			if (attribute.hasNamed(HIBERNATE + refused)) {
				fault(attribute, "uses @" + refused + ", which cannot be joined with the build",
						"use one @JoinColumn, or none");
				return false;
			}
		}
		JoinColumn column = attribute.annotation(JoinColumn.class);
		String referenced = (column != null) ? column.referencedColumnName() : "";
		String id = new StratifiedAssociation(attribute.member(), attribute.name(), target).targetIdColumn();
		if (!referenced.isEmpty() && !referenced.equalsIgnoreCase(id)) {
			fault(attribute,
					"joins on the column '" + referenced + "', which is not the id of " + target.getSimpleName(),
					"leave referencedColumnName out and hold the id");
			return false;
		}
		return true;
	}

	private void checkElements(EntityAttribute attribute) {
		if (!attribute.has(ElementCollection.class)) {
			return;
		}
		if (isStratified(attribute.keyType())) {
			fault(attribute, "has a stratified entity as the key of a map", "make the elements an entity of their own");
		}
		Class<?> element = attribute.targetType();
		if (element.isAnnotationPresent(Embeddable.class)) {
			EntityAttribute.forEachOwn(element, (inner) -> {
				if (inner.isAssociation() && isStratified(inner.targetType())) {
					fault(attribute, "points at " + inner.targetType().getSimpleName() + " by " + inner.where()
							+ ", from an element collection", "make the elements an entity of their own");
				}
			});
		}
	}

	private static boolean isStratified(Class<?> type) {
		return StratifiedEntity.class.isAssignableFrom(type) && type.isAnnotationPresent(Stratified.class);
	}

	private void fault(EntityAttribute attribute, String problem, String remedy) {
		this.faults.add(new MappingFault(attribute.where(), problem, remedy));
	}

}
