package io.strates.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.strates.store.WriteJournal.Claim;
import io.strates.store.WriteJournal.Entry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What every journal of queued writes does. */
public abstract class WriteJournalContract {

	protected static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

	protected static final int ROOM = 1_000;

	private static final long ALL = Long.MAX_VALUE / 4096;

	protected WriteJournal journal;

	private int requests;

	/** Returns a journal with nothing in it. */
	protected abstract WriteJournal empty();

	@BeforeEach
	void open() {
		this.journal = empty();
	}

	@AfterEach
	void close() {
		this.journal.close();
	}

	@Test
	void newestValueOfAnIdStandsAtItsFirstPosition() {
		queue("a=1", "b=1", "c=1");
		queue("a=2", "d=1");

		assertThat(claimed(claim(1, "x"))).containsExactly("a=2", "b=1", "c=1", "d=1");
		assertThat(this.journal.queued(3)).containsExactly("a", "b", "c");
	}

	@Test
	void writesOfOneCallReplaceEachOther() {
		assertThat(queue("a=1", "b=1", "a=2")).isEqualTo(2);

		assertThat(claimed(claim(1, "x"))).containsExactly("a=2", "b=1");
	}

	@Test
	void deletionHasNoState() {
		queue("a=1");
		queue("a");

		assertThat(claimed(claim(1, "x"))).containsExactly("a");
		assertThat(pending("a")).containsExactly("a");
	}

	@Test
	void stateMayBeEmptyOrBinary() {
		byte[] state = { 0, (byte) 0xff, '\r', '\n', 0 };
		this.journal.enqueue("r", List.of(new QueuedWrite("ä b", state), new QueuedWrite("empty", new byte[0])), ROOM);

		assertThat(this.journal.pending(List.of("ä b")).get("ä b").state()).containsExactly(state);
		assertThat(this.journal.pending(List.of("empty")).get("empty").state()).isEmpty();
	}

	@Test
	void fullJournalTakesAllOrNothingButKnownIdsAlways() {
		assertThat(queue(2, "a=1")).isEqualTo(1);
		assertThat(queue(2, "b=1", "c=1")).isEqualTo(WriteJournal.FULL);
		assertThat(queue(2, "b=1")).isEqualTo(2);
		assertThat(queue(2, "a=2", "b=2")).isEqualTo(2);
		assertThat(queue(2, "c=1")).isEqualTo(WriteJournal.FULL);

		assertThat(pending("a", "b", "c")).containsExactly("a=2", "b=2");
		assertThat(this.journal.counts()).isEqualTo(new WriteJournal.Counts(2, 0));
	}

	@Test
	void claimedEntryIsPendingUntilItIsAcknowledged() {
		queue("a=1", "b=1");
		begin(1, null);
		claim(1, "x", 1);

		assertThat(pending("a", "b")).containsExactly("a=1", "b=1");
		this.journal.acknowledge("x");
		assertThat(pending("a", "b")).containsExactly("b=1");
		assertThat(claimed(claim(1, "y"))).containsExactly("b=1");
	}

	@Test
	void whatWasWrittenAgainSinceItWasClaimedRemainsAsNew() {
		queue("a=1", "b=1");
		begin(1, null);
		claim(1, "x", 1);
		queue("a=2");
		queue("c=1");

		this.journal.acknowledge("x");

		assertThat(pending("a")).containsExactly("a=2");
		assertThat(claimed(claim(1, "y"))).containsExactly("b=1", "a=2", "c=1");
	}

	@Test
	void acknowledgingAnotherBatchDoesNothing() {
		queue("a=1");
		begin(1, null);
		claim(1, "x", 1);
		claim(1, "y", 1);

		this.journal.acknowledge("x");

		assertThat(pending("a")).containsExactly("a=1");
		this.journal.acknowledge("y");
		this.journal.acknowledge("y");
		assertThat(this.journal.counts().pending()).isZero();
	}

	@Test
	void successorAcknowledgesABatchThatWasAppliedAndOnlyThat() {
		queue("a=1", "b=1");
		begin(1, null);
		claim(1, "x", 1);
		begin(2, "w");
		assertThat(pending("a", "b")).containsExactly("a=1", "b=1");
		assertThat(claimed(claim(2, "y", 1))).containsExactly("a=1");

		begin(3, "y");

		assertThat(pending("a", "b")).containsExactly("b=1");
	}

	@Test
	void smallerFenceIsTurnedAway() {
		queue("a=1");
		begin(2, null);
		List<Entry> entries = claim(2, "x", 1);

		assertThat(this.journal.begin(1, "x", true).fence()).isEqualTo(2);
		assertThat(this.journal.claim(new Claim(1, "y", ALL, NOON, 10))).isNull();
		this.journal.putOff(1, entries, NOON.plusSeconds(1));
		assertThat(this.journal.bury(1, entries.get(0), letter(entries.get(0)))).isFalse();

		assertThat(claimed(claim(2, "z"))).containsExactly("a=1");
	}

	@Test
	void whatWasQueuedAfterTheMarkIsNotClaimed() {
		queue("a=1", "b=1");
		long mark = this.journal.begin(1, null, false).mark();
		queue("c=1", "a=2");

		assertThat(claimed(this.journal.claim(new Claim(1, "x", mark, NOON, 10)))).containsExactly("a=2", "b=1");
		this.journal.acknowledge("x");
		assertThat(this.journal.claim(new Claim(1, "y", mark, NOON, 10))).isEmpty();
	}

	@Test
	void entryThatWasPutOffIsPendingAndNotClaimedUntilItIsDue() {
		queue("a=1", "b=1");
		begin(1, null);
		Entry refused = claim(1, "x", 1).get(0);

		this.journal.putOff(1, List.of(new Entry(refused.write(), refused.version(), 3)), NOON.plusSeconds(5));

		assertThat(pending("a", "b")).containsExactly("a=1", "b=1");
		assertThat(this.journal.queued(10)).containsExactly("b", "a");
		assertThat(claimed(claim(1, "y"))).containsExactly("b=1");
		List<Entry> later = this.journal.claim(new Claim(1, "z", ALL, NOON.plusSeconds(5), 10));
		assertThat(claimed(later)).containsExactly("b=1", "a=1");
		assertThat(later.get(1).attempts()).isEqualTo(3);
	}

	@Test
	void whatWasPutOffIsDueAtOnceIfSomebodyAsksForAll() {
		queue("a=1", "b=1");
		begin(1, null);
		this.journal.putOff(1, claim(1, "x", 1), NOON.plusSeconds(5));

		long mark = this.journal.begin(2, null, true).mark();

		assertThat(claimed(this.journal.claim(new Claim(2, "y", mark, NOON, 10)))).containsExactly("b=1", "a=1");
	}

	@Test
	void newWriteOfAnIdThatWasPutOffIsDueAndHasNoAttempts() {
		queue("a=1", "b=1");
		begin(1, null);
		Entry refused = claim(1, "x", 1).get(0);
		this.journal.putOff(1, List.of(new Entry(refused.write(), refused.version(), 3)), NOON.plusSeconds(5));
		queue("a=2");

		List<Entry> entries = claim(1, "y", 10);

		assertThat(claimed(entries)).containsExactly("b=1", "a=2");
		assertThat(entries.get(1).attempts()).isZero();
	}

	@Test
	void whatWasWrittenAgainIsNeitherPutOffNorBuried() {
		queue("a=1");
		begin(1, null);
		List<Entry> refused = claim(1, "x", 1);
		queue("a=2");

		this.journal.putOff(1, refused, NOON.plusSeconds(5));

		assertThat(this.journal.bury(1, refused.get(0), letter(refused.get(0)))).isFalse();
		assertThat(claimed(claim(1, "y"))).containsExactly("a=2");
		assertThat(this.journal.counts()).isEqualTo(new WriteJournal.Counts(1, 0));
	}

	@Test
	void deadLetterIsKeptUntilItIsDropped() {
		DeadLetter letter = died("a=1");

		assertThat(this.journal.counts()).isEqualTo(new WriteJournal.Counts(0, 1));
		assertThat(pending("a")).isEmpty();
		DeadLetter kept = this.journal.deadLetters(10).get(0);
		assertThat(text(kept.write())).isEqualTo("a=1");
		assertThat(kept).usingRecursiveComparison().isEqualTo(letter);
		assertThat(this.journal.deadLetters(0)).isEmpty();
		assertThat(this.journal.drop("a")).isTrue();
		assertThat(this.journal.drop("a")).isFalse();
		assertThat(this.journal.deadLetters(10)).isEmpty();
	}

	@Test
	void deadLetterIsQueuedAgainOnceItIsRetried() {
		died("a=1");
		queue("b=1");

		assertThat(this.journal.retry("a")).isTrue();
		assertThat(this.journal.retry("a")).isFalse();
		assertThat(this.journal.retry("b")).isFalse();

		List<Entry> entries = claim(1, "y", 10);
		assertThat(claimed(entries)).containsExactly("b=1", "a=1");
		assertThat(entries.get(1).attempts()).isZero();
		assertThat(this.journal.counts().dead()).isZero();
	}

	@Test
	void newWriteSupersedesADeadLetter() {
		died("a=1");

		queue("a=2");

		assertThat(this.journal.counts()).isEqualTo(new WriteJournal.Counts(1, 0));
		assertThat(this.journal.retry("a")).isFalse();
		assertThat(pending("a")).containsExactly("a=2");
	}

	private DeadLetter died(String text) {
		queue(text);
		begin(1, null);
		Entry entry = claim(1, "x", 1).get(0);
		DeadLetter letter = letter(entry);
		assertThat(this.journal.bury(1, entry, letter)).isTrue();
		return letter;
	}

	private static DeadLetter letter(Entry entry) {
		return new DeadLetter(entry.write(), "too long: ä", NOON, 5);
	}

	protected final long queue(String... texts) {
		return queue(ROOM, texts);
	}

	private long queue(int room, String... texts) {
		return this.journal.enqueue("request " + this.requests++,
				Arrays.stream(texts).map(WriteJournalContract::write).toList(), room);
	}

	private void begin(long fence, @Nullable String applied) {
		assertThat(this.journal.begin(fence, applied, false).fence()).isEqualTo(fence);
	}

	private List<Entry> claim(long fence, String batch) {
		begin(fence, null);
		return claim(fence, batch, 10);
	}

	private List<Entry> claim(long fence, String batch, int limit) {
		List<Entry> entries = this.journal.claim(new Claim(fence, batch, ALL, NOON, limit));
		assertThat(entries).isNotNull();
		return entries;
	}

	protected final List<String> pending(String... ids) {
		return new ArrayList<>(
				this.journal.pending(List.of(ids)).values().stream().map(WriteJournalContract::text).sorted().toList());
	}

	private static List<String> claimed(@Nullable List<Entry> entries) {
		assertThat(entries).isNotNull();
		return entries.stream().map((entry) -> text(entry.write())).toList();
	}

	/** A write from {@code id=state}, or a deletion from {@code id}. */
	protected static QueuedWrite write(String text) {
		int end = text.indexOf('=');
		return (end < 0) ? new QueuedWrite(text, null)
				: new QueuedWrite(text.substring(0, end), text.substring(end + 1).getBytes(StandardCharsets.UTF_8));
	}

	protected static String text(QueuedWrite write) {
		byte[] state = write.state();
		return (state != null) ? write.id() + "=" + new String(state, StandardCharsets.UTF_8) : write.id();
	}

}
