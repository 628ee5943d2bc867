package io.strates.build;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.strates.StratesException;
import io.strates.TestNode;
import io.strates.entity.LongStrateKey;
import io.strates.entity.StringStrateKey;
import io.strates.query.PinRequest;
import io.strates.shop.Catalog;
import io.strates.shop.Image;
import io.strates.shop.Product;
import io.strates.shop.ProductTag;
import io.strates.shop.ShopStates;
import io.strates.shop.Tag;
import jakarta.persistence.EntityManager;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Nothing changes a sealed build, whichever way it is tried. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SealedBuildIntegrationTests {

	private static TestNode node;

	private static UUID sealed;

	private static String before;

	@BeforeAll
	static void start() {
		node = TestNode.onPostgres();
		try (Build build = node.builds.open("catalog", "north")) {
			ShopStates.write(build.writer(), "north", 5);
			Image image = new Image(1, "photo", null, 100, null);
			image.getLabels().addAll(List.of("front", "back"));
			build.writer().write(image);
			sealed = build.seal().buildStrate();
		}
		node.releases.release(sealed);
		before = content();
	}

	@AfterAll
	static void stop() {
		node.close();
	}

	@AfterEach
	void nothingHasChanged() {
		assertThat(content()).isEqualTo(before);
	}

	@Test
	void theWriterRefusesRows() {
		try (Build build = node.builds.open("catalog", "south")) {
			ShopStates.write(build.writer(), "south", 2);
			UUID id = build.seal().buildStrate();

			assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> build.writer().write(new Tag("late")))
				.withMessageContaining("SEALED")
				.withMessageContaining(id.toString())
				.withMessageContaining("open a new build")
				.satisfies((ex) -> assertThat(ex.getBuild().status()).isEqualTo(BuildStatus.SEALED));
			assertThatExceptionOfType(BuildStateException.class)
				.isThrownBy(() -> build.writer().writeAll(Stream.of(new Tag("late"))));
			assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> build.writer().flush());
			assertThatExceptionOfType(BuildStateException.class).isThrownBy(() -> build.run(() -> {
			}));
			assertThat(node.count("select count(*) from tag where build_strate = ?", id)).isEqualTo(3);
		}
	}

	@Test
	void aChunkOfAnotherNodeIsRefused() {
		assertThatExceptionOfType(BuildStateException.class)
			.isThrownBy(() -> node.transaction
				.executeWithoutResult((status) -> new WritePermits(node.buildTable).require(sealed)))
			.withMessageContaining("RELEASED");
	}

	/** Each way to change a row, of an entity that was read or by a statement. */
	enum Change {

		SAVE {
			@Override
			void apply(EntityManager em) {
				Product product = node.products.findById(1L).orElseThrow();
				product.setPrice(1);
				node.products.save(product);
			}
		},
		SAVE_NEW {
			@Override
			void apply(EntityManager em) {
				node.products.save(new Product(99, "p99", 1, em.find(Catalog.class, new LongStrateKey(1L, sealed))));
			}
		},
		DELETE {
			@Override
			void apply(EntityManager em) {
				node.products.deleteById(1L);
			}
		},
		DELETE_ALL {
			@Override
			void apply(EntityManager em) {
				node.products.deleteAll();
			}
		},
		DELETE_IN_BATCH {
			@Override
			void apply(EntityManager em) {
				node.products.deleteAllInBatch();
			}
		},
		DIRTY_UPDATE {
			@Override
			void apply(EntityManager em) {
				node.products.findById(1L).orElseThrow().setPrice(1);
			}
		},
		DIRTY_COLLECTION {
			@Override
			void apply(EntityManager em) {
				em.find(Image.class, new LongStrateKey(1L, sealed)).getLabels().add("side");
			}
		},
		MERGE {
			@Override
			void apply(EntityManager em) {
				Product product = node.products.findById(1L).orElseThrow();
				em.detach(product);
				product.setName("merged");
				em.merge(product);
			}
		},
		PERSIST_CHILD {
			@Override
			void apply(EntityManager em) {
				Product product = node.products.findById(1L).orElseThrow();
				product.getTags().add(new ProductTag(product, em.find(Tag.class, new StringStrateKey("two", sealed))));
			}
		},
		REMOVE {
			@Override
			void apply(EntityManager em) {
				em.remove(em.find(Tag.class, new StringStrateKey("one", sealed)));
			}
		},
		JPQL_UPDATE {
			@Override
			void apply(EntityManager em) {
				em.createQuery("update Product p set p.price = 0").executeUpdate();
			}
		},
		JPQL_UPDATE_OF_THE_BUILD {
			@Override
			void apply(EntityManager em) {
				em.createQuery("update Product p set p.price = 0 where p.buildStrate = :build")
					.setParameter("build", sealed)
					.executeUpdate();
			}
		},
		JPQL_DELETE {
			@Override
			void apply(EntityManager em) {
				em.createQuery("delete from ProductTag").executeUpdate();
			}
		},
		NATIVE_UPDATE {
			@Override
			void apply(EntityManager em) {
				em.createNativeQuery("update product set price = 0 where build_strate = :build")
					.setParameter("build", sealed)
					.executeUpdate();
			}
		},
		NATIVE_DELETE {
			@Override
			void apply(EntityManager em) {
				em.createNativeQuery("delete from product_tag where build_strate = :build")
					.setParameter("build", sealed)
					.executeUpdate();
			}
		},
		NATIVE_INSERT {
			@Override
			void apply(EntityManager em) {
				em.createNativeQuery("insert into tag (build_strate, tag_name) values (:build, 'late')")
					.setParameter("build", sealed)
					.executeUpdate();
			}
		},
		STATELESS_INSERT {
			@Override
			void apply(EntityManager em) {
				stateless((session) -> {
					Tag tag = new Tag("late");
					node.builds.get(sealed);
					session.insert(withBuild(tag));
				});
			}
		},
		STATELESS_UPDATE {
			@Override
			void apply(EntityManager em) {
				stateless((session) -> {
					Product product = session.get(Product.class, new LongStrateKey(1L, sealed));
					product.setPrice(0);
					session.update(product);
				});
			}
		},
		STATELESS_DELETE {
			@Override
			void apply(EntityManager em) {
				stateless((session) -> session.delete(session.get(Tag.class, new StringStrateKey("one", sealed))));
			}
		},
		STATELESS_UPSERT {
			@Override
			void apply(EntityManager em) {
				stateless((session) -> {
					Product product = session.get(Product.class, new LongStrateKey(1L, sealed));
					product.setPrice(0);
					session.upsert(product);
				});
			}
		};

		abstract void apply(EntityManager em);

		void stateless(Consumer<StatelessSession> work) {
			try (StatelessSession session = node.entityManagerFactory.unwrap(SessionFactory.class)
				.openStatelessSession()) {
				session.beginTransaction();
				work.accept(session);
				session.getTransaction().commit();
			}
		}

		static Tag withBuild(Tag tag) {
			try {
				var field = io.strates.entity.StratifiedEntity.class.getDeclaredField("buildStrate");
				field.setAccessible(true);
				field.set(tag, sealed);
				return tag;
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@ParameterizedTest
	@EnumSource
	void aChangeInsideAPinIsRefused(Change change) {
		assertThatThrownBy(() -> node.queries.pinned(PinRequest.build("catalog", "north", sealed), () -> {
			node.transaction.executeWithoutResult((status) -> change.apply(node.entityManager));
			return true;
		})).satisfies(SealedBuildIntegrationTests::isRefusal);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE,
			names = { "SAVE_NEW", "JPQL_UPDATE", "JPQL_DELETE", "DELETE_IN_BATCH", "DELETE_ALL", "NATIVE_UPDATE",
					"NATIVE_DELETE", "NATIVE_INSERT", "JPQL_UPDATE_OF_THE_BUILD", "SAVE", "DELETE", "DIRTY_UPDATE",
					"MERGE", "PERSIST_CHILD", "STATELESS_UPSERT" })
	void aChangeInsideAnotherOpenBuildIsRefused(Change change) {
		try (Build other = node.builds.open("catalog", "north")) {
			assertThatThrownBy(() -> other.run(() -> node.transaction.executeWithoutResult((status) -> {
				node.entityManager.persist(new Tag("own"));
				node.entityManager.flush();
				change.apply(node.entityManager);
			}))).satisfies(SealedBuildIntegrationTests::isRefusal);
		}
	}

	@Test
	void aStatementInsideAnotherOpenBuildChangesOnlyThat() {
		try (Build other = node.builds.open("catalog", "north")) {
			ShopStates.write(other.writer(), "north", 4);

			other.run(() -> node.transaction.executeWithoutResult((status) -> {
				node.entityManager.persist(new Tag("own"));
				node.entityManager.flush();
				assertThat(node.entityManager.createQuery("update Product p set p.price = 0").executeUpdate())
					.isEqualTo(4);
				assertThat(node.entityManager.createQuery("delete from ProductTag").executeUpdate()).isEqualTo(4);
			}));

			assertThat(node.count("select sum(price) from product where build_strate = ?", other.buildStrate()))
				.isZero();
		}
	}

	private static void isRefusal(Throwable thrown) {
		boolean refused = false;
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			refused |= cause instanceof StratesException;
		}
		assertThat(refused).as("refused by %s", thrown).isTrue();
	}

	/** Every row of the sealed build, in every table. */
	private static String content() {
		StringBuilder content = new StringBuilder();
		node.mapping.schema()
			.tables()
			.stream()
			.filter((table) -> table.type().scope().equals("catalog"))
			.forEach((table) -> content.append(table.name())
				.append(node.jdbc
					.sql("select coalesce(string_agg(t::text, ';' order by t::text), '') from " + table.name()
							+ " t where t." + table.buildColumn() + " = ?")
					.param(sealed)
					.query(String.class)
					.single()));
		return content.toString();
	}

}
