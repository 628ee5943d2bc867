package io.strates.query;

/**
 * Is told of pins that were resolved, for meters.
 *
 * @implSpec Called by the thread that pins. Must not block or throw.
 * @since 0.1.0
 */
@FunctionalInterface
public interface PinListener {

	/**
	 * A pin was resolved.
	 * @param pin the pin
	 */
	void pinned(Pin pin);

}
