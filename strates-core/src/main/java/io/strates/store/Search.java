package io.strates.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Example;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;

/**
 * What is to be found in a {@link TieredStore}: a condition, an order, a page. Immutable:
 * each method returns a copy with one thing changed.
 *
 * <p>
 * A condition is a {@link Specification}, an {@link Example}, a condition in JPQL or a
 * whole query in JPQL; values are bound, never part of the text. Order and fields name
 * attributes of the entity, and nothing else. Without a limit, 100 entities are found at
 * most.
 *
 * @param <T> the type of the entities
 * @since 0.1.0
 */
public final class Search<T> {

	/** How many entities a search finds that says nothing about it. */
	public static final int DEFAULT_LIMIT = 100;

	private final Condition<T> condition;

	private final Map<String, @Nullable Object> parameters;

	private final Sort sort;

	private final Set<String> fields;

	private final int limit;

	private final int offset;

	private Search(Condition<T> condition, Map<String, @Nullable Object> parameters, Sort sort, Set<String> fields,
			int limit, int offset) {
		this.condition = condition;
		this.parameters = parameters;
		this.sort = sort;
		this.fields = fields;
		this.limit = limit;
		this.offset = offset;
	}

	private static <T> Search<T> of(Condition<T> condition, Map<String, ?> parameters) {
		return new Search<>(condition, copy(parameters), Sort.unsorted(), Set.of(), DEFAULT_LIMIT, 0);
	}

	private static Map<String, @Nullable Object> copy(Map<String, ?> parameters) {
		Map<String, @Nullable Object> copy = new TreeMap<>();
		parameters.forEach((name, value) -> copy.put(name, snapshot(value)));
		return Collections.unmodifiableMap(copy);
	}

	/** A search may be kept, and its arguments be changed by whoever passed them. */
	private static @Nullable Object snapshot(@Nullable Object value) {
		if (value instanceof List<?> list) {
			return Collections.unmodifiableList(new ArrayList<>(list));
		}
		if (value instanceof Set<?> set) {
			return Collections.unmodifiableSet(new LinkedHashSet<>(set));
		}
		if (value instanceof byte[] bytes) {
			return bytes.clone();
		}
		return (value instanceof Object[] array) ? Arrays.copyOf(array, array.length) : value;
	}

	/**
	 * Finds all entities.
	 * @param <T> the type of the entities
	 * @return the search
	 */
	public static <T> Search<T> all() {
		return of(new Condition<>(null, null, null, null, false), Map.of());
	}

	/**
	 * Finds what fulfils a specification. Without a name it cannot be cached: nobody can
	 * tell two specifications apart.
	 * @param specification the condition
	 * @param <T> the type of the entities
	 * @return the search
	 */
	public static <T> Search<T> where(Specification<T> specification) {
		return of(new Condition<>(null, Objects.requireNonNull(specification, "specification"), null, null, false),
				Map.of());
	}

	/**
	 * Finds what fulfils a specification that has a name, so that what it finds can be
	 * cached.
	 * @param name names the condition; no other condition has the same
	 * @param arguments what the condition depends on
	 * @param specification the condition
	 * @param <T> the type of the entities
	 * @return the search
	 * @throws IllegalArgumentException if the name is blank
	 */
	public static <T> Search<T> named(String name, Map<String, ?> arguments, Specification<T> specification) {
		if (name.isBlank()) {
			throw new IllegalArgumentException("The name of a search is blank; it tells its results from others");
		}
		return of(new Condition<>(name, Objects.requireNonNull(specification, "specification"), null, null, false),
				arguments);
	}

	/**
	 * Finds what is like an example.
	 * @param example the example
	 * @param <T> the type of the entities
	 * @return the search, which cannot be cached
	 */
	public static <T> Search<T> like(Example<T> example) {
		return of(new Condition<>(null, null, Objects.requireNonNull(example, "example"), null, false), Map.of());
	}

	/**
	 * Finds what fulfils a condition in JPQL, in which the entity is called {@code e}:
	 * {@code e.owner = :owner}.
	 * @param condition the condition, without values in it
	 * @param parameters the values by name
	 * @param <T> the type of the entities
	 * @return the search
	 * @throws IllegalArgumentException if the condition is blank
	 */
	public static <T> Search<T> matching(String condition, Map<String, ?> parameters) {
		return jpql(condition, parameters, false);
	}

	/**
	 * Finds what a whole query in JPQL selects, which must be entities of the type. It
	 * has its order in it.
	 * @param query the query, without values in it
	 * @param parameters the values by name
	 * @param <T> the type of the entities
	 * @return the search
	 * @throws IllegalArgumentException if the query is blank
	 */
	public static <T> Search<T> query(String query, Map<String, ?> parameters) {
		return jpql(query, parameters, true);
	}

	private static <T> Search<T> jpql(String text, Map<String, ?> parameters, boolean whole) {
		if (text.isBlank()) {
			throw new IllegalArgumentException("The JPQL of a search is blank; use Search.all() to find everything");
		}
		return of(new Condition<>(null, null, null, text, whole), parameters);
	}

	/**
	 * Orders what is found.
	 * @param value the attributes to order by
	 * @return a copy
	 * @throws IllegalArgumentException if the condition is a whole query
	 */
	public Search<T> sort(Sort value) {
		if (this.condition.whole && value.isSorted()) {
			throw new IllegalArgumentException("A search by a whole query has its order in it; write it there");
		}
		return new Search<>(this.condition, this.parameters, value, this.fields, this.limit, this.offset);
	}

	/**
	 * Restricts what is found to some attributes; the others are left empty, and nothing
	 * of it is cached. The id is always there.
	 * @param names the attributes
	 * @return a copy
	 */
	public Search<T> fields(String... names) {
		return new Search<>(this.condition, this.parameters, this.sort,
				Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(names))), this.limit, this.offset);
	}

	/**
	 * Sets how many entities are found at most.
	 * @param value the number; 0 stands for {@value #DEFAULT_LIMIT}
	 * @return a copy
	 * @throws IllegalArgumentException if it is negative
	 */
	public Search<T> limit(int value) {
		if (value < 0) {
			throw new IllegalArgumentException("The limit of a search is " + value
					+ "; set a positive one, or say unlimited() if all rows are wanted");
		}
		return new Search<>(this.condition, this.parameters, this.sort, this.fields,
				(value == 0) ? DEFAULT_LIMIT : value, this.offset);
	}

	/**
	 * Finds all, however many.
	 * @return a copy
	 */
	public Search<T> unlimited() {
		return new Search<>(this.condition, this.parameters, this.sort, this.fields, Integer.MAX_VALUE, this.offset);
	}

	/**
	 * Sets how many entities are passed over.
	 * @param value the number
	 * @return a copy
	 * @throws IllegalArgumentException if it is negative
	 */
	public Search<T> offset(int value) {
		if (value < 0) {
			throw new IllegalArgumentException("The offset of a search is " + value + "; set 0 or more");
		}
		return new Search<>(this.condition, this.parameters, this.sort, this.fields, this.limit, value);
	}

	/**
	 * Returns the name of the condition.
	 * @return the name, or {@code null} if it has none
	 */
	public @Nullable String name() {
		return this.condition.name;
	}

	/**
	 * Returns the condition, if it is a specification.
	 * @return the specification, or {@code null}
	 */
	public @Nullable Specification<T> specification() {
		return this.condition.specification;
	}

	/**
	 * Returns the condition, if it is an example.
	 * @return the example, or {@code null}
	 */
	public @Nullable Example<T> example() {
		return this.condition.example;
	}

	/**
	 * Returns the condition, if it is JPQL.
	 * @return the text, or {@code null}
	 */
	public @Nullable String jpql() {
		return this.condition.jpql;
	}

	/**
	 * Returns whether the JPQL is a whole query rather than a condition.
	 * @return whether it is
	 */
	public boolean isWholeQuery() {
		return this.condition.whole;
	}

	/**
	 * Returns the values to bind.
	 * @return the values by name
	 */
	public Map<String, @Nullable Object> parameters() {
		return this.parameters;
	}

	/**
	 * Returns the order.
	 * @return the order
	 */
	public Sort order() {
		return this.sort;
	}

	/**
	 * Returns the attributes that are wanted.
	 * @return the names, none for all
	 */
	public Set<String> wantedFields() {
		return this.fields;
	}

	/**
	 * Returns how many entities are found at most.
	 * @return the number, {@link Integer#MAX_VALUE} for all
	 */
	public int maximum() {
		return this.limit;
	}

	/**
	 * Returns how many entities are passed over.
	 * @return the number
	 */
	public int skipped() {
		return this.offset;
	}

	@Override
	public String toString() {
		String what = (this.condition.jpql != null) ? this.condition.jpql : String.valueOf(this.condition.name);
		return "search " + what + " " + this.parameters.keySet() + " by " + this.sort;
	}

	/** What is to be fulfilled: one of the parts, or nothing. */
	private record Condition<T>(@Nullable String name, @Nullable Specification<T> specification,
			@Nullable Example<T> example, @Nullable String jpql, boolean whole) {
	}

}
