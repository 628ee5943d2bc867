package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.PrePersist;

/** A callback gives it its id. */
@Entity
@Stratified(scope = "forest")
public class Leaf extends StratifiedEntity {

	@Id
	private String id;

	@ManyToOne(fetch = FetchType.LAZY, optional = false)
	private Tree tree;

	private int number;

	protected Leaf() {
	}

	public Leaf(Tree tree, int number) {
		this.tree = tree;
		this.number = number;
	}

	@PrePersist
	void name() {
		this.id = this.tree.getId() + "/" + this.number;
	}

	@Override
	public String getId() {
		return this.id;
	}

	public Tree getTree() {
		return this.tree;
	}

}
