package io.strates.boot.faulty;

import java.util.Set;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;

/** Declares nearly everything wrongly. */
@Entity
@Stratified(scope = "basket", root = true)
public class Basket extends StratifiedEntity {

	@Id
	private Long id;

	@ManyToMany
	private Set<Basket> items;

	@ManyToOne
	private OtherScope shop;

	@Override
	public Long getId() {
		return this.id;
	}

}
