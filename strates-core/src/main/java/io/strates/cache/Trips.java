package io.strates.cache;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.cache.CacheAnswer.Origin;
import io.strates.cache.CoherentFlight.Landing;
import org.jspecify.annotations.Nullable;

/**
 * The flights that one thread leads together, by the text of their keys.
 *
 * @param <K> the type of the keys
 */
final class Trips<K> {

	private final Map<String, Trip<K>> trips = new LinkedHashMap<>();

	Trips() {
	}

	Trips(K key, String text, CoherentFlight flight) {
		add(key, text, flight);
	}

	/** A key and its flight. */
	private static final class Trip<K> {

		private final K key;

		private final CoherentFlight flight;

		private @Nullable Landing landing;

		Trip(K key, CoherentFlight flight) {
			this.key = key;
			this.flight = flight;
		}

	}

	/** Does something for each flight. */
	@FunctionalInterface
	interface Visitor<K> {

		void visit(K key, String text, CoherentFlight flight);

	}

	void add(K key, String text, CoherentFlight flight) {
		this.trips.put(text, new Trip<>(key, flight));
	}

	void forEach(Visitor<K> visitor) {
		this.trips.forEach((text, trip) -> visitor.visit(trip.key, text, trip.flight));
	}

	/** Returns the keys that have brought nothing yet. */
	List<String> open() {
		List<String> open = new ArrayList<>(this.trips.size());
		this.trips.forEach((text, trip) -> {
			if (trip.landing == null) {
				open.add(text);
			}
		});
		return open;
	}

	K key(String text) {
		return trip(text).key;
	}

	Set<K> keys(List<String> texts) {
		Set<K> keys = new LinkedHashSet<>();
		texts.forEach((text) -> keys.add(key(text)));
		return keys;
	}

	CoherentFlight flight(String text) {
		return trip(text).flight;
	}

	private Trip<K> trip(String text) {
		Trip<K> trip = this.trips.get(text);
		if (trip == null) {
			throw new IllegalStateException("No flight to " + text);
		}
		return trip;
	}

	void leadBy(Thread thread) {
		this.trips.values().forEach((trip) -> trip.flight.leadBy(thread));
	}

	/** Notes what a flight brings; those who wait hear of it when all have landed. */
	void land(String text, Landing landing) {
		trip(text).landing = landing;
	}

	void landAll() {
		this.trips.values().forEach((trip) -> {
			Landing landing = trip.landing;
			trip.flight.land((landing != null) ? landing : new Landing(LocalEntry.ABSENT, Origin.L3));
		});
	}

	void crashAll(Throwable failure) {
		this.trips.values().forEach((trip) -> trip.flight.crash(failure));
	}

}
