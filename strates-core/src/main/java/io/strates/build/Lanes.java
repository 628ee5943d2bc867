package io.strates.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import io.strates.entity.StratifiedType;

/** The lanes of a build, those that are referred to before those that refer to them. */
final class Lanes {

	private final List<Lane> lanes = new ArrayList<>();

	private final Map<StratifiedType, Lane> byType = new HashMap<>();

	Lanes(WriteOrder order) {
		for (WriteOrder.Group group : order.groups()) {
			List<Lane> parents = group.parents()
				.stream()
				.map((parent) -> of(parent.types().iterator().next()))
				.toList();
			Lane lane = new Lane(this.lanes.size(), group, parents);
			this.lanes.add(lane);
			group.types().forEach((type) -> this.byType.put(type, lane));
		}
	}

	Lane of(StratifiedType type) {
		Lane lane = this.byType.get(type);
		if (lane == null) {
			throw new IllegalStateException("No lane for " + type.name());
		}
		return lane;
	}

	void forEach(Consumer<Lane> action) {
		this.lanes.forEach(action);
	}

	/** How many rows are stored, by the entity's name. */
	Map<String, Long> stored() {
		Map<String, Long> stored = new TreeMap<>();
		this.lanes.forEach((lane) -> lane.addStored(stored));
		return stored;
	}

}
