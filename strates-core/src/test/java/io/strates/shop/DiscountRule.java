package io.strates.shop;

import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.ManyToOne;

@Entity
@Access(AccessType.FIELD)
public class DiscountRule extends PriceRule {

	private Integer percent;

	@ManyToOne(fetch = FetchType.LAZY)
	private PriceRule base;

	protected DiscountRule() {
	}

	public DiscountRule(int id, String description, Long productId, Integer percent, PriceRule base) {
		super(id, description, productId);
		this.percent = percent;
		this.base = base;
	}

	public Integer getPercent() {
		return this.percent;
	}

	public PriceRule getBase() {
		return this.base;
	}

}
