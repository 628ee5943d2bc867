package io.strates.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Sort;

/**
 * What a store knows of the states of its entities: which attributes are secret, stay out
 * of caches, or are tags.
 */
final class StateShape {

	private final String store;

	private final List<StateAttribute> attributes;

	private final @Nullable StateCipher cipher;

	private final int[] omitted;

	private final int[] writtenOnce;

	private final int[] tags;

	StateShape(TieredSettings settings, EntityModel<?, ?> model, @Nullable EncryptionKeys keys) {
		this.store = settings.name();
		this.attributes = model.attributes();
		List<String> faults = new ArrayList<>();
		int[] encrypted = places(StateAttribute::encrypted);
		for (int index : encrypted) {
			if (this.attributes.get(index).type() != String.class) {
				faults.add("Attribute " + this.attributes.get(index).name() + " is @Encrypted and of type "
						+ this.attributes.get(index).type().getTypeName() + "; only a String can be encrypted");
			}
		}
		if (encrypted.length > 0 && encrypted[0] == 0) {
			faults.add("The id is @Encrypted; rows are found by it, so it cannot be");
		}
		if (encrypted.length > 0 && keys == null) {
			faults.add("Attribute " + this.attributes.get(encrypted[0]).name()
					+ " is @Encrypted, but there are no encryption keys; give a key of 32 bytes");
		}
		this.omitted = places(StateAttribute::omittedFromCache);
		// The id is the same in what is written and in what was there before.
		this.writtenOnce = IntStream.of(places(StateAttribute::writtenOnce)).filter((place) -> place != 0).toArray();
		this.tags = settings.tags().stream().mapToInt((name) -> tag(name, faults)).toArray();
		if (!faults.isEmpty()) {
			throw new StoreDefinitionException("Entity " + model.type().getName(), faults);
		}
		this.cipher = (encrypted.length > 0 && keys != null)
				? new StateCipher(this.store, this.attributes, encrypted, keys) : null;
	}

	private int[] places(Predicate<StateAttribute> wanted) {
		return IntStream.range(0, this.attributes.size())
			.filter((index) -> wanted.test(this.attributes.get(index)))
			.toArray();
	}

	private int tag(String name, List<String> faults) {
		int index = index(name);
		if (index < 0) {
			faults.add("@Tiered names the attribute '" + name + "' as a tag, which there is not; there are " + names());
		}
		else if (this.attributes.get(index).encrypted() || this.attributes.get(index).omittedFromCache()) {
			faults.add("Attribute " + name + " is a tag, but secret or not in caches; take another");
		}
		return index;
	}

	private int index(String name) {
		return IntStream.range(0, this.attributes.size())
			.filter((index) -> this.attributes.get(index).name().equals(name))
			.findFirst()
			.orElse(-1);
	}

	private List<String> names() {
		return this.attributes.stream().map(StateAttribute::name).toList();
	}

	List<StateAttribute> attributes() {
		return this.attributes;
	}

	boolean keptFromL1() {
		return this.attributes.stream().anyMatch(StateAttribute::omittedFromL1);
	}

	String layout() {
		StringBuilder layout = new StringBuilder();
		this.attributes.forEach((attribute) -> layout.append(attribute.name())
			.append(attribute.encrypted() ? '!' : '=')
			.append(attribute.omittedFromCache() ? '-' : '+'));
		return layout.toString();
	}

	EntityState encrypted(EntityState state) {
		return (this.cipher != null) ? this.cipher.encrypt(state) : state;
	}

	/** Returns the clear state of a row. */
	EntityState decrypted(EntityState state) {
		return decrypted(state, state.value(0));
	}

	/** Returns the clear state of an id, of which the state is said to be. */
	EntityState decrypted(EntityState state, @Nullable Object id) {
		return (this.cipher != null) ? this.cipher.decrypt(state, id) : state;
	}

	/** Returns the part of a state that caches may hold. */
	EntityState cached(EntityState state) {
		return without(state, this.omitted);
	}

	private static EntityState without(EntityState state, int[] places) {
		if (places.length == 0) {
			return state;
		}
		@Nullable Object[] values = state.copy();
		for (int index : places) {
			values[index] = null;
		}
		return EntityState.of(values);
	}

	/** Returns a state with nothing but the id and the attributes that are wanted. */
	EntityState only(EntityState state, Set<String> fields) {
		return without(state, places(
				(attribute) -> !isNamed(attribute, fields) && !attribute.name().equals(this.attributes.get(0).name())));
	}

	private static boolean isNamed(StateAttribute attribute, Set<String> fields) {
		return fields.stream()
			.anyMatch((field) -> attribute.name().equals(field) || attribute.name().startsWith(field + "."));
	}

	boolean hasWrittenOnce() {
		return this.writtenOnce.length > 0;
	}

	/** Returns what a row will hold if another state is written over it. */
	EntityState over(EntityState before, EntityState written) {
		@Nullable Object[] values = written.copy();
		for (int index : this.writtenOnce) {
			values[index] = before.value(index);
		}
		return EntityState.of(values);
	}

	Set<String> tags(EntityState state) {
		if (this.tags.length == 0) {
			return Set.of();
		}
		Set<String> texts = new LinkedHashSet<>();
		for (int index : this.tags) {
			texts.add(tag(this.attributes.get(index).name(), state.value(index)));
		}
		return texts;
	}

	/**
	 * Returns the tag of an attribute's value.
	 * @throws IllegalArgumentException if the attribute is no tag
	 */
	String tagOf(String attribute, @Nullable Object value) {
		int index = index(attribute);
		if (IntStream.of(this.tags).noneMatch((tag) -> tag == index)) {
			throw new IllegalArgumentException(
					"Attribute '" + attribute + "' of store '" + this.store + "' is no tag; name it in @Tiered(tags)");
		}
		return tag(attribute, value);
	}

	private static String tag(String attribute, @Nullable Object value) {
		return "a:" + attribute + ((value != null) ? "=" + value : "");
	}

	/**
	 * Requires that a search names attributes only.
	 * @throws IllegalArgumentException if it names anything else
	 */
	void check(Search<?> search) {
		for (String field : search.wantedFields()) {
			if (this.attributes.stream().noneMatch((attribute) -> isNamed(attribute, Set.of(field)))) {
				throw unknown("wants the field", field);
			}
		}
		for (Sort.Order order : search.order()) {
			int index = index(order.getProperty());
			if (index < 0) {
				throw unknown("is ordered by", order.getProperty());
			}
			if (this.attributes.get(index).encrypted()) {
				throw new IllegalArgumentException("A search in store '" + this.store + "' is ordered by "
						+ order.getProperty() + ", which is encrypted; take another attribute");
			}
		}
	}

	private IllegalArgumentException unknown(String what, String name) {
		return new IllegalArgumentException("A search in store '" + this.store + "' " + what + " '" + name
				+ "', which is no attribute; there are " + names());
	}

}
