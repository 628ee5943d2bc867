package io.strates.sample.view;

import io.strates.store.Tiered;
import io.strates.store.WriteMode;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** How often a package was looked at. Its id is the suite and the name. */
@Entity
@Tiered(writeMode = WriteMode.WRITE_BEHIND, absentTimeToLive = "1m")
class PackageViews {

	@Id
	@Column(length = 300)
	private String id;

	@Column(nullable = false)
	private long views;

	// For Hibernate.
	@SuppressWarnings("NullAway")
	protected PackageViews() {
	}

	PackageViews(String id, long views) {
		this.id = id;
		this.views = views;
	}

	long getViews() {
		return this.views;
	}

}
