package io.strates.shop;

import io.strates.entity.Stratified;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Entity;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;

@Entity
@Access(AccessType.FIELD)
@Inheritance(strategy = InheritanceType.SINGLE_TABLE)
@Stratified(scope = "pricing", root = true)
public class PriceRule extends Described {

	private Long productId;

	protected PriceRule() {
	}

	public PriceRule(int id, String description, Long productId) {
		super(id, description);
		this.productId = productId;
	}

	public Long getProductId() {
		return this.productId;
	}

}
