package io.strates.snapshot;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * What belongs to each of some keys, in the order in which they were added. Small: a
 * snapshot of many resources is made often. Not thread-safe, but may be read by many
 * threads once it is filled and published.
 *
 * @param <V> the type of what belongs to a key
 */
final class KeyTable<V> {

	private @Nullable ResourceKey<?>[] keys;

	private @Nullable Object[] values;

	/** Positions plus one, zero for an empty place; a power of two, at most half full. */
	private int[] places;

	private int size;

	KeyTable(int expected) {
		this.keys = new ResourceKey<?>[Math.max(4, expected)];
		this.values = new Object[this.keys.length];
		this.places = new int[placesFor(this.keys.length)];
	}

	private static int placesFor(int keys) {
		return Integer.highestOneBit(Math.max(4, keys) * 2 - 1) * 2;
	}

	int size() {
		return this.size;
	}

	@SuppressWarnings("NullAway") // filled up to size
	ResourceKey<?> key(int index) {
		return this.keys[index];
	}

	@SuppressWarnings("unchecked")
	@Nullable V value(int index) {
		return (V) this.values[index];
	}

	void set(int index, @Nullable V value) {
		this.values[index] = value;
	}

	/** Returns the position of a key, or -1. */
	int find(ResourceKey<?> key) {
		int mask = this.places.length - 1;
		for (int place = spread(key) & mask;; place = (place + 1) & mask) {
			int position = this.places[place];
			if (position == 0) {
				return -1;
			}
			if (key.equals(this.keys[position - 1])) {
				return position - 1;
			}
		}
	}

	@Nullable V get(ResourceKey<?> key) {
		int index = find(key);
		return (index >= 0) ? value(index) : null;
	}

	/** Adds a key without a value if it is not there, and returns its position. */
	int add(ResourceKey<?> key) {
		int index = find(key);
		if (index >= 0) {
			return index;
		}
		if (this.size == this.keys.length) {
			grow();
		}
		this.keys[this.size] = key;
		place(key, this.size);
		return this.size++;
	}

	void put(ResourceKey<?> key, V value) {
		set(add(key), value);
	}

	private void place(ResourceKey<?> key, int index) {
		int mask = this.places.length - 1;
		int place = spread(key) & mask;
		while (this.places[place] != 0) {
			place = (place + 1) & mask;
		}
		this.places[place] = index + 1;
	}

	private void grow() {
		int length = this.keys.length * 2;
		this.keys = Arrays.copyOf(this.keys, length);
		this.values = Arrays.copyOf(this.values, length);
		this.places = new int[placesFor(length)];
		for (int index = 0; index < this.size; index++) {
			place(key(index), index);
		}
	}

	private static int spread(ResourceKey<?> key) {
		int hash = key.hashCode();
		return hash ^ (hash >>> 16);
	}

}
