package io.strates.sample.watch;

import java.time.Instant;

import io.strates.store.Tiered;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.CreationTimestamp;
import org.hibernate.annotations.UpdateTimestamp;

/** A note on a package. Its id is the suite and the name. */
@Entity
@Tiered(maximum = 1_000, localTimeToLive = "10m", remoteTimeToLive = "1h", absentTimeToLive = "1m", tags = "suite")
class Watch {

	@Id
	@Column(length = 300)
	private String id;

	@Column(length = 64, nullable = false)
	private String suite;

	@Column(length = 200, nullable = false)
	private String name;

	@Column(length = WatchRequest.MAX_NOTE, nullable = false)
	private String note;

	@CreationTimestamp
	@Column(nullable = false, updatable = false)
	private Instant createdAt;

	@UpdateTimestamp
	@Column(nullable = false)
	private Instant changedAt;

	// For Hibernate.
	@SuppressWarnings("NullAway")
	protected Watch() {
	}

	// Hibernate sets the times.
	@SuppressWarnings("NullAway")
	Watch(String suite, String name, String note) {
		this.id = id(suite, name);
		this.suite = suite;
		this.name = name;
		this.note = note;
	}

	static String id(String suite, String name) {
		return suite + "/" + name;
	}

	String getSuite() {
		return this.suite;
	}

	String getName() {
		return this.name;
	}

	String getNote() {
		return this.note;
	}

	Instant getChangedAt() {
		return this.changedAt;
	}

}
