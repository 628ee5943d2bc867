package io.strates.build;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.strates.TestNode;
import io.strates.dev.DevPostgres;
import io.strates.entity.StratifiedEntity;
import io.strates.forest.Animal;
import io.strates.forest.Bird;
import io.strates.forest.Forest;
import io.strates.forest.Forests;
import io.strates.forest.Leaf;
import io.strates.forest.Mouse;
import io.strates.forest.Ranger;
import io.strates.forest.Sighting;
import io.strates.forest.Station;
import io.strates.forest.Tree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** In which order the writer stores rows, and what it makes of each entity. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterIntegrationTests {

	private static final int CHUNK = 7;

	private static TestNode node;

	private static final ExecutorService threads = Executors.newCachedThreadPool();

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.chunkSize(CHUNK)
			.poolSize(12)
			.logStatements()
			.build();
	}

	@AfterAll
	static void stop() {
		threads.shutdownNow();
		node.close();
	}

	@Test
	void manyThreadsInRandomOrderNeverViolateAForeignKey() throws Exception {
		for (int round = 0; round < 12; round++) {
			long seed = new Random().nextLong();
			Map<String, Long> written = new ConcurrentHashMap<>();
			try (Build build = node.builds.open("forest", "random")) {
				List<Future<?>> work = new ArrayList<>();
				AtomicLong ids = new AtomicLong();
				for (int thread = 0; thread < 6; thread++) {
					Random random = new Random(seed + thread);
					work.add(threads.submit(() -> writeRandomly(build.writer(), random, ids, written)));
				}
				for (Future<?> each : work) {
					each.get();
				}

				Map<String, Long> counts = new HashMap<>(build.seal().rowCounts());
				counts.values().removeIf((count) -> count == 0);
				counts.remove("Animal");

				assertThat(counts).as("seed %s", seed).isEqualTo(written);
			}
			catch (Exception | AssertionError ex) {
				throw new AssertionError("Failed with seed " + seed, ex);
			}
		}
	}

	/** Refers only to what this thread has written before. */
	private static void writeRandomly(BuildWriter writer, Random random, AtomicLong ids, Map<String, Long> written) {
		List<Forest> forests = new ArrayList<>();
		List<Tree> trees = new ArrayList<>();
		List<Animal> animals = new ArrayList<>();
		List<Ranger> rangers = new ArrayList<>();
		List<Station> stations = new ArrayList<>();
		for (int step = 0; step < 150; step++) {
			long id = ids.incrementAndGet();
			Object entity = switch (random.nextInt(7)) {
				case 0 -> added(forests, new Forest("f" + id));
				case 1 -> {
					Tree tree = new Tree(id, "t" + id, any(forests, random), any(trees, random));
					for (int leaf = random.nextInt(4); leaf > 0; leaf--) {
						tree.getLeaves().add(new Leaf(tree, leaf));
						written.merge("Leaf", 1L, Long::sum);
					}
					yield added(trees, tree);
				}
				case 2 -> added(animals, new Bird(any(trees, random), any(animals, random), 3));
				case 3 -> added(animals, new Mouse(any(trees, random), any(animals, random), 3));
				case 4 -> added(rangers, new Ranger((int) id, any(stations, random)));
				case 5 -> added(stations, new Station((int) id, any(rangers, random)));
				default -> new Sighting(id, any(trees, random));
			};
			written.merge(entity.getClass().getSimpleName(), 1L, Long::sum);
			writer.write(entity);
			if (random.nextInt(60) == 0) {
				writer.flush();
			}
		}
	}

	private static <T> T added(List<T> list, T entity) {
		list.add(entity);
		return entity;
	}

	private static <T> T any(List<T> list, Random random) {
		return (list.isEmpty() || random.nextInt(4) == 0) ? null : list.get(random.nextInt(list.size()));
	}

	@Test
	void rowsThatReferToTheirOwnKindAreStoredInTheirOrderOverManyChunks() {
		try (Build build = node.builds.open("forest", "line")) {
			Tree last = null;
			for (long id = 1; id <= 10 * CHUNK; id++) {
				last = new Tree(id, "t" + id, null, last);
				build.writer().write(last);
			}

			assertThat(build.seal().rowCounts()).containsEntry("Tree", 10L * CHUNK);
		}
	}

	@Test
	void entitiesThatReferToEachOtherInACircleAreStoredInTheOrderOfWriting() {
		try (Build build = node.builds.open("forest", "circle")) {
			Station station = null;
			for (int id = 1; id <= 5 * CHUNK; id++) {
				Ranger ranger = new Ranger(id, station);
				station = new Station(id, ranger);
				build.writer().write(ranger);
				build.writer().write(station);
			}

			assertThat(build.seal().rowCounts()).containsEntry("Ranger", 5L * CHUNK)
				.containsEntry("Station", 5L * CHUNK);
		}
	}

	@Test
	void rowsOfAJoinedHierarchyMayReferToAnySubclass() {
		try (Build build = node.builds.open("forest", "prey")) {
			Animal last = null;
			for (int i = 0; i < 4 * CHUNK; i++) {
				last = (i % 2 == 0) ? new Bird(null, last, i) : new Mouse(null, last, i);
				build.writer().write(last);
			}
			UUID id = build.buildStrate();
			build.seal();

			assertThat(node.count("select count(*) from animal a join animal p on p.build_strate = a.build_strate"
					+ " and p.id = a.prey_id where a.build_strate = ?", id))
				.isEqualTo(4 * CHUNK - 1);
		}
	}

	@Test
	void generatedIdsAreGivenAtOnceAndStored() {
		try (Build build = node.builds.open("forest", "generated")) {
			Forest forest = new Forest("f");
			Bird bird = new Bird(null, null, 4);
			bird.getSounds().add("peep");
			build.writer().write(forest);
			build.writer().write(bird);
			assertThat(forest.getId()).isNotNull();
			assertThat(bird.getId()).isNotNull();
			build.seal();

			assertThat(ids("forest", build)).containsExactly(forest.getId());
			assertThat(ids("animal", build)).containsExactly(bird.getId());
			assertThat(ids("bird", build)).containsExactly(bird.getId());
			assertThat(node.jdbc.sql("select sounds from animal_sounds where animal_id = ? and animal_build_strate = ?")
				.params(bird.getId(), build.buildStrate())
				.query(String.class)
				.list()).containsExactly("peep");
		}
	}

	@Test
	void callbacksRunOnceForWrittenAndForReachedEntities() {
		try (Build build = node.builds.open("forest", "callbacks")) {
			Tree tree = new Tree(1, "t", new Forest(), null);
			tree.getLeaves().add(new Leaf(tree, 1));
			tree.getLeaves().add(new Leaf(tree, 2));

			build.writer().write(tree);

			assertThat(tree.getForest().getName()).isEqualTo("unnamed");
			assertThat(tree.getLeaves()).extracting(Leaf::getId).containsExactly("1/1", "1/2");
			assertThat(build.seal().rowCounts()).containsEntry("Leaf", 2L).containsEntry("Forest", 1L);
		}
	}

	@Test
	void aNewParentThatSeveralThreadsReachIsWrittenOnceAndBeforeItsChildren() throws Exception {
		for (int round = 0; round < 30; round++) {
			try (Build build = node.builds.open("forest", "shared")) {
				List<Forest> shared = new ArrayList<>();
				IntStream.range(0, 20).forEach((i) -> shared.add(new Forest("f" + i)));
				CyclicBarrier barrier = new CyclicBarrier(4);
				List<Future<?>> work = new ArrayList<>();
				for (int thread = 0; thread < 4; thread++) {
					long first = thread * 100L;
					work.add(threads.submit(() -> {
						barrier.await();
						for (int i = 0; i < shared.size(); i++) {
							build.writer().write(new Tree(first + i, "t", shared.get(i), null));
						}
						return true;
					}));
				}
				for (Future<?> each : work) {
					each.get();
				}

				assertThat(build.seal().rowCounts()).containsEntry("Forest", 20L).containsEntry("Tree", 80L);
			}
		}
	}

	@Test
	void aReachedEntityThatIsAlsoWrittenByItselfIsRefusedByTheDatabase() {
		try (Build build = node.builds.open("forest", "double")) {
			Forest forest = new Forest("f");
			build.writer().write(new Tree(1, "t", forest, null));

			build.writer().write(forest);

			assertThatExceptionOfType(ChunkFailedException.class).isThrownBy(build::seal)
				.withMessageContaining("rows of Forest");
		}
	}

	@Test
	void aFailedAggregateIsTakenAsAWholeOnTheNextAttempt() {
		try (Build build = node.builds.open("forest", "again")) {
			Tree tree = new Tree(1, "t", new Forest("f"), null);
			tree.getLeaves().add(new Leaf(tree, 1));
			tree.getLeaves().add(new Leaf(null, 2));
			assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> build.writer().write(tree));
			tree.getLeaves().remove(1);

			build.writer().write(tree);

			assertThat(build.seal().rowCounts()).containsEntry("Leaf", 1L)
				.containsEntry("Tree", 1L)
				.containsEntry("Forest", 1L);
		}
	}

	@Test
	void oneInstanceMayStandForManyRows() {
		try (Build build = node.builds.open("forest", "flyweight")) {
			Tree tree = new Tree(0, "", null, null);

			build.writer().writeAll(LongStream.rangeClosed(1, 5 * CHUNK + 2).mapToObj((id) -> tree.next(id, "t" + id)));

			assertThat(build.seal().rowCounts()).containsEntry("Tree", 5L * CHUNK + 2);
			assertThat(node.count("select count(distinct name) from tree where build_strate = ?", build.buildStrate()))
				.isEqualTo(5 * CHUNK + 2);
		}
	}

	@Test
	void aStreamIsHeldByTheChunkOnly() {
		AtomicLong stored = new AtomicLong();
		AtomicLong mostHeld = new AtomicLong();
		BuildListener listener = new BuildListener() {
			@Override
			public void progressed(BuildProgress progress) {
				stored.set(progress.total());
			}
		};
		try (Build build = node.builds.open("forest", "stream", BuildOptions.defaults().listener(listener))) {
			build.writer().writeAll(LongStream.rangeClosed(1, 2000).mapToObj((id) -> {
				mostHeld.accumulateAndGet(id - 1 - stored.get(), Math::max);
				return new Tree(id, "t", null, null);
			}));

			assertThat(mostHeld.get()).isPositive().isLessThan(CHUNK);
			assertThat(build.seal().rowCounts()).containsEntry("Tree", 2000L);
		}
	}

	@Test
	void severalThreadsHoldAtMostAChunkPerLaneAndTheOneThatEachStores() throws Exception {
		AtomicLong written = new AtomicLong();
		AtomicLong mostHeld = new AtomicLong();
		AtomicLong stored = new AtomicLong();
		BuildListener listener = new BuildListener() {
			@Override
			public void progressed(BuildProgress progress) {
				stored.accumulateAndGet(progress.total(), Math::max);
			}
		};
		try (Build build = node.builds.open("forest", "threads", BuildOptions.defaults().listener(listener))) {
			List<Future<?>> work = new ArrayList<>();
			for (int thread = 0; thread < 4; thread++) {
				long first = thread * 1000L;
				work.add(threads.submit(() -> {
					for (int i = 0; i < 300; i++) {
						build.writer()
							.write((i % 2 == 0) ? new Sighting(first + i, null) : new Ranger((int) first + i, null));
						mostHeld.accumulateAndGet(written.incrementAndGet() - stored.get(), Math::max);
					}
				}));
			}
			for (Future<?> each : work) {
				each.get();
			}

			assertThat(mostHeld.get()).isLessThanOrEqualTo((2 + 2 * 4) * CHUNK);
			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 600L).containsEntry("Ranger", 600L);
		}
	}

	@Test
	void fiftyThousandRowsCostNoStatementEach() {
		node.statements.clear();
		try (Build build = node.builds.open("forest", "many")) {
			build.writer().writeAll(LongStream.rangeClosed(1, 50_000).mapToObj((id) -> new Sighting(id, null)));
			assertThat(node.statements.statements()).filteredOn((sql) -> sql.contains("sighting")).isEmpty();
			assertThat(node.statements.statements().size()).isLessThan(50_000 / CHUNK + 100);

			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 50_000L);
		}
	}

	@Test
	void danglingReferencesAreListedAndMayBeMendedBeforeSealingAgain() {
		try (Build build = node.builds.open("forest", "dangling")) {
			Tree present = new Tree(1, "present", null, null);
			Tree absent = new Tree(2, "absent", null, null);
			build.writer().write(present);
			build.writer().writeAll(List.of(new Sighting(10, present), new Sighting(11, absent)));

			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.satisfies((ex) -> assertThat(ex.getViolations())
					.containsExactly("Sighting 11 points with tree at Tree 2, which the build does not have"));
			assertThat(node.builds.get(build.buildStrate()).status()).isEqualTo(BuildStatus.BUILDING);
			build.writer().write(absent);

			assertThat(build.seal().rowCounts()).containsEntry("Tree", 2L);
		}
	}

	@Test
	void aReferenceToARowOfAnotherBuildDangles() {
		Tree elsewhere = new Tree(7, "elsewhere", null, null);
		try (Build build = node.builds.open("forest", "first")) {
			build.writer().write(elsewhere);
			build.seal();
		}
		try (Build build = node.builds.open("forest", "second")) {
			build.writer().write(new Sighting(1, elsewhere));

			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.withMessageContaining("Sighting 1 points with tree at Tree 7");
		}
	}

	@Test
	void manyDanglingReferencesAreCounted() {
		try (Build build = node.builds.open("forest", "hundred")) {
			Tree absent = new Tree(1, "absent", null, null);
			build.writer().writeAll(LongStream.rangeClosed(1, 100).mapToObj((id) -> new Sighting(id, absent)));

			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.satisfies((ex) -> assertThat(ex.getViolations()).hasSize(21)
					.last()
					.isEqualTo("and 80 more rows like these through Sighting.tree"));
		}
	}

	@Test
	void aDroppedForeignKeyLeavesTheCheckAtTheSeal() {
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase()).entities(Forests.entities()).build();
				Build build = own.builds.open("forest", "dropped")) {
			own.jdbc.sql("alter table leaf drop constraint fk_leaf_tree").update();
			Tree absent = new Tree(1, "absent", null, null);
			build.writer().write(new Leaf(absent, 3));

			assertThatExceptionOfType(IncompleteBuildException.class).isThrownBy(build::seal)
				.withMessageContaining("Leaf 1/3 points with tree at Tree 1, which the build does not have");
		}
	}

	@Test
	void anEntityReadFromAnotherBuildIsCopiedAndLeftAsItIs() {
		Forest forest = new Forest("old");
		Tree first = new Tree(1, "first", forest, null);
		Bird bird = new Bird(first, null, 5);
		bird.getSounds().addAll(List.of("a", "b"));
		UUID source;
		try (Build build = node.builds.open("forest", "copy")) {
			source = build.buildStrate();
			build.writer().writeAll(List.of(first, new Tree(2, "second", forest, first), bird));
			node.releases.release(build.seal().buildStrate());
		}

		try (Build build = node.builds.open("forest", "copy")) {
			reading("copy", () -> {
				for (String entity : List.of("Forest", "Tree", "Animal")) {
					List<Object> read = node.entityManager.createQuery("from " + entity, Object.class).getResultList();
					build.writer().writeAll(read);
					assertThat(read)
						.allSatisfy((each) -> assertThat(((StratifiedEntity) each).getBuildStrate()).isEqualTo(source));
				}
			});
			Map<String, Long> counts = build.seal().rowCounts();

			assertThat(counts).containsEntry("Tree", 2L)
				.containsEntry("Bird", 1L)
				.containsEntry("Forest", 1L)
				.isEqualTo(node.builds.get(source).rowCounts());
			for (String table : List.of("forest", "tree", "animal", "bird")) {
				assertThat(ids(table, build)).as(table).isEqualTo(ids(table, source));
			}
			assertThat(
					node.count("select count(*) from animal_sounds where animal_build_strate = ?", build.buildStrate()))
				.isEqualTo(2);
			assertThat(node.count("select count(*) from tree where build_strate = ? and seed_of_id = 1", source))
				.isEqualTo(1);
		}
	}

	@Test
	void aDetachedEntityWithAnUnloadedCollectionFailsClearly() {
		try (Build build = node.builds.open("forest", "detached")) {
			build.writer().write(new Mouse(null, null, 5));
			node.releases.release(build.seal().buildStrate());
		}
		Animal detached = node.queries.pinned("forest", "detached", () -> node
			.inTransaction(() -> node.entityManager.createQuery("from Animal", Animal.class).getSingleResult()));

		try (Build build = node.builds.open("forest", "detached")) {
			assertThatIllegalArgumentException().isThrownBy(() -> build.writer().write(detached))
				.withMessageContaining("Mouse " + detached.getId() + " has 'sounds' not loaded")
				.withMessageContaining("fetch it");
		}
	}

	@Test
	void aProxyIsWrittenAsTheEntityBehindIt() {
		Bird prey = new Bird(null, null, 9);
		try (Build build = node.builds.open("forest", "proxy")) {
			build.writer().write(prey);
			build.writer().write(new Mouse(null, prey, 2));
			node.releases.release(build.seal().buildStrate());
		}
		try (Build build = node.builds.open("forest", "proxy")) {
			reading("proxy", () -> {
				Mouse mouse = node.entityManager.createQuery("from Mouse", Mouse.class).getSingleResult();
				assertThat(mouse.getPrey()).isNotInstanceOf(Bird.class);
				build.writer().write(mouse.getPrey());
			});

			assertThat(build.seal().rowCounts()).containsEntry("Bird", 1L).containsEntry("Mouse", 0L);
		}
	}

	@Test
	void newChildrenOfAnEntityThatWasReadAreWrittenWithIt() {
		try (Build build = node.builds.open("forest", "grown")) {
			build.writer().write(new Tree(1, "t", null, null));
			node.releases.release(build.seal().buildStrate());
		}
		try (Build build = node.builds.open("forest", "grown")) {
			reading("grown", () -> {
				Tree tree = node.entityManager.createQuery("select t from Tree t left join fetch t.leaves", Tree.class)
					.getSingleResult();
				node.entityManager.detach(tree);
				tree.getLeaves().add(new Leaf(tree, 1));
				build.writer().write(tree);
			});

			assertThat(build.seal().rowCounts()).containsEntry("Tree", 1L).containsEntry("Leaf", 1L);
		}
	}

	@Test
	void aParallelStreamIsWrittenByItsThreads() {
		try (Build build = node.builds.open("forest", "parallel stream")) {
			build.writer()
				.writeAll(LongStream.rangeClosed(1, 3000).parallel().mapToObj((id) -> new Sighting(id, null)));

			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 3000L);
		}
	}

	@Test
	void aStreamIsClosedAlsoWhenARowFails() {
		List<String> closed = Collections.synchronizedList(new ArrayList<>());
		try (Build build = node.builds.open("forest", "closing")) {
			assertThatIllegalArgumentException().isThrownBy(() -> build.writer()
				.writeAll(java.util.stream.Stream.of("no entity").onClose(() -> closed.add("closed"))));
		}

		assertThat(closed).containsExactly("closed");
	}

	@Test
	void anInterruptedWriterFailsTheBuildAndKeepsItsFlag() throws Exception {
		try (Build build = node.builds.open("forest", "interrupted")) {
			Future<Boolean> interrupted = threads.submit(() -> {
				Thread.currentThread().interrupt();
				try {
					build.writer().writeAll(LongStream.rangeClosed(1, 10_000).mapToObj((id) -> new Sighting(id, null)));
				}
				catch (RuntimeException ex) {
					return Thread.interrupted();
				}
				return Thread.interrupted();
			});

			assertThat(interrupted.get()).isTrue();
		}
	}

	private static void reading(String scopeId, Runnable work) {
		node.queries.pinned("forest", scopeId, () -> {
			node.transaction.executeWithoutResult((status) -> work.run());
			return true;
		});
	}

	private static List<Long> ids(String table, Build build) {
		return ids(table, build.buildStrate());
	}

	private static List<Long> ids(String table, UUID build) {
		return node.jdbc.sql("select id from " + table + " where build_strate = ? order by id")
			.param(build)
			.query(Long.class)
			.list();
	}

}
