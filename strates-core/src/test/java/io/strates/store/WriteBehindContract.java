package io.strates.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import io.strates.cache.TierUnavailableException;
import io.strates.dev.DevDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.RecoverableDataAccessException;

import static io.strates.store.ThingTable.delete;
import static io.strates.store.ThingTable.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How queued writes get into a database. A flush that is due is one {@code tick()} of a
 * node, which nobody else causes.
 */
abstract class WriteBehindContract {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration HOUR = Duration.ofHours(1);

	private static final WriteBehindSettings DEFAULTS = WriteBehindSettings.DEFAULTS;

	private static final String TOO_LONG = "far too long for the column";

	protected final TestPace pace = new TestPace();

	protected ThingTable table;

	private WriteJournal journal;

	private final List<String> dead = new ArrayList<>();

	private final List<WriteBehind> nodes = new ArrayList<>();

	/** Returns a database of its own for each test. */
	protected abstract DevDatabase database();

	/** Returns a journal with nothing in it. */
	protected abstract WriteJournal journal();

	@BeforeEach
	void create() {
		this.table = new ThingTable(database()).create();
		this.journal = journal();
	}

	@AfterEach
	void close() {
		this.table.down(false);
		this.table.before((writes) -> {
		});
		this.nodes.forEach(WriteBehind::close);
		this.table.close();
	}

	protected final WriteBehind node(WriteBehindSettings settings) {
		return node(settings, UnaryOperator.identity());
	}

	private WriteBehind node(WriteBehindSettings settings, UnaryOperator<WriteJournal> view) {
		return node("thing", settings, view.apply(this.journal), this.table);
	}

	private WriteBehind node(String store, WriteBehindSettings settings, WriteJournal seen, BatchTarget target) {
		WriteBehind node = new WriteBehind(store, seen, target, this.table.flushes, settings,
				(name, letter, cause) -> this.dead.add(name + " " + letter.write().id()), this.pace);
		this.nodes.add(node);
		return node;
	}

	private static List<QueuedWrite> puts(int from, int to) {
		return IntStream.range(from, to).mapToObj((number) -> put("k" + number, "v")).toList();
	}

	@Test
	void writeIsInTheDatabaseAfterTheInterval() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1")));

		node.tick();
		assertThat(this.table.rows()).isEmpty();
		assertThat(node.counts().pending()).isEqualTo(1);
		this.pace.pass(Duration.ofMillis(500));
		assertThat(node.tick()).isEqualTo(Duration.ofMillis(500));

		assertThat(this.table.rows()).containsExactly(Map.entry("a", "1"));
		assertThat(node.counts().pending()).isZero();
	}

	@Test
	void manyWritesAreFlushedAtOnce() {
		WriteBehind node = node(DEFAULTS.flushedEvery(HOUR));
		puts(0, 99).forEach((write) -> node.enqueue(List.of(write)));
		node.tick();
		assertThat(this.table.rows()).isEmpty();

		node.enqueue(List.of(put("last", "1")));
		node.tick();

		assertThat(this.table.rows()).hasSize(100);
	}

	@Test
	void backgroundThreadFlushesWhenManyArePending() {
		WriteBehind node = node(DEFAULTS.flushedEvery(HOUR));
		node.start();
		node.enqueue(puts(0, 100));

		await().atMost(PATIENCE).until(() -> this.table.rows().size() == 100);
	}

	@Test
	void whatAnotherProcessLeftIsFlushedAtTheStart() {
		node(DEFAULTS).enqueue(List.of(put("a", "1")));

		node(DEFAULTS.flushedEvery(HOUR)).start();

		await().atMost(PATIENCE).until(() -> this.table.rows().size() == 1);
	}

	@Test
	void thousandWritesOfOneIdAreOneRow() {
		WriteBehind node = node(DEFAULTS);
		for (int number = 0; number < 1_000; number++) {
			node.enqueue(List.of(put("a", "" + number)));
		}
		assertThat(node.counts().pending()).isEqualTo(1);

		node.flush();

		assertThat(this.table.rows()).containsExactly(Map.entry("a", "999"));
		assertThat(this.table.history("a")).containsExactly("999");
	}

	@Test
	void flushTakesOneStatementForManyRows() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(puts(0, 10_000));
		this.table.log.clear();

		node.flush();

		assertThat(this.table.log.statements()).hasSizeLessThanOrEqualTo(100);
		assertThat(this.table.rows()).hasSize(10_000);
	}

	@Test
	void flushOfAThousandRowsTakesTenStatements() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(puts(0, 1_000));
		this.table.log.clear();

		node.flush();

		assertThat(this.table.log.statements()).hasSizeLessThanOrEqualTo(10);
	}

	@Test
	void nothingPendingTakesNoStatement() {
		WriteBehind node = node(DEFAULTS);
		this.table.log.clear();

		this.pace.pass(HOUR);
		node.tick();
		node.flush();

		assertThat(this.table.log.statements()).isEmpty();
	}

	@Test
	void deletionFollowsTheWriteItDeletes() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1"), put("b", "1")));
		node.flush();
		node.enqueue(List.of(put("a", "2"), delete("a"), delete("b"), put("b", "2"), put("c", "1"), delete("c")));

		node.flush();

		assertThat(this.table.rows()).containsExactly(Map.entry("b", "2"));
	}

	@Test
	void pendingWritesAreReadUntilTheyAreInTheDatabase() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1"), delete("b")));

		assertThat(node.pending(List.of("a", "b", "c"))).containsOnlyKeys("a", "b");
		node.flush();
		assertThat(node.pending(List.of("a", "b", "c"))).isEmpty();
	}

	@Test
	void refusedWriteNeverComesAfterANewerOne() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "old")));
		AtomicBoolean first = new AtomicBoolean(true);
		this.table.before((writes) -> {
			if (first.getAndSet(false)) {
				node.enqueue(List.of(put("a", "new")));
				throw new DataIntegrityViolationException("refused");
			}
		});

		this.pace.pass(HOUR);
		node.tick();
		this.pace.pass(HOUR);
		node.tick();

		assertThat(this.table.rows()).containsExactly(Map.entry("a", "new"));
		assertThat(this.table.history("a")).containsExactly("new");
	}

	@Test
	void writeDuringItsFlushIsFlushedAfterwards() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1")));
		AtomicBoolean first = new AtomicBoolean(true);
		this.table.before((writes) -> {
			if (first.getAndSet(false)) {
				node.enqueue(List.of(put("a", "2")));
			}
		});

		node.flush();
		assertThat(this.table.rows()).containsExactly(Map.entry("a", "1"));
		assertThat(node.counts().pending()).isEqualTo(1);
		node.flush();

		assertThat(this.table.history("a")).containsExactly("1", "2");
		assertThat(this.table.rows()).containsExactly(Map.entry("a", "2"));
	}

	@Test
	void flushWaitsForTheOneInProgress() throws Exception {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1")));
		CountDownLatch reached = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		this.table.before((writes) -> {
			reached.countDown();
			awaitUnchecked(go);
		});
		this.pace.pass(HOUR);
		CompletableFuture<?> background = CompletableFuture.runAsync(node::tick);
		reached.await();

		CompletableFuture<Map<String, String>> rows = new CompletableFuture<>();
		Thread flusher = new Thread(() -> {
			node.flush();
			rows.complete(this.table.rows());
		});
		flusher.start();
		await().atMost(PATIENCE).until(() -> flusher.getState() == Thread.State.TIMED_WAITING);
		assertThat(rows).isNotDone();
		go.countDown();

		assertThat(rows.get(30, TimeUnit.SECONDS)).containsExactly(Map.entry("a", "1"));
		background.join();
		assertThat(this.table.history("a")).containsExactly("1");
	}

	private static void awaitUnchecked(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void flushTellsThatTheDatabaseIsAway() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1"), put("b", "1")));
		this.table.down(true);

		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush)
			.withMessageContaining("Flush of store 'thing' left 2 writes queued")
			.withMessageContaining("Connection refused")
			.satisfies((failure) -> {
				assertThat(failure.getStore()).isEqualTo("thing");
				assertThat(failure.getRemaining()).isEqualTo(2);
				assertThat(failure.getRefused()).isEmpty();
			});

		assertThat(node.counts().pending()).isEqualTo(2);
		this.table.down(false);
		node.flush();
		assertThat(this.table.rows()).hasSize(2);
	}

	@Test
	void outageUsesUpNoAttemptAndEndsWithinSeconds() {
		WriteBehind node = node(DEFAULTS);
		this.table.down(true);
		int looks = 0;
		for (int write = 0; write < 1_000; write++) {
			node.enqueue(List.of(put("k" + write % 500, "" + write)));
			this.pace.pass(Duration.ofMillis(30));
			int before = this.table.log.statements().size();
			node.tick();
			looks += this.table.log.statements().size() - before;
		}
		assertThat(looks).isZero();
		this.table.down(false);

		Duration passed = Duration.ZERO;
		while (node.counts().pending() > 0) {
			Duration idle = node.tick();
			this.pace.pass(idle);
			passed = passed.plus(idle);
		}

		assertThat(passed).isLessThan(Duration.ofSeconds(10));
		assertThat(this.dead).isEmpty();
		assertThat(this.table.rows()).hasSize(500).containsEntry("k0", "500").containsEntry("k499", "999");
		assertThat(this.table.historySize()).isEqualTo(500);
	}

	@Test
	void outageIsAskedForLessAndLessOften() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(puts(0, 200));
		this.table.down(true);

		List<Long> delays = new ArrayList<>();
		for (int look = 0; look < 8; look++) {
			node.enqueue(puts(0, 200));
			long delay = node.tick().toMillis();
			delays.add(delay);
			this.pace.pass(Duration.ofMillis(delay));
		}

		assertThat(delays).containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L, 5_000L);
	}

	@Test
	void fullQueueRefusesAndLosesNothing() {
		WriteBehind node = node(DEFAULTS.bounded(1_000, Duration.ofMillis(20)));
		this.table.down(true);
		List<String> accepted = new ArrayList<>();
		int refused = 0;
		for (QueuedWrite write : puts(0, 5_000)) {
			try {
				node.enqueue(List.of(write));
				accepted.add(write.id());
			}
			catch (WriteRefusedException ex) {
				assertThat(ex).hasMessageContaining("[" + write.id() + "] in store 'thing' was refused")
					.hasMessageContaining("1000 pending");
				assertThat(ex.getIds()).containsExactly(write.id());
				refused++;
			}
		}
		assertThat(accepted).hasSize(1_000);
		assertThat(refused).isEqualTo(4_000);
		assertThat(node.counts().pending()).isEqualTo(1_000);
		this.table.down(false);

		node.flush();

		assertThat(this.table.rows().keySet()).containsExactlyInAnyOrderElementsOf(accepted);
	}

	@Test
	void writeWaitsForRoom() {
		WriteBehind node = node(DEFAULTS.bounded(10, Duration.ofSeconds(5)).flushedEvery(HOUR));
		node.enqueue(puts(0, 10));
		this.pace.whileWaiting(node::tick);

		node.enqueue(List.of(put("late", "1")));

		assertThat(this.table.rows()).hasSize(10);
		assertThat(node.pending(List.of("late"))).hasSize(1);
	}

	@Test
	void closeFlushesWhatIsPending() {
		WriteBehind node = node(DEFAULTS.flushedEvery(HOUR));
		node.start();
		node.enqueue(puts(0, 90));
		assertThat(threads("strates-write-behind-")).isNotEmpty();

		assertThat(WriteBehind.closeAll(List.of(node)).get(node)).isNotNull().matches(FlushReport::complete);

		assertThat(this.table.rows()).hasSize(90);
		assertThat(threads("strates-write-behind-")).isEmpty();
		assertThatExceptionOfType(WriteRefusedException.class).isThrownBy(() -> node.enqueue(puts(0, 1)))
			.withMessageContaining("is closed");
		node.close();
	}

	private static List<String> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter(Thread::isAlive)
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.toList();
	}

	@Test
	void closeTellsWhatRemains() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(puts(0, 3));
		this.table.down(true);

		FlushReport report = WriteBehind.closeAll(List.of(node)).getOrDefault(node, FlushReport.NOTHING);

		assertThat(report.complete()).isFalse();
		assertThat(report.remaining()).isEqualTo(3);
		assertThat(this.journal.queued(10)).containsExactly("k0", "k1", "k2");
	}

	@Test
	void rowIsWrittenAfterTheOneItRefersToWhicheverCameFirst() {
		WriteBehind node = node(DEFAULTS.inBatchesOf(2));
		node.enqueue(List.of(put("grandchild", "1:child"), put("x", "1"), put("child", "1:parent"), put("y", "1"),
				put("z", "1"), put("parent", "1")));

		node.flush();

		assertThat(this.table.rows()).containsOnlyKeys("grandchild", "child", "parent", "x", "y", "z");
		assertThat(this.table.historySize()).isEqualTo(6);
		assertThat(this.dead).isEmpty();
	}

	@Test
	void storesThatReferToEachOtherAreClosedTogether() {
		WriteBehind children = node("child", DEFAULTS, new InMemoryJournal(), this.table);
		WriteBehind parents = node("parent", DEFAULTS, new InMemoryJournal(), this.table);
		children.enqueue(List.of(put("child", "1:parent")));
		parents.enqueue(List.of(put("parent", "1")));

		Map<WriteBehind, FlushReport> reports = WriteBehind.closeAll(List.of(children, parents));

		assertThat(this.table.rows()).containsOnlyKeys("child", "parent");
		assertThat(reports).hasSize(2).values().allMatch(FlushReport::complete);
		assertThat(WriteBehind.closeAll(List.of(children, parents))).isEmpty();
	}

	@Test
	void storeThatIsHeldUpTakesNoTimeFromThoseThatAreClosedWithIt() {
		WriteBehindSettings settings = DEFAULTS.endingWithin(Duration.ofSeconds(2));
		CountDownLatch go = new CountDownLatch(1);
		WriteBehind heldUp = node("held up", settings, new JournalProxy(new InMemoryJournal()) {
			@Override
			public @Nullable List<Entry> claim(Claim claim) {
				awaitUnchecked(go);
				return super.claim(claim);
			}
		}, this.table);
		WriteBehind other = node("other", settings, new InMemoryJournal(), this.table);
		heldUp.enqueue(puts(0, 3));
		other.enqueue(List.of(put("a", "1")));

		Map<WriteBehind, FlushReport> reports = WriteBehind.closeAll(List.of(heldUp, other));

		assertThat(this.table.rows()).containsOnlyKeys("a");
		assertThat(reports.get(other)).isNotNull().matches(FlushReport::complete);
		assertThat(reports.get(heldUp)).isNotNull().matches((report) -> !report.complete() && report.remaining() == 3);
		go.countDown();
		await().atMost(PATIENCE).until(() -> threads("strates-last-flush").isEmpty());
	}

	@Test
	void whoIsInterruptedClosesAllTheSame() {
		WriteBehind node = node(DEFAULTS.flushedEvery(HOUR));
		node.start();
		node.enqueue(puts(0, 90));

		Thread.currentThread().interrupt();
		Map<WriteBehind, FlushReport> reports = WriteBehind.closeAll(List.of(node));

		assertThat(Thread.interrupted()).isTrue();
		assertThat(reports.get(node)).isNotNull().matches(FlushReport::complete);
		assertThat(this.table.rows()).hasSize(90);
		assertThat(threads("strates-write-behind-")).isEmpty();
	}

	@Test
	void whoeverQueuesAllTheWhileTakesNoTimeFromThoseThatAreClosedWithIt() {
		WriteBehindSettings settings = DEFAULTS.endingWithin(Duration.ofSeconds(2));
		// The threads of the platform may be one, which the first would hold.
		Executor threads = (task) -> new Thread(task).start();
		CountDownLatch reached = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		WriteBehind heldUp = node("held up", settings, new JournalProxy(new InMemoryJournal()) {
			@Override
			public long enqueue(String request, List<QueuedWrite> writes, int capacity) {
				reached.countDown();
				awaitUnchecked(go);
				return super.enqueue(request, writes, capacity);
			}
		}, this.table);
		WriteBehind other = node("other", settings, new InMemoryJournal(), this.table);
		CompletableFuture<?> queuing = CompletableFuture.runAsync(() -> heldUp.enqueue(puts(0, 1)), threads);
		awaitUnchecked(reached);
		other.enqueue(List.of(put("a", "1")));

		CompletableFuture<?> closing = CompletableFuture.runAsync(() -> WriteBehind.closeAll(List.of(heldUp, other)),
				threads);

		assertThat(closing).succeedsWithin(PATIENCE);
		assertThat(this.table.rows()).containsOnlyKeys("a");
		go.countDown();
		assertThat(queuing).succeedsWithin(PATIENCE);
	}

	@Test
	void journalIsNotAskedWhatIsLeftOnceTheTimeIsOver() {
		CountDownLatch go = new CountDownLatch(1);
		AtomicReference<@Nullable Thread> closing = new AtomicReference<>();
		AtomicBoolean asked = new AtomicBoolean();
		WriteBehind heldUp = node("held up", DEFAULTS.endingWithin(Duration.ofMillis(500)),
				new JournalProxy(new InMemoryJournal()) {
					@Override
					public boolean durable() {
						return true;
					}

					@Override
					public @Nullable List<Entry> claim(Claim claim) {
						awaitUnchecked(go);
						return super.claim(claim);
					}

					@Override
					public Counts counts() {
						if (Thread.currentThread().equals(closing.get())) {
							asked.set(true);
						}
						return super.counts();
					}
				}, this.table);
		heldUp.enqueue(puts(0, 3));
		closing.set(Thread.currentThread());

		Map<WriteBehind, FlushReport> reports = WriteBehind.closeAll(List.of(heldUp));

		assertThat(asked).isFalse();
		assertThat(reports.get(heldUp)).isNotNull().matches((report) -> report.remaining() == -1);
		go.countDown();
		await().atMost(PATIENCE).until(() -> threads("strates-last-flush").isEmpty());
	}

	@Test
	void badRowBlocksNoOtherAndDiesAfterItsAttempts() {
		WriteBehind node = node(DEFAULTS);
		List<QueuedWrite> writes = new ArrayList<>(puts(0, 300));
		writes.set(137, put("bad", TOO_LONG));
		node.enqueue(writes);
		this.pace.pass(HOUR);
		this.table.log.clear();

		node.tick();

		assertThat(this.table.rows()).hasSize(299).doesNotContainKey("bad");
		assertThat(this.table.historySize()).isEqualTo(299);
		assertThat(this.table.log.statements()).hasSizeLessThan(150);
		assertThat(node.pending(List.of("bad"))).hasSize(1);
		List<Duration> waits = new ArrayList<>();
		while (node.counts().pending() > 0) {
			assertThat(this.dead).isEmpty();
			Duration idle = node.tick();
			waits.add(idle);
			this.pace.pass(idle);
		}
		assertThat(waits.stream().mapToLong(Duration::toMillis).sum()).isBetween(250L + 500 + 1_000 + 2_000, 5_000L);
		assertThat(this.dead).containsExactly("thing bad");
		DeadLetter letter = this.journal.deadLetters(10).get(0);
		assertThat(letter.attempts()).isEqualTo(5);
		assertThat(letter.write().id()).isEqualTo("bad");
		assertThat(letter.cause()).containsIgnoringCase("too long");
		assertThat(node.counts()).isEqualTo(new WriteJournal.Counts(0, 1));
	}

	@Test
	void flushNamesWhatTheDatabaseRefused() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1"), put("bad", TOO_LONG), put("b", "1")));

		for (int attempt = 1; attempt < 5; attempt++) {
			assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush)
				.withMessageContaining("left 1 writes queued, of which the database refused [bad]")
				.satisfies((failure) -> assertThat(failure.getRefused()).containsExactly("bad"));
		}
		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush)
			.withMessageContaining("gave up [bad]")
			.satisfies((failure) -> assertThat(failure.getDead()).containsExactly("bad"));
		node.flush();

		assertThat(this.table.rows()).containsOnlyKeys("a", "b");
		assertThat(this.dead).containsExactly("thing bad");
	}

	@Test
	void refusedRowThatIsWrittenAnewIsFine() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("bad", TOO_LONG)));
		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush);

		node.enqueue(List.of(put("bad", "good")));
		node.flush();

		assertThat(this.table.rows()).containsExactly(Map.entry("bad", "good"));
		assertThat(this.dead).isEmpty();
	}

	@Test
	void everyRowBadIsEveryRowDead() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(IntStream.range(0, 20).mapToObj((number) -> put("k" + number, TOO_LONG)).toList());

		for (int attempt = 0; attempt < 5; attempt++) {
			assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush);
		}

		assertThat(node.counts()).isEqualTo(new WriteJournal.Counts(0, 20));
		assertThat(this.dead).hasSize(20).doesNotHaveDuplicates();
	}

	@Test
	void batchThatWasCommittedAndNotAcknowledgedIsNotAppliedAgain() {
		WriteBehind dying = node(DEFAULTS, (seen) -> new JournalProxy(seen) {
			@Override
			public void acknowledge(String batch) {
				throw new TierUnavailableException("killed", null);
			}
		});
		dying.enqueue(puts(0, 10));
		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(dying::flush).withMessageContaining("killed");
		assertThat(this.table.historySize()).isEqualTo(10);
		assertThat(this.journal.counts().pending()).isEqualTo(10);
		WriteBehind next = node(DEFAULTS);
		next.enqueue(List.of(put("k3", "newer")));

		next.flush();

		assertThat(this.table.historySize()).isEqualTo(11);
		assertThat(this.table.history("k3")).containsExactly("newer", "v");
		assertThat(this.table.rows()).hasSize(10).containsEntry("k3", "newer");
	}

	@Test
	void batchThatWasClaimedAndNotCommittedIsApplied() {
		WriteBehind dying = node(DEFAULTS.leasedFor(Duration.ofMillis(1)));
		dying.enqueue(puts(0, 10));
		this.table.before((writes) -> {
			throw new RecoverableDataAccessException("killed");
		});
		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(dying::flush);
		this.table.before((writes) -> {
		});

		node(DEFAULTS).flush();

		assertThat(this.table.historySize()).isEqualTo(10);
		assertThat(this.journal.counts().pending()).isZero();
	}

	@Test
	void flusherThatWasPausedAndReplacedWritesNothing() {
		WriteBehind other = node(DEFAULTS);
		AtomicReference<@Nullable WriteBehind> successor = new AtomicReference<>(other);
		WriteBehind paused = node(DEFAULTS.leasedFor(Duration.ofMillis(1)), (seen) -> new JournalProxy(seen) {
			@Override
			public @Nullable List<Entry> claim(Claim claim) {
				List<Entry> entries = super.claim(claim);
				WriteBehind next = successor.getAndSet(null);
				if (next != null) {
					next.flush();
					next.enqueue(List.of(put("k3", "newer")));
					next.flush();
				}
				return entries;
			}
		});
		paused.enqueue(puts(0, 10));

		paused.flush();

		assertThat(this.table.historySize()).isEqualTo(11);
		assertThat(this.table.rows()).containsEntry("k3", "newer");
	}

	@Test
	void flusherThatWasReplacedDoesNotTakeItsSuccessorsBatch() {
		WriteBehind other = node(DEFAULTS);
		AtomicReference<@Nullable WriteBehind> successor = new AtomicReference<>(other);
		WriteBehind paused = node(DEFAULTS.leasedFor(Duration.ofMillis(1)), (seen) -> new JournalProxy(seen) {
			@Override
			public void acknowledge(String batch) {
				WriteBehind next = successor.getAndSet(null);
				if (next != null) {
					next.flush();
					next.enqueue(List.of(put("k3", "newer")));
				}
				super.acknowledge(batch);
			}
		});
		paused.enqueue(puts(0, 10));

		paused.flush();
		assertThat(this.journal.queued(10)).containsExactly("k3");
		other.flush();

		assertThat(this.table.historySize()).isEqualTo(11);
		assertThat(this.table.history("k3")).containsExactly("newer", "v");
	}

	@Test
	void oneNodeFlushesAtATime() throws Exception {
		WriteBehind first = node(DEFAULTS);
		WriteBehind second = node(DEFAULTS.endingWithin(Duration.ofMillis(100)));
		first.enqueue(puts(0, 10));
		CountDownLatch reached = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		WriteBehind holding = node("thing", DEFAULTS, new JournalProxy(this.journal) {
			@Override
			public @Nullable List<Entry> claim(Claim claim) {
				reached.countDown();
				awaitUnchecked(go);
				return super.claim(claim);
			}
		}, this.table);
		CompletableFuture<?> flush = CompletableFuture.runAsync(holding::flush);
		reached.await();

		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(second::flush)
			.withMessageContaining("another node was flushing all the while")
			.withMessageContaining("left 10 writes queued");
		go.countDown();
		flush.join();
		second.flush();

		assertThat(this.table.historySize()).isEqualTo(10);
	}

	@Test
	void nodesThatFlushTogetherWriteEachValueOnceAndInOrder() {
		List<WriteBehind> flushers = List.of(node(DEFAULTS.inBatchesOf(7)), node(DEFAULTS.inBatchesOf(7)));
		CompletableFuture<?>[] threads = IntStream.range(0, 4).mapToObj((thread) -> CompletableFuture.runAsync(() -> {
			WriteBehind node = flushers.get(thread % 2);
			for (int round = 100; round < 140; round++) {
				for (int key = 0; key < 5; key++) {
					node.enqueue(List.of(put(thread + "." + key, "" + round)));
				}
				node.flushWithin(Duration.ofSeconds(30));
			}
		})).toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(threads).join();

		flushers.get(0).flush();

		assertThat(this.table.rows()).hasSize(20).values().containsOnly("139");
		this.table.rows()
			.keySet()
			.forEach((id) -> assertThat(this.table.history(id)).doesNotHaveDuplicates().contains("139"));
	}

	@Test
	void fencesGoOnAboveThoseOfTheJournalAfterTheTableWasLost() {
		WriteBehind node = node(DEFAULTS);
		for (int round = 0; round < 3; round++) {
			node.enqueue(puts(0, 1));
			node.flush();
		}
		this.table.jdbc.sql("delete from strates_write_behind").update();

		node.enqueue(List.of(put("a", "1")));
		node.flush();

		assertThat(this.table.rows()).containsEntry("a", "1");
	}

	@Test
	void missingTableCountsNoAttempt() {
		this.table.jdbc.sql("drop table strates_write_behind").update();
		WriteBehind node = node(DEFAULTS);
		node.enqueue(puts(0, 3));

		for (int attempt = 0; attempt < 10; attempt++) {
			assertThatExceptionOfType(FlushFailedException.class).isThrownBy(node::flush)
				.withMessageContaining("strates_write_behind");
		}

		assertThat(node.counts()).isEqualTo(new WriteJournal.Counts(3, 0));
	}

	@Test
	void settlingFlushesTheIdIfItIsPending() {
		WriteBehind node = node(DEFAULTS);
		node.enqueue(List.of(put("a", "1"), put("bad", TOO_LONG)));

		node.settle(List.of("other"));
		assertThat(this.table.rows()).isEmpty();
		node.settle(List.of("a"));

		assertThat(this.table.rows()).containsOnlyKeys("a");
		assertThatExceptionOfType(FlushFailedException.class).isThrownBy(() -> node.settle(List.of("bad")));
	}

	@Test
	void writeIsRefusedWhileItsJournalIsAway() {
		AtomicBoolean away = new AtomicBoolean(true);
		WriteBehind node = node(DEFAULTS, (seen) -> new JournalProxy(seen) {
			@Override
			public long enqueue(String request, List<QueuedWrite> writes, int capacity) {
				if (away.get()) {
					throw new TierUnavailableException("not connected", null);
				}
				return super.enqueue(request, writes, capacity);
			}
		});

		assertThatExceptionOfType(WriteRefusedException.class).isThrownBy(() -> node.enqueue(puts(0, 2)))
			.withMessageContaining("[k0, k1] in store 'thing'")
			.withMessageContaining("bring Redis back")
			.withCauseInstanceOf(TierUnavailableException.class);
		this.pace.whileWaiting(() -> away.set(false));
		node.enqueue(puts(0, 2));

		assertThat(node.counts().pending()).isEqualTo(2);
	}

	@Test
	void writeWithoutAnAnswerIsAskedForAgainUnderTheSameName() {
		List<String> requests = new ArrayList<>();
		WriteBehind node = node(DEFAULTS, (seen) -> new JournalProxy(seen) {
			@Override
			public long enqueue(String request, List<QueuedWrite> writes, int capacity) {
				requests.add(request);
				throw new WriteUnconfirmedException("thing", List.of("k0"), null);
			}
		});

		assertThatExceptionOfType(WriteUnconfirmedException.class).isThrownBy(() -> node.enqueue(puts(0, 1)));
		int asked = requests.size();
		assertThat(asked).isGreaterThan(1);
		assertThat(requests).containsOnly(requests.get(0));
		assertThatExceptionOfType(WriteUnconfirmedException.class).isThrownBy(() -> node.enqueue(puts(0, 1)));
		assertThat(requests.get(asked)).isNotEqualTo(requests.get(0));
	}

	@Test
	void writesThatWereNotQueuedAreNamedWhenMoreAreQueuedThanFit() {
		WriteBehind node = node(DEFAULTS.bounded(1_500, Duration.ofMillis(20)));
		this.table.down(true);

		assertThatExceptionOfType(WriteRefusedException.class).isThrownBy(() -> node.enqueue(puts(0, 2_500)))
			.satisfies((failure) -> assertThat(failure.getIds()).hasSize(1_500).startsWith("k1000"));

		assertThat(node.counts().pending()).isEqualTo(1_000);
	}

}
