package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;

/** Refers to stations, which refer to rangers. */
@Entity
@Stratified(scope = "forest")
public class Ranger extends StratifiedEntity {

	@Id
	private Integer id;

	@ManyToOne(fetch = FetchType.LAZY)
	private Station station;

	protected Ranger() {
	}

	public Ranger(int id, Station station) {
		this.id = id;
		this.station = station;
	}

	@Override
	public Integer getId() {
		return this.id;
	}

	public Station getStation() {
		return this.station;
	}

}
