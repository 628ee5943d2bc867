package io.strates.sample.catalog;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import io.strates.entity.Stratified;
import io.strates.sample.debian.PackageEntry;
import io.strates.sample.suite.Suites;

/**
 * Who maintains packages. Its id is derived from the contact, which would be long to
 * repeat in each package.
 */
@Entity
@Table(name = "maintainer")
@Stratified(scope = Suites.SCOPE)
public class Maintainer extends SuitePart {

	@Id
	private UUID id;

	@Column(nullable = false, length = PackageEntry.MAX_MAINTAINER)
	private String contact;

	/** For JPA. */
	@SuppressWarnings("NullAway")
	protected Maintainer() {
	}

	Maintainer(Suite suite, String contact) {
		super(suite);
		this.id = idOf(contact);
		this.contact = contact;
	}

	static UUID idOf(String contact) {
		return UUID.nameUUIDFromBytes(contact.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Returns the id that belongs to the contact.
	 */
	@Override
	public UUID getId() {
		return this.id;
	}

	/**
	 * Returns the name and the address, as an index writes them.
	 */
	public String getContact() {
		return this.contact;
	}

}
