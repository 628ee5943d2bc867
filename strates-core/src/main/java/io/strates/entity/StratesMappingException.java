package io.strates.entity;

import java.util.List;
import java.util.stream.Collectors;

import io.strates.StratesException;

/**
 * Thrown at start-up when stratified entities cannot be mapped safely. Lists every fault,
 * not just the first.
 *
 * @since 0.1.0
 */
public class StratesMappingException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient List<MappingFault> faults;

	/**
	 * Creates an exception.
	 * @param faults all faults that were found, at least one
	 */
	public StratesMappingException(List<MappingFault> faults) {
		super(faults.stream()
			.map((fault) -> "  - " + fault)
			.collect(Collectors.joining("\n", "Stratified entities are declared wrongly (" + faults.size() + "):\n",
					"")));
		this.faults = List.copyOf(faults);
	}

	/**
	 * Returns all faults, in the order of the entities' names.
	 * @return all faults, at least one
	 */
	public List<MappingFault> getFaults() {
		return this.faults;
	}

}
