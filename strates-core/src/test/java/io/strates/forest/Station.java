package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** Refers to a ranger, who refers to a station. */
@Entity
@Stratified(scope = "forest")
public class Station extends StratifiedEntity {

	@Id
	private Integer id;

	@ManyToOne(fetch = FetchType.LAZY)
	private Ranger chief;

	protected Station() {
	}

	public Station(int id, Ranger chief) {
		this.id = id;
		this.chief = chief;
	}

	@Override
	public Integer getId() {
		return this.id;
	}

	public Ranger getChief() {
		return this.chief;
	}

}
