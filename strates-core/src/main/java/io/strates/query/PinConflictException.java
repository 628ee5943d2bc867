package io.strates.query;

import io.strates.StratesException;

/**
 * Thrown when a unit of work that reads one build asks for another build of the same
 * scope id: a pin never changes inside a unit of work.
 *
 * @since 0.1.0
 */
public class PinConflictException extends StratesException {

	private static final long serialVersionUID = 1L;

	private final transient Pin pinned;

	private final transient Pin wanted;

	/**
	 * Creates an exception.
	 * @param pinned the pin that the unit of work has
	 * @param wanted the build that was asked for
	 */
	public PinConflictException(Pin pinned, Pin wanted) {
		super(pinned.scope() + "/" + pinned.scopeId() + " is pinned to build " + pinned.buildStrate()
				+ " in this unit of work, so build " + wanted.buildStrate()
				+ " cannot be read in it; read it in a transaction of its own (REQUIRES_NEW) or after this one");
		this.pinned = pinned;
		this.wanted = wanted;
	}

	/**
	 * Returns the pin that the unit of work has.
	 * @return the pin
	 */
	public Pin getPinned() {
		return this.pinned;
	}

	/**
	 * Returns the pin that was asked for and refused.
	 * @return the pin
	 */
	public Pin getWanted() {
		return this.wanted;
	}

}
