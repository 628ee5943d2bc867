package io.strates.store;

import java.util.List;

/**
 * Thrown when a store cannot be made: its entity cannot be held by tiers, or a setting is
 * not possible. All faults are in the message, each with its remedy.
 *
 * @since 0.1.0
 */
public class StoreDefinitionException extends StoreException {

	private static final long serialVersionUID = 1L;

	private final List<String> faults;

	/**
	 * Creates an exception.
	 * @param what which store or entity it is about
	 * @param faults what is wrong, each with its remedy
	 */
	public StoreDefinitionException(String what, List<String> faults) {
		super(what + " cannot have a tiered store:\n- " + String.join("\n- ", faults), null);
		this.faults = List.copyOf(faults);
	}

	/**
	 * Returns what is wrong, each with its remedy.
	 * @return the faults
	 */
	public List<String> faults() {
		return this.faults;
	}

}
