package io.strates.snapshot;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The identity of one resource: its type, a subject, and qualifiers that tell resources
 * of one subject apart. Keys are made by their {@link ResourceType}.
 *
 * <p>
 * Keys are equal if namespace, name, subject and qualifiers are; they are ordered by the
 * same. Immutable.
 *
 * @param <T> the type of the value
 * @since 0.1.0
 */
public final class ResourceKey<T> implements Comparable<ResourceKey<?>> {

	private static final Comparator<ResourceKey<?>> ORDER = Comparator
		.<ResourceKey<?>, String>comparing((key) -> key.type.namespace())
		.thenComparing((key) -> key.type.name())
		.thenComparing((key) -> key.subject)
		.thenComparing((key) -> key.qualifiers, ResourceKey::compare);

	private final ResourceType<T> type;

	private final String subject;

	private final SortedMap<String, String> qualifiers;

	private final int hash;

	private ResourceKey(ResourceType<T> type, String subject, SortedMap<String, String> qualifiers) {
		this.type = type;
		this.subject = subject;
		this.qualifiers = Collections.unmodifiableSortedMap(qualifiers);
		this.hash = (31 * type.hashCode() + subject.hashCode()) * 31 + qualifiers.hashCode();
	}

	static <T> ResourceKey<T> of(ResourceType<T> type, Object subject, Map<String, ?> qualifiers) {
		return new ResourceKey<>(type, type.normalizer().subject().apply(subject.toString()),
				normalized(type, qualifiers));
	}

	private static SortedMap<String, String> normalized(ResourceType<?> type, Map<String, ?> qualifiers) {
		SortedMap<String, String> normalized = new TreeMap<>();
		qualifiers.forEach((name, value) -> {
			String normalName = type.normalizer().qualifierName().apply(name);
			if (normalName.isBlank()) {
				throw new IllegalArgumentException("A qualifier of " + type + " has a blank name; name it");
			}
			String normalValue = type.normalizer().qualifierValue().apply(text(type, normalName, value));
			if (normalized.put(normalName, normalValue) != null) {
				throw new IllegalArgumentException("Qualifier '" + normalName + "' of " + type
						+ " is given twice, spelled differently; give it once");
			}
		});
		return normalized;
	}

	private static String text(ResourceType<?> type, String name, @Nullable Object value) {
		return Objects.requireNonNull(value, () -> "Qualifier '" + name + "' of " + type + " is null; leave it out")
			.toString();
	}

	/**
	 * Returns the type.
	 * @return the type
	 */
	public ResourceType<T> type() {
		return this.type;
	}

	/**
	 * Returns what the resource is about.
	 * @return the subject, empty if the type has one resource only
	 */
	public String subject() {
		return this.subject;
	}

	/**
	 * Returns the qualifiers.
	 * @return an immutable map, ordered by name
	 */
	public SortedMap<String, String> qualifiers() {
		return this.qualifiers;
	}

	/**
	 * Returns the value of a qualifier.
	 * @param name its name, in any spelling that the type's normaliser takes for it
	 * @return the value, or {@code null} if the key has no such qualifier
	 */
	public @Nullable String qualifier(String name) {
		return this.qualifiers.get(this.type.normalizer().qualifierName().apply(name));
	}

	/**
	 * Returns this key with qualifiers added, or replaced where they are there.
	 * @param added the qualifiers
	 * @return the key
	 * @throws IllegalArgumentException as for {@link ResourceType#key(Object, Map)}
	 */
	public ResourceKey<T> withQualifiers(Map<String, ?> added) {
		SortedMap<String, String> all = new TreeMap<>(this.qualifiers);
		all.putAll(normalized(this.type, added));
		return new ResourceKey<>(this.type, this.subject, all);
	}

	/**
	 * Returns this key without some qualifiers.
	 * @param names their names; those that are not there do not matter
	 * @return the key
	 */
	public ResourceKey<T> withoutQualifiers(String... names) {
		SortedMap<String, String> rest = new TreeMap<>(this.qualifiers);
		for (String name : names) {
			rest.remove(this.type.normalizer().qualifierName().apply(name));
		}
		return new ResourceKey<>(this.type, this.subject, rest);
	}

	@Override
	public int compareTo(ResourceKey<?> other) {
		return ORDER.compare(this, other);
	}

	private static int compare(SortedMap<String, String> some, SortedMap<String, String> others) {
		List<Map.Entry<String, String>> left = new ArrayList<>(some.entrySet());
		List<Map.Entry<String, String>> right = new ArrayList<>(others.entrySet());
		for (int index = 0; index < Math.min(left.size(), right.size()); index++) {
			int order = left.get(index).getKey().compareTo(right.get(index).getKey());
			order = (order != 0) ? order : left.get(index).getValue().compareTo(right.get(index).getValue());
			if (order != 0) {
				return order;
			}
		}
		return Integer.compare(left.size(), right.size());
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other
				|| (other instanceof ResourceKey<?> key && this.hash == key.hash && this.type.equals(key.type)
						&& this.subject.equals(key.subject) && this.qualifiers.equals(key.qualifiers));
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	/**
	 * Returns the stable text of this key: {@code namespace:name:subject?a=1&b=2}, where
	 * subject and qualifiers are left out if there are none. Qualifiers are encoded as in
	 * a form; colons are not, so that different keys may have the same text.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.type.toString());
		if (!this.subject.isEmpty()) {
			text.append(':').append(this.subject);
		}
		char separator = '?';
		for (Map.Entry<String, String> each : this.qualifiers.entrySet()) {
			text.append(separator).append(encoded(each.getKey())).append('=').append(encoded(each.getValue()));
			separator = '&';
		}
		return text.toString();
	}

	private static String encoded(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

}
