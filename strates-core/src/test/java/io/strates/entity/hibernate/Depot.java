package io.strates.entity.hibernate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ConstraintMode;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.ForeignKey;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;

/**
 * A scope with the corners of mapping: declared indexes and names, a generic mapped
 * superclass, an overridden id column, a read-only association.
 */
final class Depot {

	static final Class<?>[] ENTITIES = { Site.class, Shelf.class, Box.class, Label.class };

	private Depot() {
	}

	@MappedSuperclass
	abstract static class Numbered<I, P> extends StratifiedEntity {

		@Id
		I id;

		@ManyToOne(fetch = FetchType.LAZY)
		@JoinColumn(foreignKey = @ForeignKey(name = "fk_of_parent"))
		P parent;

		@Override
		public I getId() {
			return this.id;
		}

		P getParent() {
			return this.parent;
		}

	}

	@Entity(name = "Site")
	@Table(name = "site")
	@Stratified(scope = "depot", root = true, scopeId = "id")
	static class Site extends StratifiedEntity {

		@Id
		String id;

		protected Site() {
		}

		Site(String id) {
			this.id = id;
		}

		@Override
		public String getId() {
			return this.id;
		}

	}

	@Entity(name = "Shelf")
	@AttributeOverride(name = "id", column = @Column(name = "shelf_no"))
	@Table(name = "shelf",
			indexes = { @Index(name = "ix_shelf_height", columnList = "height desc, width"),
					@Index(name = "ix_shelf_build", columnList = "width, build_strate"),
					@Index(name = "ix_shelf_rebuild", columnList = "rebuild_strategy"),
					@Index(name = "ux_shelf_code", columnList = "code", unique = true) })
	@Stratified(scope = "depot")
	static class Shelf extends Numbered<Long, Site> {

		int height;

		int width;

		String code;

		@Column(name = "rebuild_strategy")
		String rebuildStrategy;

		@ElementCollection
		@CollectionTable(name = "shelf_note", indexes = @Index(name = "ix_note_page", columnList = "page desc, text"),
				uniqueConstraints = @UniqueConstraint(name = "uk_note", columnNames = "text"))
		List<Note> notes = new ArrayList<>();

		protected Shelf() {
		}

		Shelf(long id, Site site, String code) {
			this.id = id;
			this.parent = site;
			this.code = code;
		}

	}

	@Embeddable
	record Note(String text, int page) {
	}

	@Entity(name = "Box")
	@Table(name = "box")
	@Stratified(scope = "depot")
	static class Box extends StratifiedEntity {

		@Id
		@GeneratedValue(strategy = GenerationType.UUID)
		String id;

		@ManyToOne(fetch = FetchType.LAZY)
		@JoinColumn(name = "shelf", foreignKey = @ForeignKey(ConstraintMode.NO_CONSTRAINT))
		Shelf shelf;

		@Column(name = "spare_shelf")
		Long spareShelfNo;

		@ManyToOne(fetch = FetchType.LAZY)
		@JoinColumn(name = "spare_shelf", insertable = false, updatable = false)
		Shelf spareShelf;

		@OneToOne(fetch = FetchType.LAZY)
		@JoinColumn(name = "label_id", foreignKey = @ForeignKey(name = "fk_label_of_box"))
		Label label;

		@ElementCollection
		Set<String> marks = new LinkedHashSet<>();

		protected Box() {
		}

		Box(Shelf shelf, Long spareShelfNo, Label label) {
			this.shelf = shelf;
			this.spareShelfNo = spareShelfNo;
			this.label = label;
		}

		@Override
		public String getId() {
			return this.id;
		}

		Shelf getShelf() {
			return this.shelf;
		}

		Shelf getSpareShelf() {
			return this.spareShelf;
		}

		Label getLabel() {
			return this.label;
		}

	}

	@Entity(name = "Label")
	@Table(name = "label")
	@Stratified(scope = "depot")
	static class Label extends StratifiedEntity {

		@Id
		Integer id;

		@OneToOne(mappedBy = "label", fetch = FetchType.LAZY)
		Box box;

		String text;

		protected Label() {
		}

		Label(int id, String text) {
			this.id = id;
			this.text = text;
		}

		@Override
		public Integer getId() {
			return this.id;
		}

		Box getBox() {
			return this.box;
		}

		String getText() {
			return this.text;
		}

	}

}
