package io.strates.boot.parcels;

import io.strates.store.Tiered;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

@Entity
@Tiered(tags = "town")
public class Parcel {

	@Id
	private Long id;

	private String town;

	protected Parcel() {
	}

	public Parcel(Long id, String town) {
		this.id = id;
		this.town = town;
	}

	public String getTown() {
		return this.town;
	}

}
