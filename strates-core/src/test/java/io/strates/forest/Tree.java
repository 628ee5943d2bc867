package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;

import java.util.ArrayList;
import java.util.List;

/** Refers to its own kind, cascades to what it stands in and to what grows on it. */
@Entity
@Stratified(scope = "forest")
public class Tree extends StratifiedEntity {

	@Id
	private Long id;

	private String name;

	@ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.PERSIST)
	private Forest forest;

	@ManyToOne(fetch = FetchType.LAZY)
	private Tree seedOf;

	@OneToMany(mappedBy = "tree", cascade = CascadeType.ALL)
	private List<Leaf> leaves = new ArrayList<>();

	protected Tree() {
	}

	public Tree(long id, String name, Forest forest, Tree seedOf) {
		this.id = id;
		this.name = name;
		this.forest = forest;
		this.seedOf = seedOf;
	}

	/** Makes this instance stand for the next row. */
	public Tree next(long id, String name) {
		this.id = id;
		this.name = name;
		return this;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public String getName() {
		return this.name;
	}

	public Forest getForest() {
		return this.forest;
	}

	public Tree getSeedOf() {
		return this.seedOf;
	}

	public List<Leaf> getLeaves() {
		return this.leaves;
	}

}
