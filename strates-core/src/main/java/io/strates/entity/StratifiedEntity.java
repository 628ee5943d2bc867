package io.strates.entity;

import java.util.UUID;

import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/**
 * The superclass of entities whose rows belong to builds: it adds {@code buildStrate} to
 * the key.
 *
 * <p>
 * The build is assigned by the writer of a build, never by the application, and cannot be
 * changed afterwards. An instance that was read belongs to the build that it was read
 * from, also after its unit of work has ended.
 *
 * @since 0.1.0
 */
@MappedSuperclass
@Access(AccessType.FIELD)
public abstract class StratifiedEntity implements Persistable<Object> {

	@Id
	@Column(name = "build_strate", nullable = false, updatable = false)
	private @Nullable UUID buildStrate;

	/**
	 * Creates an entity that belongs to no build yet.
	 */
	protected StratifiedEntity() {
	}

	/**
	 * Returns the build that this row belongs to.
	 * @return the id of the build, or {@code null} before the row is written
	 */
	public @Nullable UUID getBuildStrate() {
		return this.buildStrate;
	}

	/**
	 * Returns whether this entity belongs to no build yet.
	 * @return whether saving it inserts a row
	 */
	@Override
	public boolean isNew() {
		return this.buildStrate == null;
	}

}
