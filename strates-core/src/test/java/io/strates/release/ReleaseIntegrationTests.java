package io.strates.release;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.strates.TestNode;
import io.strates.build.Build;
import io.strates.build.BuildInfo;
import io.strates.build.BuildNotFoundException;
import io.strates.build.BuildStatus;
import io.strates.dev.DevDatabase;
import io.strates.dev.DevPostgres;
import io.strates.entity.UnknownScopeException;
import io.strates.shop.ShopStates;
import io.strates.shop.Tag;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** The pointer, its log and the status of builds, on two nodes of one database. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReleaseIntegrationTests {

	private static TestNode node;

	private static TestNode other;

	private static final ExecutorService threads = Executors.newCachedThreadPool();

	@BeforeAll
	static void start() {
		DevDatabase database = DevPostgres.newDatabase();
		node = TestNode.builder(database).name("node-1").logStatements().build();
		other = TestNode.builder(database).name("node-2").build();
	}

	@AfterAll
	static void stop() {
		threads.shutdownNow();
		node.close();
		other.close();
	}

	@Test
	void pointerStatusAndLogRowCommitTogether() {
		BuildInfo sealed = ShopStates.sealed(node, "together", 2);

		Release release = node.releases.release(sealed.buildStrate(), ReleaseOptions.defaults().reason("spring"));

		assertThat(release.number()).isEqualTo(1);
		assertThat(release.kind()).isEqualTo(ReleaseKind.RELEASE);
		assertThat(release.reason()).isEqualTo("spring");
		assertThat(release.previousStrate()).isNull();
		assertThat(release.overwrittenRelease()).isNull();
		assertThat(node.builds.get(sealed.buildStrate()).status()).isEqualTo(BuildStatus.RELEASED);
		assertThat(other.releases.current("catalog", "together")).contains(release);
		assertThat(node.jdbc.sql("""
				select p.xmin::text from released_strates p where p.scope_id = 'together'
				union all select l.xmin::text from strates_release_log l where l.scope_id = 'together'
				union all select b.xmin::text from stratified_build b where b.scope_id = 'together'""")
			.query(String.class)
			.list()).hasSize(3).containsOnly(transactionOf("together"));
	}

	private static String transactionOf(String scopeId) {
		return node.jdbc.sql("select xmin::text from released_strates where scope_id = ?")
			.param(scopeId)
			.query(String.class)
			.single();
	}

	@Test
	void releasingTheLiveBuildAgainChangesNothingAndTellsNobody() {
		Release first = ShopStates.released(node, "again", 2);
		node.told.clear();
		String transaction = transactionOf("again");

		Release second = node.releases.release(first.buildStrate());
		Release third = other.releases.release("catalog", "again", first.buildStrate(),
				ReleaseOptions.defaults().overwrite());

		assertThat(second).isEqualTo(first);
		assertThat(third).isEqualTo(first);
		assertThat(transactionOf("again")).isEqualTo(transaction);
		assertThat(node.told).noneMatch((told) -> told.scopeId().equals("again"));
		assertThat(node.releases.history("catalog", "again")).hasSize(1);
	}

	@Test
	void aBuildOfAnotherScopeIdIsNotFound() {
		BuildInfo south = ShopStates.sealed(node, "43", 1);
		Release live = ShopStates.released(node, "42", 1);

		assertThatExceptionOfType(BuildNotFoundException.class)
			.isThrownBy(() -> node.releases.release("catalog", "42", south.buildStrate(), ReleaseOptions.defaults()))
			.withMessageContaining("is not a build of catalog/42 but of catalog/43");
		assertThat(node.releases.current("catalog", "42")).contains(live);
		assertThat(node.releases.current("catalog", "43")).isEmpty();
	}

	@Test
	void anUnknownBuildIsNotFound() {
		UUID unknown = new UUID(0x7000L, 5);

		assertThatExceptionOfType(BuildNotFoundException.class).isThrownBy(() -> node.releases.release(unknown));
		assertThatExceptionOfType(BuildNotFoundException.class)
			.isThrownBy(() -> node.releases.release("catalog", "42", unknown, ReleaseOptions.defaults()));
	}

	@Test
	void anUnknownScopeIsRefusedEverywhere() {
		UUID any = new UUID(0x7000L, 5);

		assertThatExceptionOfType(UnknownScopeException.class)
			.isThrownBy(() -> node.releases.release("shop", "42", any, ReleaseOptions.defaults()));
		assertThatExceptionOfType(UnknownScopeException.class)
			.isThrownBy(() -> node.releases.rollBack("shop", "42", RollbackTarget.previous(), "why"));
		assertThatExceptionOfType(UnknownScopeException.class).isThrownBy(() -> node.releases.current("shop"));
		assertThatExceptionOfType(UnknownScopeException.class).isThrownBy(() -> node.releases.history("shop", "42"));
		assertThatExceptionOfType(UnknownScopeException.class).isThrownBy(() -> node.releases.get("shop", "42", 1));
	}

	@Test
	void aFailedBuildIsRefusedWithItsStatusAndReason() {
		Build build = node.builds.open("catalog", "failed");
		build.fail(new IllegalStateException("feed ended early"));

		assertThatExceptionOfType(ReleaseRefusedException.class)
			.isThrownBy(() -> node.releases.release(build.buildStrate()))
			.withMessageContaining("FAILED")
			.withMessageContaining("feed ended early")
			.satisfies((ex) -> assertThat(ex.getBuild().status()).isEqualTo(BuildStatus.FAILED));
		assertThat(node.releases.current("catalog", "failed")).isEmpty();
	}

	@Test
	void aBuildThatIsNotSealedIsRefused() {
		try (Build build = node.builds.open("catalog", "unsealed")) {
			build.writer().write(new Tag("t"));

			assertThatExceptionOfType(ReleaseRefusedException.class)
				.isThrownBy(() -> node.releases.release(build.buildStrate()))
				.withMessageContaining("BUILDING")
				.withMessageContaining("seal it first");
		}
		assertThat(node.releases.current("catalog", "unsealed")).isEmpty();
	}

	@Test
	void aBuildThatWasReplacedIsRefusedAndPointsToRollBack() {
		Release first = ShopStates.released(node, "replaced", 1);
		Release second = ShopStates.released(node, "replaced", 2);

		assertThatExceptionOfType(ReleaseRefusedException.class)
			.isThrownBy(() -> node.releases.release(first.buildStrate(), ReleaseOptions.defaults().overwrite()))
			.withMessageContaining("rollBack");
		assertThat(node.releases.current("catalog", "replaced")).contains(second);
	}

	@Test
	void aBuildOnAnOldBaseConflictsAndNamesBoth() {
		ShopStates.released(node, "base", 1);
		BuildInfo patch = ShopStates.sealed(node, "base", 2);
		Release winner = ShopStates.released(other, "base", 3);

		assertThatExceptionOfType(ReleaseConflictException.class)
			.isThrownBy(() -> node.releases.release(patch.buildStrate()))
			.withMessageContaining("is based on release 1, but release 2")
			.withMessageContaining(winner.buildStrate().toString())
			.withMessageContaining("by node-2")
			.withMessageContaining("by node-1")
			.satisfies((ex) -> {
				assertThat(ex.getBuildStrate()).isEqualTo(patch.buildStrate());
				assertThat(ex.getLiveStrate()).isEqualTo(winner.buildStrate());
				assertThat(ex.getLiveRelease()).isEqualTo(2);
			});
		assertThat(node.releases.current("catalog", "base")).contains(winner);
		assertThat(node.builds.get(patch.buildStrate()).status()).isEqualTo(BuildStatus.SEALED);
	}

	@Test
	void aConflictWithTheTransactionItselfSaysSoAndToCommitFirst() {
		BuildInfo first = ShopStates.sealed(node, "twice", 1);
		BuildInfo second = ShopStates.sealed(node, "twice", 2);

		assertThatExceptionOfType(ReleaseConflictException.class)
			.isThrownBy(() -> node.transaction.executeWithoutResult((status) -> {
				node.releases.release(first.buildStrate());
				node.releases.release(second.buildStrate());
			}))
			.withMessageContaining("is based on release 0, but release 1 with build " + first.buildStrate()
					+ " was made by this transaction and is not committed; commit it first");
		node.releases.release(first.buildStrate());
		assertThatExceptionOfType(ReleaseConflictException.class)
			.isThrownBy(() -> node.inTransaction(() -> node.releases.release(second.buildStrate())))
			.withMessageContaining("but release 1 with build " + first.buildStrate() + " (by node-1) is live");
	}

	@Test
	void historyIsLimitedToTheNewestReleases() {
		for (int products = 1; products <= 3; products++) {
			ShopStates.released(node, "limited", products);
		}

		assertThat(node.releases.history("catalog", "limited", 2)).extracting(Release::number).containsExactly(3L, 2L);
		assertThat(node.releases.history("catalog", "limited", 4)).hasSize(3)
			.isEqualTo(node.releases.history("catalog", "limited"));
		assertThatIllegalArgumentException().isThrownBy(() -> node.releases.history("catalog", "limited", 0))
			.withMessageContaining("is 0; use 1 or more");
	}

	@Test
	void aMissingArgumentIsNamed() {
		UUID any = new UUID(0x7000L, 5);

		assertThatNullPointerException().isThrownBy(() -> node.releases.release(nothing()))
			.withMessage("buildStrate is null; pass a value");
		assertThatNullPointerException().isThrownBy(() -> node.releases.release(any, nothing()))
			.withMessageContaining("options");
		assertThatNullPointerException().isThrownBy(() -> node.releases.current(nothing(), "shop"))
			.withMessageContaining("scope is null");
		assertThatNullPointerException().isThrownBy(() -> node.releases.history("catalog", nothing()))
			.withMessageContaining("scopeId");
		assertThatNullPointerException().isThrownBy(() -> node.releases.asOf("catalog", "shop", nothing()))
			.withMessageContaining("instant");
		assertThatNullPointerException().isThrownBy(() -> node.releases.rollBack("catalog", "shop", nothing(), "why"))
			.withMessageContaining("target");
		assertThatNullPointerException()
			.isThrownBy(() -> node.releases.rollBack("catalog", "shop", RollbackTarget.previous(), nothing()))
			.withMessageContaining("reason");
	}

	/** What callers pass whose code is not checked for null. */
	@SuppressWarnings({ "NullAway", "TypeParameterUnusedInFormals" })
	private static <T> T nothing() {
		return null;
	}

	@Test
	void aConflictThatASnapshotHidesIsAConflictToo() {
		ShopStates.released(node, "hidden", 1);
		BuildInfo patch = ShopStates.sealed(node, "hidden", 2);
		TransactionTemplate repeatable = new TransactionTemplate(
				Objects.requireNonNull(node.transaction.getTransactionManager()));
		repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);

		assertThatExceptionOfType(ReleaseConflictException.class)
			.isThrownBy(() -> repeatable.executeWithoutResult((status) -> {
				node.count("select count(*) from released_strates");
				ShopStates.released(other, "hidden", 3);
				node.releases.release(patch.buildStrate());
			}))
			.withMessageContaining("is based on release 1, but something else was released at the same time")
			.withCauseInstanceOf(ConcurrencyFailureException.class)
			.satisfies((ex) -> assertThat(ex.getLiveStrate()).isNull());
		assertThat(node.releases.current("catalog", "hidden")).map(Release::number).contains(2L);
	}

	@Test
	void overwriteReplacesWhateverIsLiveAndTheLogSaysWhat() {
		BuildInfo old = ShopStates.sealed(node, "overwrite", 2);
		ShopStates.released(other, "overwrite", 3);

		Release release = node.releases.release(old.buildStrate(), ReleaseOptions.defaults().overwrite());

		assertThat(release.number()).isEqualTo(2);
		assertThat(release.overwrittenRelease()).isEqualTo(1);
		assertThat(node.releases.get("catalog", "overwrite", 2).overwrittenRelease()).isEqualTo(1);
	}

	@Test
	void rollBackToThePreviousStateIsARelease() {
		Release first = ShopStates.released(node, "back", 1);
		Release second = ShopStates.released(node, "back", 2);

		Release restored = node.releases.rollBack("catalog", "back", RollbackTarget.previous(), "prices are wrong");

		assertThat(restored.number()).isEqualTo(3);
		assertThat(restored.kind()).isEqualTo(ReleaseKind.ROLLBACK);
		assertThat(restored.buildStrate()).isEqualTo(first.buildStrate());
		assertThat(restored.previousStrate()).isEqualTo(second.buildStrate());
		assertThat(restored.restoredRelease()).isEqualTo(1);
		assertThat(restored.reason()).isEqualTo("prices are wrong");
		assertThat(node.builds.get(second.buildStrate()).status()).isEqualTo(BuildStatus.REJECTED);
		assertThat(node.builds.get(first.buildStrate()).status()).isEqualTo(BuildStatus.RELEASED);
		assertThat(node.queries.pinned("catalog", "back", () -> node.products.count())).isEqualTo(1);
	}

	@Test
	void previousGoesFurtherBackEachTimeAndNeverToARejectedBuild() {
		List<Release> made = new ArrayList<>();
		for (int products = 1; products <= 4; products++) {
			made.add(ShopStates.released(node, "steps", products));
		}

		assertThat(back("steps").buildStrate()).isEqualTo(made.get(2).buildStrate());
		assertThat(back("steps").buildStrate()).isEqualTo(made.get(1).buildStrate());
		Release fresh = ShopStates.released(node, "steps", 9);
		assertThat(fresh.number()).isEqualTo(7);
		assertThat(back("steps").buildStrate()).isEqualTo(made.get(1).buildStrate());
		assertThat(back("steps").buildStrate()).isEqualTo(made.get(0).buildStrate());
		assertThatExceptionOfType(ReleaseNotFoundException.class).isThrownBy(() -> back("steps"))
			.withMessageContaining("has no earlier state");
		assertThat(node.releases.current("catalog", "steps")).hasValueSatisfying((live) -> {
			assertThat(live.number()).isEqualTo(9);
			assertThat(live.buildStrate()).isEqualTo(made.get(0).buildStrate());
		});
	}

	private static Release back(String scopeId) {
		return node.releases.rollBack("catalog", scopeId, RollbackTarget.previous(), "step back");
	}

	@Test
	void rollBackToANumberMayRestoreARejectedBuild() {
		ShopStates.released(node, "number", 1);
		Release second = ShopStates.released(node, "number", 2);
		back("number");

		Release restored = node.releases.rollBack("catalog", "number", RollbackTarget.release(2), "it was right");

		assertThat(restored.number()).isEqualTo(4);
		assertThat(restored.restoredRelease()).isEqualTo(2);
		assertThat(restored.buildStrate()).isEqualTo(second.buildStrate());
		assertThat(node.builds.get(second.buildStrate()).status()).isEqualTo(BuildStatus.RELEASED);
	}

	@Test
	void rollBackToAnInstantRestoresWhatWasLiveThen() {
		Release first = ShopStates.released(node, "instant", 1);
		Release second = ShopStates.released(node, "instant", 2);
		ShopStates.released(node, "instant", 3);

		Release restored = node.releases.rollBack("catalog", "instant", RollbackTarget.asOf(second.releasedAt()),
				"then");
		assertThat(restored.buildStrate()).isEqualTo(second.buildStrate());
		restored = node.releases.rollBack("catalog", "instant",
				RollbackTarget.asOf(second.releasedAt().minus(1, java.time.temporal.ChronoUnit.MICROS)), "before");
		assertThat(restored.buildStrate()).isEqualTo(first.buildStrate());
		assertThat(node.releases.asOf("catalog", "instant", second.releasedAt())).contains(second);
	}

	@Test
	void rollBackToAnInstantAtWhichARejectedBuildWasLiveIsRefused() {
		ShopStates.released(node, "bad instant", 1);
		Release bad = ShopStates.released(node, "bad instant", 2);
		back("bad instant");

		assertThatExceptionOfType(ReleaseRefusedException.class)
			.isThrownBy(
					() -> node.releases.rollBack("catalog", "bad instant", RollbackTarget.asOf(bad.releasedAt()), "x"))
			.withMessageContaining("REJECTED")
			.withMessageContaining("RollbackTarget.release(2)");
	}

	@Test
	void rollBackToTheLiveStateChangesNothing() {
		Release live = ShopStates.released(node, "live", 1);

		assertThat(node.releases.rollBack("catalog", "live", RollbackTarget.release(1), "no change")).isEqualTo(live);
		assertThat(node.releases.history("catalog", "live")).hasSize(1);
		assertThat(node.builds.get(live.buildStrate()).status()).isEqualTo(BuildStatus.RELEASED);
	}

	@Test
	void rollBackWithoutAReleaseOrTargetOrReasonIsRefused() {
		assertThatExceptionOfType(NothingReleasedException.class).isThrownBy(() -> back("nothing"));
		Release first = ShopStates.released(node, "errors", 1);
		ShopStates.released(node, "errors", 2);

		assertThatExceptionOfType(ReleaseNotFoundException.class)
			.isThrownBy(() -> node.releases.rollBack("catalog", "errors", RollbackTarget.release(7), "why"))
			.withMessageContaining("Release 7 of catalog/errors does not exist; releases 1 to 2 do");
		assertThatExceptionOfType(ReleaseNotFoundException.class)
			.isThrownBy(() -> node.releases.rollBack("catalog", "errors",
					RollbackTarget.asOf(first.releasedAt().minusSeconds(1)), "why"))
			.withMessageContaining("its first release came later");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> node.releases.rollBack("catalog", "errors",
					RollbackTarget.asOf(Instant.now().plus(Duration.ofDays(1))), "why"))
			.withMessageContaining("in the future");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> node.releases.rollBack("catalog", "errors", RollbackTarget.previous(), " "))
			.withMessageContaining("blank");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> node.releases.rollBack("catalog", "errors", RollbackTarget.previous(), "x".repeat(4001)))
			.withMessageContaining("4001 characters");
	}

	@Test
	void rollBackToACollectedBuildIsRefused() {
		Release first = ShopStates.released(node, "collected", 1);
		ShopStates.released(node, "collected", 2);
		ShopStates.collected(node, first.buildStrate());

		assertThatExceptionOfType(ReleaseRefusedException.class)
			.isThrownBy(() -> node.releases.rollBack("catalog", "collected", RollbackTarget.release(1), "why"))
			.withMessageContaining("COLLECTED")
			.withMessageContaining("its rows are gone");
	}

	@Test
	void aRejectedBuildIsReleasedOnlyOnAnExplicitWish() {
		ShopStates.released(node, "rejected", 1);
		Release bad = ShopStates.released(node, "rejected", 2);
		back("rejected");

		assertThatExceptionOfType(ReleaseRefusedException.class)
			.isThrownBy(() -> node.releases.release(bad.buildStrate(), ReleaseOptions.defaults().overwrite()))
			.withMessageContaining("REJECTED")
			.withMessageContaining("evenIfRejected");
		Release again = node.releases.release(bad.buildStrate(),
				ReleaseOptions.defaults().evenIfRejected("it was right"));

		assertThat(again.number()).isEqualTo(4);
		assertThat(again.kind()).isEqualTo(ReleaseKind.RELEASE);
		assertThat(again.reason()).isEqualTo("it was right");
		assertThat(node.builds.get(bad.buildStrate()).status()).isEqualTo(BuildStatus.RELEASED);
	}

	@Test
	void evenIfRejectedDoesNotOverwriteForABuildThatWasNotRejected() {
		BuildInfo old = ShopStates.sealed(node, "not rejected", 2);
		ShopStates.released(other, "not rejected", 3);

		assertThatExceptionOfType(ReleaseConflictException.class).isThrownBy(
				() -> node.releases.release(old.buildStrate(), ReleaseOptions.defaults().evenIfRejected("maybe")));
	}

	@Test
	void aNewBuildAfterARollbackBecomesLiveAndTheRejectedOneStaysAway() {
		ShopStates.released(node, "after", 1);
		Release bad = ShopStates.released(node, "after", 2);
		back("after");

		Release next = ShopStates.released(node, "after", 3);

		assertThat(next.number()).isEqualTo(4);
		assertThat(node.queries.pinned("catalog", "after", () -> node.products.count())).isEqualTo(3);
		assertThat(node.builds.get(bad.buildStrate()).status()).isEqualTo(BuildStatus.REJECTED);
		assertThat(back("after").restoredRelease()).isEqualTo(1);
	}

	@Test
	void aBuildBasedOnAReleaseThatWasRolledBackConflicts() {
		ShopStates.released(node, "late", 1);
		ShopStates.released(node, "late", 2);
		BuildInfo based = ShopStates.sealed(node, "late", 3);
		back("late");

		assertThatExceptionOfType(ReleaseConflictException.class)
			.isThrownBy(() -> node.releases.release(based.buildStrate()))
			.withMessageContaining("based on release 2, but release 3");
	}

	@Test
	void ofTwoNodesThatRaceOneWinsAndTheOtherIsToldByWhom() throws Exception {
		for (int round = 0; round < 40; round++) {
			BuildInfo mine = ShopStates.sealed(node, "race", 1);
			BuildInfo theirs = ShopStates.sealed(other, "race", 1);
			CyclicBarrier barrier = new CyclicBarrier(2);
			Future<Release> first = threads.submit(() -> {
				barrier.await();
				return node.releases.release(mine.buildStrate());
			});
			Future<Release> second = threads.submit(() -> {
				barrier.await();
				return other.releases.release(theirs.buildStrate());
			});

			Release winner = winnerOf(first, second, mine, theirs);

			assertThat(winner.number()).isEqualTo(round + 1);
			assertThat(node.releases.current("catalog", "race")).contains(winner);
		}
		assertThat(node.releases.history("catalog", "race")).extracting(Release::number)
			.hasSize(40)
			.startsWith(40L)
			.endsWith(1L);
	}

	@Test
	void theFirstReleaseOfAScopeIdIsWonByOne() throws Exception {
		for (int round = 0; round < 25; round++) {
			String scopeId = "first " + round;
			BuildInfo mine = ShopStates.sealed(node, scopeId, 1);
			BuildInfo theirs = ShopStates.sealed(other, scopeId, 1);
			CyclicBarrier barrier = new CyclicBarrier(2);
			Future<Release> first = threads.submit(() -> {
				barrier.await();
				return node.releases.release(mine.buildStrate());
			});
			Future<Release> second = threads.submit(() -> {
				barrier.await();
				return other.releases.release(theirs.buildStrate());
			});

			assertThat(winnerOf(first, second, mine, theirs).number()).isEqualTo(1);
			assertThat(node.releases.history("catalog", scopeId)).hasSize(1);
		}
	}

	private static Release winnerOf(Future<Release> first, Future<Release> second, BuildInfo mine, BuildInfo theirs)
			throws InterruptedException {
		List<Release> won = new ArrayList<>();
		List<ReleaseConflictException> lost = new ArrayList<>();
		for (Future<Release> each : List.of(first, second)) {
			try {
				won.add(each.get());
			}
			catch (ExecutionException ex) {
				assertThat(ex.getCause()).isInstanceOf(ReleaseConflictException.class);
				lost.add((ReleaseConflictException) ex.getCause());
			}
		}
		assertThat(won).hasSize(1);
		UUID winner = won.get(0).buildStrate();
		UUID loser = winner.equals(mine.buildStrate()) ? theirs.buildStrate() : mine.buildStrate();
		assertThat(lost).singleElement().satisfies((ex) -> {
			assertThat(ex.getBuildStrate()).isEqualTo(loser);
			assertThat(ex.getLiveStrate()).isEqualTo(winner);
			assertThat(ex.getLiveRelease()).isEqualTo(won.get(0).number());
			assertThat(ex).hasMessageContaining("by node-1").hasMessageContaining("by node-2");
		});
		assertThat(node.builds.get(loser).status()).isEqualTo(BuildStatus.SEALED);
		return won.get(0);
	}

	@Test
	void theSameBuildReleasedByTwoNodesIsOneRelease() throws Exception {
		for (int round = 0; round < 15; round++) {
			BuildInfo build = ShopStates.sealed(node, "same", 1);
			CyclicBarrier barrier = new CyclicBarrier(2);
			List<Future<Release>> both = new ArrayList<>();
			for (TestNode each : List.of(node, other)) {
				both.add(threads.submit(() -> {
					barrier.await();
					return each.releases.release(build.buildStrate());
				}));
			}

			assertThat(both.get(0).get()).isEqualTo(both.get(1).get());
			assertThat(both.get(0).get().number()).isEqualTo(round + 1);
		}
	}

	@Test
	void rollbacksAndReleasesThatRaceLeaveAWholeLog() throws Exception {
		ShopStates.released(node, "mixed", 1);
		ShopStates.released(node, "mixed", 2);
		for (int round = 0; round < 20; round++) {
			BuildInfo next = ShopStates.sealed(node, "mixed", 1);
			CyclicBarrier barrier = new CyclicBarrier(3);
			List<Future<Release>> all = List.of(threads.submit(() -> {
				barrier.await();
				return node.releases.release(next.buildStrate(), ReleaseOptions.defaults().overwrite());
			}), threads.submit(() -> {
				barrier.await();
				return other.releases.rollBack("catalog", "mixed", RollbackTarget.release(1), "first");
			}), threads.submit(() -> {
				barrier.await();
				return node.releases.rollBack("catalog", "mixed", RollbackTarget.release(2), "second");
			}));
			for (Future<Release> each : all) {
				try {
					each.get();
				}
				catch (ExecutionException ex) {
					assertThat(ex.getCause()).isInstanceOf(ReleaseConflictException.class);
				}
			}
			ReleaseInvariants.check(node);
		}
	}

	@Test
	void aReleaseInATransactionThatRollsBackMovesNothingAndTellsNobody() {
		Release live = ShopStates.released(node, "rolled", 1);
		BuildInfo next = ShopStates.sealed(node, "rolled", 2);
		node.told.clear();

		node.transaction.executeWithoutResult((status) -> {
			Release release = node.releases.release(next.buildStrate());
			assertThat(release.number()).isEqualTo(2);
			status.setRollbackOnly();
		});

		assertThat(node.releases.current("catalog", "rolled")).contains(live);
		assertThat(node.builds.get(next.buildStrate()).status()).isEqualTo(BuildStatus.SEALED);
		assertThat(node.told).noneMatch((told) -> told.scopeId().equals("rolled"));
		assertThat(node.releases.release(next.buildStrate()).number()).isEqualTo(2);
	}

	@Test
	void aReleaseInATransactionIsToldAfterItsCommit() {
		BuildInfo next = ShopStates.sealed(node, "told", 2);
		node.told.clear();

		Release release = node.inTransaction(() -> {
			Release made = node.releases.release(next.buildStrate());
			assertThat(node.told).noneMatch((told) -> told.scopeId().equals("told"));
			assertThat(other.releases.current("catalog", "told")).isEmpty();
			return made;
		});

		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(node.told).filteredOn((told) -> told.scopeId().equals("told"))
				.containsExactly(release));
	}

	@Test
	void aListenerHasTransactionsOfItsOwn() {
		Release live = ShopStates.released(node, "listener", 1);
		BuildInfo next = ShopStates.sealed(node, "listener", 2);
		List<Long> read = new ArrayList<>();
		DevDatabase same = new DevDatabase(node.dataSource.getJdbcUrl(), node.dataSource.getUsername(),
				node.dataSource.getPassword());
		TestNode[] own = new TestNode[1];
		own[0] = TestNode.builder(same).name("node-3").releaseListener((release) -> {
			own[0].transaction.executeWithoutResult((status) -> {
				assertThat(status.isNewTransaction()).isTrue();
				own[0].jdbc.sql("insert into currency (code, name) values ('HEARD', 'by a listener')").update();
			});
			read.add(own[0].queries.pinned("catalog", "listener", () -> own[0].products.count()));
		}).build();
		try (TestNode closed = own[0]) {
			closed.transaction.executeWithoutResult((status) -> {
				assertThat(closed.queries.pinned("catalog", "listener", () -> closed.products.count())).isEqualTo(1);
				closed.releases.release(next.buildStrate());
			});
			await().atMost(Duration.ofSeconds(30)).until(() -> !closed.told.isEmpty());
		}

		assertThat(read).containsExactly(2L);
		assertThat(node.count("select count(*) from currency where code = 'HEARD'")).isEqualTo(1);
		assertThat(live.number()).isEqualTo(1);
	}

	@Test
	void aConnectionThatIsKilledInTheMiddleLeavesTheOldState() {
		Release live = ShopStates.released(node, "killed", 1);
		BuildInfo next = ShopStates.sealed(node, "killed", 2);
		node.told.clear();

		assertThatThrownBy(() -> node.transaction.executeWithoutResult((status) -> {
			node.releases.release(next.buildStrate());
			long pid = node.count("select pg_backend_pid()");
			other.jdbc.sql("select pg_terminate_backend(?)").param((int) pid).query().singleValue();
		})).isInstanceOf(RuntimeException.class);

		assertThat(node.releases.current("catalog", "killed")).contains(live);
		assertThat(node.builds.get(next.buildStrate()).status()).isEqualTo(BuildStatus.SEALED);
		assertThat(node.told).noneMatch((told) -> told.scopeId().equals("killed"));
		assertThat(node.releases.release(next.buildStrate()).number()).isEqualTo(2);
	}

	@Test
	void aConnectionThatIsKilledWhileItWaitsForTheBuildLeavesTheOldState() throws Exception {
		BuildInfo next = ShopStates.sealed(node, "waiting", 2);
		CountDownLatch locked = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		Future<?> holder = threads.submit(() -> other.transaction.executeWithoutResult((status) -> {
			other.buildTable.lock(next.buildStrate());
			locked.countDown();
			try {
				goOn.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}));
		locked.await();
		Future<Release> release = threads.submit(() -> node.releases.release(next.buildStrate()));
		String waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
		await().atMost(Duration.ofSeconds(30)).until(() -> other.count(waiting) == 1);

		other.jdbc
			.sql("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
					+ " and wait_event_type = 'Lock'")
			.query()
			.listOfRows();

		assertThat(release).failsWithin(Duration.ofSeconds(30));
		goOn.countDown();
		holder.get();
		assertThat(node.releases.current("catalog", "waiting")).isEmpty();
		assertThat(node.releases.release(next.buildStrate()).number()).isEqualTo(1);
	}

	@Test
	void releaseTimesIncreaseAlsoWhenTheClockGoesBack() {
		Release first = ShopStates.released(node, "clock", 1);
		Instant ahead = first.releasedAt().plus(Duration.ofDays(3));
		for (String table : List.of("released_strates", "strates_release_log")) {
			node.jdbc.sql("update " + table + " set released_at = ? where scope_id = 'clock'")
				.param(node.database.timestamp(ahead))
				.update();
		}

		Release second = ShopStates.released(node, "clock", 2);
		Release third = back("clock");

		assertThat(second.releasedAt()).isEqualTo(ahead.plusNanos(1000));
		assertThat(third.releasedAt()).isEqualTo(ahead.plusNanos(2000));
	}

	@Test
	void releaseTimesAreStrictlyIncreasing() {
		for (int i = 0; i < 30; i++) {
			ShopStates.released(node, "times", 1);
		}

		List<Instant> times = new ArrayList<>();
		node.releases.history("catalog", "times").forEach((release) -> times.add(0, release.releasedAt()));
		assertThat(times).hasSize(30).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void aReleaseCostsTheSameStatementsWhateverTheSizeOfTheBuild() {
		List<Integer> counts = new ArrayList<>();
		for (int products : new int[] { 1, 40, 2000 }) {
			ShopStates.released(node, "size " + products, 1);
			BuildInfo build = ShopStates.sealed(node, "size " + products, products);
			node.statements.clear();
			node.releases.release(build.buildStrate());
			counts.add(node.statements.statements().size());
		}

		assertThat(counts).containsOnly(counts.get(0)).allSatisfy((count) -> assertThat(count).isLessThan(12));
	}

	@Test
	void currentListsTheLiveReleasesOfAScope() {
		Release one = ShopStates.released(node, "z-list 1", 1);
		Release two = ShopStates.released(node, "z-list 2", 1);

		assertThat(other.releases.current("catalog")).filteredOn((release) -> release.scopeId().startsWith("z-list"))
			.containsExactly(one, two);
		assertThat(other.releases.current("pricing")).isEmpty();
	}

	@Test
	void asOfBeforeTheFirstReleaseIsNothingAndInTheFutureAnError() {
		Release first = ShopStates.released(node, "as of", 1);

		assertThat(node.releases.asOf("catalog", "as of", first.releasedAt().minusMillis(1))).isEmpty();
		assertThat(node.releases.asOf("catalog", "as of", first.releasedAt())).contains(first);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> node.releases.asOf("catalog", "as of", Instant.now().plusSeconds(3600)))
			.withMessageContaining("in the future");
	}

}
