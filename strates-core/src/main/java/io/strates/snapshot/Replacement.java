package io.strates.snapshot;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Takes another value instead of the oldest: from the sources except the one that it is
 * from, and past the cache.
 */
final class Replacement {

	private final Engine engine;

	private final Asker asker;

	private final Map<ResourceKey<?>, Taken<?>> before;

	Replacement(Engine engine, Asker asker, Map<ResourceKey<?>, Taken<?>> before) {
		this.engine = engine;
		this.asker = asker;
		this.before = before;
	}

	/**
	 * Replaces a value, and what is derived from it.
	 * @param key the resource
	 * @return all values, {@code null} if one cannot be replaced
	 */
	@Nullable Map<ResourceKey<?>, Taken<?>> replace(ResourceKey<?> key) {
		Set<ResourceKey<?>> affected = affected(Set.of(key), this.before);
		Plan plan = new Plan(this.engine, this.asker.standingApart(), affected,
				Map.of(key, Objects.requireNonNull(this.before.get(key)).source()));
		this.before.forEach((each, taken) -> {
			if (!affected.contains(each)) {
				plan.seed(each, taken);
			}
		});
		Map<ResourceKey<?>, Taken<?>> all = new LinkedHashMap<>(this.before);
		for (Cell cell : DefaultSession.resolve(plan, affected)) {
			Taken<?> taken = cell.taken();
			if (taken == null) {
				return null;
			}
			all.put(cell.key(), taken);
		}
		return all;
	}

	/** Returns keys and all that is derived from them. */
	static Set<ResourceKey<?>> affected(Set<ResourceKey<?>> keys, Map<ResourceKey<?>, Taken<?>> values) {
		Set<ResourceKey<?>> affected = new LinkedHashSet<>(keys);
		boolean more = true;
		while (more) {
			more = false;
			for (Taken<?> taken : values.values()) {
				if (taken.inputs().keySet().stream().anyMatch(affected::contains)) {
					more |= affected.add(taken.key());
				}
			}
		}
		return affected;
	}

}
