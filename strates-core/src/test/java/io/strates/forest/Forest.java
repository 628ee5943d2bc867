package io.strates.forest;

import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.PrePersist;

/** The root: its id is generated, and a callback fills in its name. */
@Entity
@Stratified(scope = "forest", root = true)
public class Forest extends StratifiedEntity {

	@Id
	@GeneratedValue(strategy = GenerationType.SEQUENCE)
	private Long id;

	private String name;

	public Forest() {
	}

	public Forest(String name) {
		this.name = name;
	}

	@PrePersist
	void fillIn() {
		if (this.name == null) {
			this.name = "unnamed";
		}
	}

	@Override
	public Long getId() {
		return this.id;
	}

	public String getName() {
		return this.name;
	}

}
