package io.strates.build;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import io.strates.TestNode;
import io.strates.dev.DevPostgres;
import io.strates.forest.Forests;
import io.strates.forest.Ranger;
import io.strates.forest.Sighting;
import io.strates.forest.Tree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Branches of a build: parallel, bounded, and ended all together. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BranchesIntegrationTests {

	private static final int PARALLELISM = 3;

	private static TestNode node;

	private static final ExecutorService threads = Executors.newCachedThreadPool();

	private static final ExecutorService branches = Executors.newCachedThreadPool();

	@BeforeAll
	static void start() {
		node = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.chunkSize(10)
			.parallelism(PARALLELISM)
			.branchExecutor((task) -> branches.execute(task))
			.build();
	}

	@AfterAll
	static void stop() {
		threads.shutdownNow();
		branches.shutdownNow();
		node.close();
	}

	@Test
	void branchesRunInParallelAndWhatTheyWriteIsStored() {
		CyclicBarrier together = new CyclicBarrier(PARALLELISM);
		try (Build build = node.builds.open("forest", "parallel")) {
			build.branches().branch("trees", (writer) -> {
				together.await();
				writer.writeAll(LongStream.rangeClosed(1, 95).mapToObj((id) -> new Tree(id, "t", null, null)));
			}).branch("rangers", (writer) -> {
				together.await();
				writer.writeAll(LongStream.rangeClosed(1, 85).mapToObj((id) -> new Ranger((int) id, null)));
			}).branch("sightings", (writer) -> {
				together.await();
				writer.writeAll(LongStream.rangeClosed(1, 75).mapToObj((id) -> new Sighting(id, null)));
			}).run();

			assertThat(node.count("select count(*) from tree where build_strate = ?", build.buildStrate()))
				.isEqualTo(95);
			assertThat(build.seal().rowCounts()).containsEntry("Tree", 95L)
				.containsEntry("Ranger", 85L)
				.containsEntry("Sighting", 75L);
		}
	}

	@Test
	void noMoreBranchesRunAtATimeThanAllowed() {
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		CyclicBarrier full = new CyclicBarrier(PARALLELISM);
		try (Build build = node.builds.open("forest", "bounded")) {
			Branches all = build.branches();
			for (int i = 0; i < 4 * PARALLELISM; i++) {
				int id = i;
				all.branch("b" + i, (writer) -> {
					most.accumulateAndGet(running.incrementAndGet(), Math::max);
					full.await();
					writer.write(new Sighting(id, null));
					running.decrementAndGet();
				});
			}
			all.run();

			assertThat(most.get()).isEqualTo(PARALLELISM);
			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 4L * PARALLELISM);
		}
	}

	@Test
	void theFirstFailureInterruptsTheOthersAndFailsTheBuild() {
		CountDownLatch waiting = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean();
		try (Build build = node.builds.open("forest", "failing")) {
			Branches all = build.branches().branch("feed", (writer) -> {
				waiting.await();
				throw new IOException("feed is broken");
			}).branch("patient", (writer) -> {
				try {
					waiting.countDown();
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					interrupted.set(true);
					throw ex;
				}
			});

			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run)
				.withMessageContaining("feed (java.io.IOException: feed is broken)")
				.withCauseInstanceOf(IOException.class)
				.satisfies((ex) -> assertThat(ex.getFailures()).containsOnlyKeys("feed"));
			assertThat(interrupted).isTrue();
			assertThat(node.builds.get(build.buildStrate()).status()).isEqualTo(BuildStatus.FAILED);
			assertThat(node.builds.get(build.buildStrate()).failure()).isEqualTo("IOException: feed is broken");
		}
	}

	@Test
	void everyCauseIsReported() {
		CyclicBarrier both = new CyclicBarrier(2);
		try (Build build = node.builds.open("forest", "causes")) {
			Branches all = build.branches();
			for (String name : List.of("one", "two")) {
				all.branch(name, (writer) -> {
					both.await();
					throw new IllegalStateException("cause " + name);
				});
			}

			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run).satisfies((ex) -> {
				assertThat(ex.getFailures()).containsOnlyKeys("one", "two");
				assertThat(ex.getCause()).hasMessageStartingWith("cause ");
				assertThat(ex.getSuppressed()).singleElement()
					.satisfies((other) -> assertThat(other).hasMessageStartingWith("cause "));
			});
		}
	}

	@Test
	void aFailedChunkIsTheOnlyCauseAlsoWhenOthersFindTheWriterStopped() {
		try (Build build = node.builds.open("forest", "chunk")) {
			CountDownLatch failed = new CountDownLatch(1);
			Branches all = build.branches().branch("double", (writer) -> {
				try {
					writer.write(new Tree(1, "t", null, null));
					writer.write(new Tree(1, "t", null, null));
					writer.flush();
				}
				finally {
					failed.countDown();
				}
			}).branch("late", (writer) -> {
				failed.await();
				writer.write(new Ranger(1, null));
			});

			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run).satisfies((ex) -> {
				assertThat(ex.getFailures()).containsOnlyKeys("double");
				assertThat(ex.getCause()).isInstanceOf(ChunkFailedException.class).hasMessageContaining("rows of Tree");
			});
		}
	}

	@Test
	void runReturnsOnlyWhenABranchThatIgnoresInterruptsHasEnded() throws Exception {
		CountDownLatch interrupted = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		AtomicBoolean ended = new AtomicBoolean();
		try (Build build = node.builds.open("forest", "stubborn")) {
			CountDownLatch begun = new CountDownLatch(1);
			Future<?> run = threads.submit(() -> build.branches().branch("failing", (writer) -> {
				begun.await();
				throw new IllegalStateException("failed");
			}).branch("stubborn", (writer) -> {
				begun.countDown();
				while (!Thread.currentThread().isInterrupted()) {
					Thread.onSpinWait();
				}
				interrupted.countDown();
				awaitUninterruptibly(goOn);
				try {
					writer.write(new Sighting(1, null));
				}
				finally {
					ended.set(true);
				}
			}).run());
			interrupted.await();
			assertThat(run).isNotDone();

			goOn.countDown();

			assertThat(run).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(BranchesFailedException.class,
						(ex) -> assertThat(ex.getFailures()).containsOnlyKeys("failing"));
			assertThat(ended).isTrue();
		}
	}

	@Test
	void nothingIsWrittenAfterRunReturned() {
		for (int round = 0; round < 15; round++) {
			UUID id;
			try (Build build = node.builds.open("forest", "quiet")) {
				id = build.buildStrate();
				AtomicInteger working = new AtomicInteger();
				Branches all = build.branches();
				for (int i = 0; i < PARALLELISM; i++) {
					long first = i * 100_000L;
					boolean fails = i == 0;
					all.branch("b" + i, (writer) -> {
						working.incrementAndGet();
						try {
							for (long row = first; row < first + 100_000; row++) {
								writer.write(new Sighting(row, null));
								if (fails && row == first + 55) {
									throw new IllegalStateException("enough");
								}
							}
						}
						finally {
							working.decrementAndGet();
						}
					});
				}
				assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run)
					.satisfies((ex) -> assertThat(ex.getFailures()).containsOnlyKeys("b0"));

				assertThat(working).hasValue(0);
			}
			assertThat(node.count("select count(*) from pg_stat_activity where datname = current_database()"
					+ " and state <> 'idle' and pid <> pg_backend_pid()"))
				.isZero();
			assertThat(node.builds.get(id).status()).isEqualTo(BuildStatus.FAILED);
		}
	}

	@Test
	void anInterruptOfTheCallerEndsAllBranchesAndFailsTheBuild() throws Exception {
		CountDownLatch begun = new CountDownLatch(2);
		AtomicInteger ended = new AtomicInteger();
		try (Build build = node.builds.open("forest", "caller")) {
			Branches all = build.branches();
			for (String name : List.of("one", "two")) {
				all.branch(name, (writer) -> {
					begun.countDown();
					try {
						new CountDownLatch(1).await();
					}
					finally {
						ended.incrementAndGet();
					}
				});
			}
			AtomicBoolean flag = new AtomicBoolean();
			Thread caller = new Thread(() -> {
				assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run)
					.withCauseInstanceOf(InterruptedException.class)
					.satisfies((ex) -> assertThat(ex.getFailures()).containsOnlyKeys("(caller)"));
				flag.set(Thread.currentThread().isInterrupted() && ended.get() == 2);
			});
			caller.start();
			begun.await();

			caller.interrupt();

			caller.join();
			assertThat(flag).isTrue();
			assertThat(node.builds.get(build.buildStrate()).status()).isEqualTo(BuildStatus.FAILED);
		}
	}

	@Test
	void aBranchThatWaitsForItsTurnIsCancelledBeforeItBegins() {
		AtomicInteger begun = new AtomicInteger();
		CyclicBarrier full = new CyclicBarrier(PARALLELISM);
		try (Build build = node.builds.open("forest", "turn")) {
			Branches all = build.branches();
			for (int i = 0; i < 10; i++) {
				all.branch("b" + i, (writer) -> {
					begun.incrementAndGet();
					full.await();
					throw new CancellationException("by itself");
				});
			}

			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run);
			assertThat(begun.get()).isBetween(PARALLELISM, 2 * PARALLELISM);
		}
	}

	@Test
	void anInterruptMeantForABranchDoesNotReachTheNextTaskOfItsThread() throws Exception {
		ExecutorService one = Executors.newFixedThreadPool(2);
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.branchExecutor(one)
			.build(); Build build = own.builds.open("forest", "next")) {
			CountDownLatch begun = new CountDownLatch(1);
			Branches all = build.branches().branch("failing", (writer) -> {
				begun.await();
				throw new IllegalStateException("failed");
			}).branch("cancelled", (writer) -> {
				begun.countDown();
				while (!Thread.currentThread().isInterrupted()) {
					Thread.onSpinWait();
				}
			});
			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run);

			assertThat(one.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
			assertThat(one.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
		}
		finally {
			one.shutdownNow();
		}
	}

	@Test
	void workersThatTheExecutorRefusesCostNothing() {
		AtomicInteger asked = new AtomicInteger();
		assertAllBranchesAreWritten((task) -> {
			if (asked.incrementAndGet() > 1) {
				throw new RejectedExecutionException("full");
			}
			threads.execute(task);
		});
		assertThat(asked).hasValueGreaterThan(1);
	}

	@Test
	void branchesRunWhenTheExecutorRefusesAllWorkers() {
		assertAllBranchesAreWritten((task) -> {
			throw new RejectedExecutionException("closed");
		});
	}

	@Test
	void branchesRunWhenTheExecutorDropsAllWorkers() {
		assertAllBranchesAreWritten((task) -> {
		});
	}

	private static void assertAllBranchesAreWritten(Executor executor) {
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.branchExecutor(executor)
			.build(); Build build = own.builds.open("forest", "lost")) {
			Branches all = build.branches();
			for (int i = 0; i < 5; i++) {
				int id = i;
				all.branch("b" + i, (writer) -> writer.write(new Sighting(id, null)));
			}
			Thread caller = Thread.currentThread();
			all.branch("elsewhere", (writer) -> assertThat(Thread.currentThread()).isNotSameAs(caller));
			all.run();

			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 5L);
		}
	}

	@Test
	void aBranchThatRunsBranchesOnTheSamePoolIsNotStarved() {
		ExecutorService pool = Executors.newFixedThreadPool(2);
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.parallelism(2)
			.branchExecutor(pool)
			.build(); Build build = own.builds.open("forest", "nested")) {
			Branches outer = build.branches();
			for (int i = 0; i < 2; i++) {
				int first = 10 * i;
				outer.branch("outer" + i, (writer) -> {
					Branches inner = build.branches();
					for (int j = 0; j < 3; j++) {
						int id = first + j;
						inner.branch("inner" + j, (same) -> same.write(new Sighting(id, null)));
					}
					inner.run();
				});
			}
			outer.run();

			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 6L);
		}
		finally {
			pool.shutdownNow();
		}
	}

	@Test
	void aBranchLendsItsOnlyPlaceToTheBranchesThatItRunsAlsoOnAnotherBuild() {
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.parallelism(1)
			.build();
				Build build = own.builds.open("forest", "outer");
				Build other = own.builds.open("forest", "inner")) {
			build.branches().branch("outer", (writer) -> {
				other.branches().branch("inner", (inner) -> inner.write(new Sighting(1, null))).run();
				writer.write(new Sighting(2, null));
			}).run();

			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 1L);
			assertThat(other.seal().rowCounts()).containsEntry("Sighting", 1L);
		}
	}

	@Test
	void noMoreBranchesRunAtATimeThanAllowedInAllBuildsTogether() throws Exception {
		List<Thread> workers = new CopyOnWriteArrayList<>();
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.parallelism(2)
			.branchExecutor((task) -> branches.execute(() -> {
				workers.add(Thread.currentThread());
				task.run();
			}))
			.build();
				Build first = own.builds.open("forest", "first");
				Build second = own.builds.open("forest", "second")) {
			CountDownLatch full = new CountDownLatch(2);
			CountDownLatch goOn = new CountDownLatch(1);
			AtomicBoolean begun = new AtomicBoolean();
			Branches all = first.branches();
			for (int i = 0; i < 3; i++) {
				int id = i;
				all.branch("b" + i, (writer) -> {
					full.countDown();
					goOn.await();
					writer.write(new Sighting(id, null));
				});
			}
			Future<?> filling = threads.submit(all::run);
			full.await();
			Future<?> waiting = threads.submit(() -> second.branches().branch("late", (writer) -> {
				begun.set(true);
				goOn.await();
				writer.write(new Sighting(1, null));
			}).run());
			await().atMost(Duration.ofSeconds(30))
				.until(() -> workers.size() == 3 && workers.get(2).getState() == Thread.State.WAITING);
			assertThat(begun).isFalse();

			goOn.countDown();

			filling.get();
			waiting.get();
			assertThat(begun).isTrue();
			assertThat(first.seal().rowCounts()).containsEntry("Sighting", 3L);
			assertThat(second.seal().rowCounts()).containsEntry("Sighting", 1L);
		}
	}

	@Test
	void aConnectionThatTheCancellationClosedIsNoFailureOfItsOwn() {
		CountDownLatch begun = new CountDownLatch(1);
		try (Build build = node.builds.open("forest", "socket")) {
			Branches all = build.branches().branch("failing", (writer) -> {
				begun.await();
				throw new IllegalStateException("failed");
			}).branch("reading", (writer) -> {
				begun.countDown();
				while (!Thread.currentThread().isInterrupted()) {
					Thread.onSpinWait();
				}
				throw new SQLException("An I/O error occurred", "08006", new SocketException("Closed by interrupt"));
			});

			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run).satisfies((ex) -> {
				assertThat(ex.getFailures()).containsOnlyKeys("failing");
				assertThat(ex.getSuppressed()).singleElement().isInstanceOf(SQLException.class);
			});
		}
	}

	@Test
	void aConnectionThatIsLostByItselfIsAFailure() {
		try (Build build = node.builds.open("forest", "reset")) {
			Branches all = build.branches().branch("reading", (writer) -> {
				throw new SocketException("Connection reset");
			});

			assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run)
				.satisfies((ex) -> assertThat(ex.getFailures()).containsOnlyKeys("reading"));
		}
	}

	@Test
	void aNameIsGivenOnce() {
		try (Build build = node.builds.open("forest", "names")) {
			Branches all = build.branches().branch("same", (writer) -> {
			});

			assertThatIllegalArgumentException().isThrownBy(() -> all.branch("same", (writer) -> {
			})).withMessageContaining("'same'");
		}
	}

	@Test
	void branchesRunOnce() {
		try (Build build = node.builds.open("forest", "once")) {
			Branches all = build.branches().branch("one", (writer) -> writer.write(new Sighting(1, null)));
			all.run();

			assertThatIllegalStateException().isThrownBy(all::run).withMessageContaining("have run already");
			assertThat(build.seal().rowCounts()).containsEntry("Sighting", 1L);
		}
	}

	@Test
	void rowsWrittenBeforeTheBranchesAreStoredBeforeThey() {
		try (Build build = node.builds.open("forest", "before")) {
			Tree root = new Tree(1, "root", null, null);
			build.writer().write(root);
			build.branches()
				.branch("child",
						(writer) -> assertThat(
								node.count("select count(*) from tree where build_strate = ?", build.buildStrate()))
							.isEqualTo(1))
				.run();
		}
	}

	@Test
	void branchesRunOnVirtualThreadsWhereTheJvmHasThem() throws Throwable {
		ExecutorService executor = virtualThreadsOrPool();
		try (TestNode own = TestNode.builder(DevPostgres.newDatabase())
			.entities(Forests.entities())
			.chunkSize(10)
			.branchExecutor(executor)
			.build()) {
			try (Build build = own.builds.open("forest", "virtual")) {
				Branches all = build.branches();
				for (int i = 0; i < 12; i++) {
					int branch = i;
					all.branch("b" + i, (writer) -> {
						Tree last = null;
						for (int row = 0; row < 60; row++) {
							last = new Tree(branch * 1000 + row, "t", null, last);
							writer.write(last);
							writer.write(new Sighting(branch * 1000 + row, last));
						}
					});
				}
				all.run();

				assertThat(build.seal().rowCounts()).containsEntry("Tree", 720L).containsEntry("Sighting", 720L);
			}
			try (Build build = own.builds.open("forest", "virtual")) {
				Branches all = build.branches()
					.branch("failing", (writer) -> writer.writeAll(LongStream.range(0, 100).mapToObj((id) -> {
						if (id == 99) {
							throw new IllegalStateException("broken");
						}
						return new Sighting(id, null);
					})))
					.branch("busy", (writer) -> writer
						.writeAll(LongStream.range(1000, 1_000_000).mapToObj((id) -> new Ranger((int) id, null))));

				assertThatExceptionOfType(BranchesFailedException.class).isThrownBy(all::run)
					.satisfies((ex) -> assertThat(ex.getCause()).hasMessage("broken"));
				assertThat(own.builds.get(build.buildStrate()).status()).isEqualTo(BuildStatus.FAILED);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static ExecutorService virtualThreadsOrPool() throws Throwable {
		if (Runtime.version().feature() < 21) {
			return Executors.newCachedThreadPool();
		}
		return (ExecutorService) MethodHandles.publicLookup()
			.findStatic(Executors.class, "newVirtualThreadPerTaskExecutor",
					MethodType.methodType(ExecutorService.class))
			.invoke();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (true) {
			try {
				latch.await();
				return;
			}
			catch (InterruptedException ex) {
				// this branch ignores interrupts
			}
		}
	}

}
