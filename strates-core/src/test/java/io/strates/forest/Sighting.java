package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.ConstraintMode;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.ForeignKey;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;

/** Refers to an animal without a foreign key: only the seal checks that. */
@Entity
@Stratified(scope = "forest")
public class Sighting extends StratifiedEntity {

	@Id
	private Long id;

	@ManyToOne(fetch = FetchType.LAZY)
	@JoinColumn(name = "tree_id", foreignKey = @ForeignKey(ConstraintMode.NO_CONSTRAINT))
	private Tree tree;

	protected Sighting() {
	}

	public Sighting(long id, Tree tree) {
		this.id = id;
		this.tree = tree;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public Tree getTree() {
		return this.tree;
	}

}
