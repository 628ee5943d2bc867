package io.strates.gc;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.strates.entity.StratifiedReference;
import io.strates.entity.StratifiedTable;
import io.strates.entity.StratifiedTable.Kind;
import io.strates.entity.StratifiedType;
import io.strates.gc.DeletionPlan.Cut;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeletionPlan}.
 */
class DeletionPlanTests {

	private final StratifiedTable parent = table("parent", Parent.class, Kind.ENTITY);

	private final StratifiedTable sub = table("sub", Sub.class, Kind.SUBCLASS);

	private final StratifiedTable labels = table("labels", Sub.class, Kind.COLLECTION);

	private final StratifiedTable other = table("other", Other.class, Kind.ENTITY);

	@Test
	void childrenGoBeforeTheirParentsInWhateverOrderTheyCome() {
		StratifiedReference toParent = reference(this.other, "parent_id", this.parent);

		DeletionPlan plan = plan(List.of(this.parent, this.sub, this.labels, this.other), List.of(toParent), Set.of());

		assertThat(plan.childrenFirst()).containsExactlyInAnyOrder(this.other, this.labels, this.sub, this.parent);
		assertThat(plan.childrenFirst().indexOf(this.other)).isLessThan(plan.childrenFirst().indexOf(this.parent));
		assertThat(plan.childrenFirst()).containsSubsequence(this.labels, this.sub, this.parent);
		assertThat(plan.cuts()).isEmpty();
	}

	@Test
	void referenceToTheSameTableIsCut() {
		StratifiedReference optional = reference(this.parent, "next_id", this.parent);
		StratifiedReference mandatory = reference(this.parent, "boss_id", this.parent);

		DeletionPlan plan = plan(List.of(this.parent), List.of(optional, mandatory), Set.of(optional));

		assertThat(plan.cuts())
			.isEqualTo(Map.of(this.parent, List.of(new Cut("next_id", true), new Cut("boss_id", false))));
	}

	@Test
	void nullableReferenceOfACircleIsCutAndTheOtherDecidesTheOrder() {
		StratifiedReference there = reference(this.parent, "other_id", this.other);
		StratifiedReference back = reference(this.other, "parent_id", this.parent);

		DeletionPlan plan = plan(List.of(this.other, this.parent), List.of(there, back), Set.of(back));
		DeletionPlan reverse = plan(List.of(this.other, this.parent), List.of(there, back), Set.of(there));

		assertThat(plan.cuts()).isEqualTo(Map.of(this.other, List.of(new Cut("parent_id", true))));
		assertThat(plan.childrenFirst()).containsExactly(this.parent, this.other);
		assertThat(reverse.cuts()).isEqualTo(Map.of(this.parent, List.of(new Cut("other_id", true))));
		assertThat(reverse.childrenFirst()).containsExactly(this.other, this.parent);
	}

	@Test
	void circleThroughASubclassIsFound() {
		StratifiedReference there = reference(this.sub, "other_id", this.other);
		StratifiedReference back = reference(this.other, "parent_id", this.parent);
		StratifiedReference fromParent = reference(this.parent, "other_id", this.other);

		DeletionPlan harmless = plan(List.of(this.sub, this.other, this.parent), List.of(there, back),
				Set.of(there, back));
		DeletionPlan circle = plan(List.of(this.sub, this.other, this.parent), List.of(there, back, fromParent),
				Set.of(back, there, fromParent));

		assertThat(harmless.cuts()).isEmpty();
		assertThat(harmless.childrenFirst()).containsExactly(this.sub, this.other, this.parent);
		assertThat(circle.cuts()).isEqualTo(Map.of(this.other, List.of(new Cut("parent_id", true))));
		assertThat(circle.childrenFirst()).containsExactly(this.sub, this.parent, this.other);
	}

	private static DeletionPlan plan(List<StratifiedTable> tables, List<StratifiedReference> references,
			Set<StratifiedReference> nullable) {
		return new DeletionPlan(tables, references, nullable::contains);
	}

	private static StratifiedTable table(String name, Class<?> type, Kind kind) {
		return new StratifiedTable(name, name, new StratifiedType(type, "scope", false, null, Long.class), kind,
				"build_strate", "id", List.of());
	}

	private static StratifiedReference reference(StratifiedTable from, String column, StratifiedTable to) {
		return new StratifiedReference(from.name() + "." + column, from, column, to);
	}

	private static class Parent {

	}

	private static class Sub extends Parent {

	}

	private static class Other {

	}

}
