package io.strates.entity.hibernate;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.IncompleteBuildException;
import io.strates.dev.DevPostgres;
import io.strates.entity.StratifiedEntity;
import io.strates.entity.hibernate.Depot.Box;
import io.strates.entity.hibernate.Depot.Label;
import io.strates.entity.hibernate.Depot.Note;
import io.strates.entity.hibernate.Depot.Shelf;
import io.strates.entity.hibernate.Depot.Site;
import io.strates.query.PinRequest;
import io.strates.release.Release;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The corners of mapping, read back from two builds with the same ids.
 */
class DepotIntegrationTests {

	private static TestNode node;

	private static Release x;

	private static Release y;

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase()).entities(Depot.ENTITIES).build();
		x = released("X");
		y = released("Y");
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	private static Release released(String letter) {
		try (Build build = node.builds.open("depot", "main")) {
			Site site = new Site("main");
			Shelf shelf = new Shelf(1, site, letter + "1");
			Shelf spare = new Shelf(2, site, letter + "2");
			shelf.notes.addAll(List.of(new Note(letter + "a", 1), new Note(letter + "b", 2)));
			Label label = new Label(1, letter + "-label");
			Box box = new Box(shelf, 2L, label);
			box.marks.addAll(Set.of(letter, "fragile"));
			List.of(site, shelf, spare, label, box).forEach(build.writer()::write);
			build.seal();
			return node.releases.release(build.buildStrate());
		}
	}

	private static <T> T pinned(Release release, Supplier<T> work) {
		return node.queries.pinned(PinRequest.release(release.scope(), release.scopeId(), release.number()),
				() -> node.inTransaction(work));
	}

	private static <T> T one(Class<T> type, String where) {
		return node.entityManager().createQuery("from " + type.getSimpleName() + " e " + where, type).getSingleResult();
	}

	private static String letter(StratifiedEntity entity) {
		return x.buildStrate().equals(entity.getBuildStrate()) ? "X"
				: y.buildStrate().equals(entity.getBuildStrate()) ? "Y" : "?";
	}

	@Test
	void associationOfAGenericSuperclassIsReadInTheBuild() {
		assertThat(pinned(x, () -> letter(one(Shelf.class, "join fetch e.parent where e.id = 1").getParent())))
			.isEqualTo("X");
		assertThat(pinned(y, () -> {
			Site lazy = one(Shelf.class, "where e.parent.id = 'main' and e.id = 1").getParent();
			return lazy.getId() + letter(lazy);
		})).isEqualTo("mainY");
	}

	@Test
	void associationWithNamedColumnsAndNoConstraintIsReadInTheBuild() {
		assertThat(pinned(x, () -> one(Box.class, "").getShelf().getParent().getId())).isEqualTo("main");
		assertThat(pinned(x, () -> letter(one(Box.class, "join fetch e.shelf").getShelf()))).isEqualTo("X");
		assertThat(pinned(y, () -> letter(one(Box.class, "join fetch e.shelf").getShelf()))).isEqualTo("Y");
	}

	@Test
	void readOnlyAssociationFollowsItsBasicAttribute() {
		assertThat(pinned(y, () -> {
			Shelf spare = one(Box.class, "").getSpareShelf();
			return spare.getId() + letter(spare);
		})).isEqualTo("2Y");
	}

	@Test
	void oneToOneIsReadFromBothSides() {
		assertThat(pinned(x, () -> one(Box.class, "").getLabel().getText())).isEqualTo("X-label");
		assertThat(pinned(y, () -> letter(one(Label.class, "").getBox()))).isEqualTo("Y");
		assertThat(pinned(y, () -> letter(one(Label.class, "left join fetch e.box").getBox()))).isEqualTo("Y");
	}

	@Test
	void elementsAreThoseOfTheBuild() {
		assertThat(pinned(x, () -> List.copyOf(one(Shelf.class, "where e.id = 1").notes)))
			.containsExactlyInAnyOrder(new Note("Xa", 1), new Note("Xb", 2));
		assertThat(pinned(y, () -> Set.copyOf(one(Box.class, "left join fetch e.marks").marks)))
			.containsExactlyInAnyOrder("Y", "fragile");
	}

	@Test
	void generatedTextIdIsAUuid() {
		assertThat(pinned(x, () -> UUID.fromString(one(Box.class, "").getId()))).isNotNull();
	}

	@Test
	void danglingReferenceWithoutConstraintIsFoundWhenTheBuildIsSealed() {
		try (Build build = node.builds.open("depot", "other")) {
			Site site = new Site("other");
			Shelf missing = new Shelf(77, site, "missing");
			build.writer().write(site);
			build.writer().write(new Box(missing, null, null));

			assertThatThrownBy(build::seal).isInstanceOf(IncompleteBuildException.class)
				.hasMessageContaining("points with shelf at Shelf 77");
		}
	}

}
