package io.strates.entity;

import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.MappedSuperclass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Reads faults of entities beside one sound root. */
abstract class StratifiedModelFixture {

	static List<MappingFault> faults(Class<?>... classes) {
		List<Class<?>> all = new ArrayList<>(List.of(classes));
		all.add(Root.class);
		StratesMappingException refused = catchThrowableOfType(StratesMappingException.class,
				() -> StratifiedModel.of(all));
		assertThat(refused).as("refused").isNotNull();
		return refused.getFaults();
	}

	static void assertFault(String where, String problem, Class<?>... classes) {
		assertThat(faults(classes)).singleElement().satisfies((fault) -> {
			assertThat(fault.where()).isEqualTo(where);
			assertThat(fault.problem()).contains(problem);
			assertThat(fault.remedy()).isNotBlank();
		});
	}

	@Entity
	@Stratified(scope = "s", root = true, scopeId = "shop")
	static class Root extends Base {

		@Id
		Long id;

		String shop;

	}

	@MappedSuperclass
	abstract static class Base extends StratifiedEntity {

		@Override
		public Object getId() {
			return 1L;
		}

	}

	@Entity
	@Stratified(scope = "s")
	static class NotExtending {

		@Id
		Long id;

	}

	@Entity
	static class NotAnnotated extends Base {

		@Id
		Long id;

	}

	@MappedSuperclass
	abstract static class WithParent extends Base {

		@Id
		Long id;

		@ManyToOne
		Root parent;

	}

	@Entity
	@Stratified(scope = "s")
	static class NoId extends Base {

	}

	@Entity
	@Stratified(scope = "s")
	static class PrimitiveId extends Base {

		@Id
		long id;

	}

}
