package io.strates.boot.faulty;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** The root of a scope that others must not point into. */
@Entity
@Stratified(scope = "other", root = true)
public class OtherScope extends StratifiedEntity {

	@Id
	private Long id;

	@Override
	public Long getId() {
		return this.id;
	}

}
