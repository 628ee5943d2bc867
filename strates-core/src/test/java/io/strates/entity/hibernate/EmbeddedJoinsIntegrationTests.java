package io.strates.entity.hibernate;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.dev.DevPostgres;
import io.strates.entity.Stratified;
import io.strates.entity.StratifiedEntity;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.ManyToOne;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EmbeddedJoins} on PostgreSQL.
 */
class EmbeddedJoinsIntegrationTests {

	private static TestNode node;

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase())
			.entities(Lid.class, Crate.class, Can.class, BigCan.class)
			.build();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@Test
	void entityManagerInsertsTheJoinOfAnEmbeddable() {
		try (Build build = node.builds.open("cellar", "1")) {
			persist(build, new Lid(1), new Lid(2), new Crate(7, new Top(3, new Closure(new Lid(2), 5))));

			build.seal();
			assertThat(lidOf(build, "crate", 7)).isEqualTo(2);
			assertThat(number(build, "select width from crate")).isEqualTo(3);
			assertThat(number(build, "select turns from crate")).isEqualTo(5);
		}
	}

	@Test
	void entityManagerUpdatesTheJoinOfAnEmbeddable() {
		try (Build build = node.builds.open("cellar", "2")) {
			persist(build, new Lid(1), new Lid(2), new Crate(7, new Top(3, new Closure(new Lid(2), 5))));

			build.run(() -> node.transaction.executeWithoutResult((status) -> {
				Lid other = node.entityManager.createQuery("from Lid where id = 1", Lid.class).getSingleResult();
				node.entityManager.createQuery("from Crate", Crate.class).getSingleResult().top = new Top(4,
						new Closure(other, 6));
			}));

			assertThat(lidOf(build, "crate", 7)).isEqualTo(1);
			assertThat(number(build, "select turns from crate")).isEqualTo(6);
		}
	}

	@Test
	void entityManagerInsertsTheJoinThatASubclassInheritsInAnEmbeddable() {
		try (Build build = node.builds.open("cellar", "3")) {
			persist(build, new Lid(2), new BigCan(8, new Closure(new Lid(2), 5), 9));

			assertThat(lidOf(build, "can", 8)).isEqualTo(2);
			assertThat(number(build, "select litres from big_can")).isEqualTo(9);
		}
	}

	@Test
	void writerInsertsTheJoinThatASubclassInheritsInAnEmbeddable() {
		try (Build build = node.builds.open("cellar", "4")) {
			Lid lid = new Lid(2);
			build.writer().write(lid);
			build.writer().write(new BigCan(8, new Closure(lid, 5), 9));

			build.seal();
			assertThat(lidOf(build, "can", 8)).isEqualTo(2);
		}
	}

	/** Lids that rows refer to are replaced by those that were written. */
	private static void persist(Build build, StratifiedEntity... entities) {
		build.run(() -> node.transaction.executeWithoutResult((status) -> {
			for (StratifiedEntity entity : entities) {
				Closure closure = (entity instanceof Crate crate) ? crate.top.closure
						: (entity instanceof Can can) ? can.closure : null;
				if (closure != null) {
					closure.lid = node.entityManager.createQuery("from Lid where id = :id", Lid.class)
						.setParameter("id", closure.lid.getId())
						.getSingleResult();
				}
				node.entityManager.persist(entity);
			}
		}));
	}

	private static long lidOf(Build build, String table, long id) {
		return number(build, "select lid_id from " + table + " where id = " + id + " and build_strate = :build");
	}

	private static long number(Build build, String sql) {
		String fixed = sql.contains("where") ? sql : sql + " where build_strate = :build";
		return node.jdbc.sql(fixed).param("build", build.buildStrate()).query(Long.class).single();
	}

	@Entity(name = "Lid")
	@Stratified(scope = "cellar", root = true)
	static class Lid extends StratifiedEntity {

		@Id
		Long id;

		protected Lid() {
		}

		Lid(long id) {
			this.id = id;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

	@Entity(name = "Crate")
	@Stratified(scope = "cellar")
	static class Crate extends StratifiedEntity {

		@Id
		Long id;

		@Embedded
		Top top;

		protected Crate() {
		}

		Crate(long id, Top top) {
			this.id = id;
			this.top = top;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

	@Embeddable
	static class Top {

		int width;

		@Embedded
		Closure closure;

		protected Top() {
		}

		Top(int width, Closure closure) {
			this.width = width;
			this.closure = closure;
		}

	}

	@Embeddable
	static class Closure {

		@ManyToOne(fetch = FetchType.LAZY)
		Lid lid;

		int turns;

		protected Closure() {
		}

		Closure(Lid lid, int turns) {
			this.lid = lid;
			this.turns = turns;
		}

	}

	@Entity(name = "Can")
	@Stratified(scope = "cellar")
	@Inheritance(strategy = InheritanceType.JOINED)
	static class Can extends StratifiedEntity {

		@Id
		Long id;

		@Embedded
		Closure closure;

		protected Can() {
		}

		Can(long id, Closure closure) {
			this.id = id;
			this.closure = closure;
		}

		@Override
		public Long getId() {
			return this.id;
		}

	}

	@Entity(name = "BigCan")
	@Stratified(scope = "cellar")
	static class BigCan extends Can {

		int litres;

		protected BigCan() {
		}

		BigCan(long id, Closure closure, int litres) {
			super(id, closure);
			this.litres = litres;
		}

	}

}
