package io.strates.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

/**
 * The calls that are on their way, each of which serves all who need it.
 */
/*
 * A flight is one source asked for one key. It never waits for another flight: a derived
 * source is called when its inputs are there, and a key goes from one source to the next
 * in the plan of each snapshot. So two snapshots, whatever they need of each other, never
 * wait in a circle.
 */
final class Flights {

	private final ConcurrentMap<Flight.Id, Flight> flights = new ConcurrentHashMap<>();

	private final Calls calls;

	private final BiFunction<Flight.Id, Asker, @Nullable Revision<?>> arrived;

	/**
	 * Creates the registry.
	 * @param calls what calls share
	 * @param arrived returns what a flight would bring, if the cache has it by now
	 */
	Flights(Calls calls, BiFunction<Flight.Id, Asker, @Nullable Revision<?>> arrived) {
		this.calls = calls;
		this.arrived = arrived;
	}

	/**
	 * Somebody's flight, and whether it was there before.
	 *
	 * @param flight the flight
	 * @param joined whether somebody else began it
	 */
	record Seat(Flight flight, boolean joined) {
	}

	int size() {
		return this.flights.size();
	}

	/**
	 * Joins the calls that are on their way, and makes those that are missing.
	 * @param source the source
	 * @param keys the keys, for a derived source only one
	 * @param asker who asks
	 * @param alone whether the calls are the asker's own
	 * @param inputs what a derived source computes from, or {@code null}
	 * @return a flight for each key
	 */
	List<Seat> board(SourceHandle source, List<ResourceKey<?>> keys, Asker asker, boolean alone,
			@Nullable Snapshot inputs) {
		List<String> revisions = (inputs != null) ? revisions(inputs) : List.of();
		List<Seat> seats = new ArrayList<>(keys.size());
		List<Flight> begun = new ArrayList<>(keys.size());
		for (ResourceKey<?> key : keys) {
			Flight own = new Flight(new Flight.Id(source, key, revisions));
			own.join(asker.deadline());
			Flight other = alone ? null : joined(own, asker.deadline());
			boolean landed = other == null && !alone && landedMeanwhile(own, asker);
			seats.add(new Seat((other != null) ? other : own, other != null || landed));
			if (other == null && !landed) {
				begun.add(own);
			}
		}
		for (List<Flight> some : source.chunks(begun)) {
			SourceCall call = new SourceCall(this.calls, source, some, asker, inputs, this::landed);
			some.forEach((flight) -> flight.flownBy(call));
			if (source.kind() == SourceHandle.Kind.BATCH) {
				asker.counts().add(SnapshotDiagnostics.Count.BATCH_CHUNKS, 1);
			}
			source.dispatcher().submit(call);
		}
		return seats;
	}

	private static List<String> revisions(Snapshot inputs) {
		List<String> revisions = new ArrayList<>();
		inputs.values().forEach((key, value) -> revisions.add(value.revisionId()));
		return revisions;
	}

	/** Returns the flight that was there, or {@code null} if this one is the first. */
	private @Nullable Flight joined(Flight own, long deadline) {
		while (true) {
			Flight other = this.flights.putIfAbsent(own.id(), own);
			if (other == null || other.join(deadline)) {
				return other;
			}
			this.flights.remove(own.id(), other);
		}
	}

	/** The flight of another may have landed after the asker looked into the cache. */
	private boolean landedMeanwhile(Flight own, Asker asker) {
		Revision<?> current = this.arrived.apply(own.id(), asker);
		if (current == null) {
			return false;
		}
		landed(own, new Landing.Fresh(current, null));
		return true;
	}

	/** First, so that whoever comes next asks again. */
	private void landed(Flight flight, Landing landing) {
		this.flights.remove(flight.id(), flight);
		flight.land(landing);
	}

}
