package io.strates.cache;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CoherentFlight.Landing;
import org.jspecify.annotations.Nullable;

/**
 * A key, and the flight to it that one thread leads.
 *
 * @param <K> the type of the keys
 */
final class Trip<K> {

	private static final Landing NOTHING = new Landing(LocalEntry.ABSENT, Origin.L3);

	private final K key;

	private final String text;

	private final CoherentFlight flight;

	private @Nullable Landing landing;

	Trip(K key, String text, CoherentFlight flight) {
		this.key = key;
		this.text = text;
		this.flight = flight;
	}

	K key() {
		return this.key;
	}

	String text() {
		return this.text;
	}

	CoherentFlight flight() {
		return this.flight;
	}

	/** Whether the flight has brought nothing yet. */
	boolean isOpen() {
		return this.landing == null;
	}

	/** Notes what the flight brings; those who wait hear of it when it ends. */
	void land(Landing brought) {
		this.landing = brought;
	}

	/** Returns what the flight has brought. */
	Landing landing() {
		Landing brought = this.landing;
		return (brought != null) ? brought : NOTHING;
	}

	/** Tells those who wait. */
	void end() {
		this.flight.land(landing());
	}

}
