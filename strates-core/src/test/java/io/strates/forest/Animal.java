package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.ManyToOne;

import java.util.Set;
import java.util.TreeSet;

/** The top of a joined hierarchy with generated ids, which Hibernate itself inserts. */
@Entity
@Inheritance(strategy = InheritanceType.JOINED)
@Stratified(scope = "forest")
public abstract class Animal extends StratifiedEntity {

	@Id
	@GeneratedValue(strategy = GenerationType.SEQUENCE)
	private Long id;

	@ManyToOne(fetch = FetchType.LAZY)
	private Tree home;

	@ManyToOne(fetch = FetchType.LAZY)
	private Animal prey;

	@ElementCollection
	private Set<String> sounds = new TreeSet<>();

	protected Animal() {
	}

	protected Animal(Tree home, Animal prey) {
		this.home = home;
		this.prey = prey;
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public Tree getHome() {
		return this.home;
	}

	public Animal getPrey() {
		return this.prey;
	}

	public Set<String> getSounds() {
		return this.sounds;
	}

}
