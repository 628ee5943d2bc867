package io.strates.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What may be shared, and how the rest is made so. */
class FreezerTests {

	@Test
	void valueThatCannotChangeIsSharedAsItIs() {
		Flat flat = new Flat("a", 1, Instant.EPOCH, new Inner(2L));

		assertThat(freezer(Flat.class).apply(flat)).isSameAs(flat);
		assertThat(freezer(String.class).apply("a")).isSameAs("a");
	}

	@Test
	void collectionsAreCopiedAtAnyDepth() {
		List<Inner> list = new ArrayList<>(Arrays.asList(new Inner(1L), null));
		Map<String, List<String>> map = new HashMap<>(Map.of("k", new ArrayList<>(List.of("v"))));
		Nested nested = new Nested(list, new HashSet<>(Set.of("s")), map, new Holder(new ArrayList<>(List.of("h"))),
				null);

		Nested frozen = (Nested) freezer(Nested.class).apply(nested);

		assertThat(frozen).isEqualTo(nested);
		list.clear();
		map.get("k").add("w");
		nested.holder().names().add("i");
		assertThat(frozen.list()).containsExactly(new Inner(1L), null);
		assertThat(frozen.map().get("k")).containsExactly("v");
		assertThat(frozen.holder().names()).containsExactly("h");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> frozen.set().add("t"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> frozen.map().get("k").add("w"));
	}

	@Test
	void permittedTypesOfASealedInterfaceAreFrozen() {
		Circle circle = new Circle(new ArrayList<>(List.of("red")));

		Circle frozen = (Circle) freezer(Shape.class).apply(circle);

		circle.colours().add("green");
		assertThat(frozen.colours()).containsExactly("red");
	}

	@ParameterizedTest
	@ValueSource(classes = { Bean.class, WithDate.class, WithArray.class, WithObject.class, WithBeans.class,
			Recursive.class, Object.class, List.class })
	void typeWhoseValuesCanChangeIsRefused(Class<?> type) {
		assertThatIllegalArgumentException().isThrownBy(() -> freezer(type))
			.withMessageStartingWith("Cache 'test' cannot share " + type.getSimpleName())
			.withMessageEndingWith(
					"use a record, an enum, a java.time type, a List, Set or Map of such, or declare the type as"
							+ " immutable");
	}

	@Test
	void refusalNamesThePath() {
		assertThatIllegalArgumentException().isThrownBy(() -> freezer(WithBeans.class))
			.withMessageContaining("WithBeans.beans[] of type " + Bean.class.getName());
	}

	@Test
	void declaredTypeIsShared() {
		Bean bean = new Bean();

		assertThat(Freezer.of("Cache 'test'", Bean.class, Set.of(Bean.class)).apply(bean)).isSameAs(bean);
	}

	private static UnaryOperator<Object> freezer(Class<?> type) {
		return Freezer.of("Cache 'test'", type, Set.of());
	}

	record Inner(Long id) {
	}

	record Flat(String name, int count, Instant at, Inner inner) {
	}

	record Holder(List<String> names) {
	}

	record Nested(List<@Nullable Inner> list, Set<String> set, Map<String, List<String>> map, Holder holder,
			@Nullable List<String> nothing) {
	}

	sealed interface Shape permits Circle, Square {

	}

	record Circle(List<String> colours) implements Shape {
	}

	record Square(int side) implements Shape {
	}

	static final class Bean {

	}

	record WithDate(Date date) {
	}

	record WithArray(byte[] bytes) {
	}

	record WithObject(Object anything) {
	}

	record WithBeans(List<Bean> beans) {
	}

	record Recursive(@Nullable Recursive next) {
	}

}
