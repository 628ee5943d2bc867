package io.strates.readme.shop;

import io.strates.store.Tiered;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

// @start region=watch
@Entity
@Tiered(localTimeToLive = "10m", remoteTimeToLive = "1h")
public class Watch {

	@Id
	private Long product;

	private String note;

	protected Watch() {
	}

	public Watch(Long product, String note) {
		this.product = product;
		this.note = note;
	}

	public String getNote() {
		return this.note;
	}

}
// @end
