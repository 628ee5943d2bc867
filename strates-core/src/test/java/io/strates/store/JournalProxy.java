package io.strates.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A journal that lets a test look at what is asked of it. */
class JournalProxy implements WriteJournal {

	private final WriteJournal journal;

	JournalProxy(WriteJournal journal) {
		this.journal = journal;
	}

	@Override
	public boolean durable() {
		return this.journal.durable();
	}

	@Override
	public long enqueue(String request, List<QueuedWrite> writes, int capacity) {
		return this.journal.enqueue(request, writes, capacity);
	}

	@Override
	public Map<String, QueuedWrite> pending(Collection<String> ids) {
		return this.journal.pending(ids);
	}

	@Override
	public Begun begin(long fence, @Nullable String applied, boolean all) {
		return this.journal.begin(fence, applied, all);
	}

	@Override
	public @Nullable List<Entry> claim(Claim claim) {
		return this.journal.claim(claim);
	}

	@Override
	public void acknowledge(String batch) {
		this.journal.acknowledge(batch);
	}

	@Override
	public void putOff(long fence, List<Entry> refused, Instant until) {
		this.journal.putOff(fence, refused, until);
	}

	@Override
	public boolean bury(long fence, Entry entry, DeadLetter letter) {
		return this.journal.bury(fence, entry, letter);
	}

	@Override
	public Counts counts() {
		return this.journal.counts();
	}

	@Override
	public List<String> queued(int limit) {
		return this.journal.queued(limit);
	}

	@Override
	public List<DeadLetter> deadLetters(int limit) {
		return this.journal.deadLetters(limit);
	}

	@Override
	public boolean retry(String id) {
		return this.journal.retry(id);
	}

	@Override
	public boolean drop(String id) {
		return this.journal.drop(id);
	}

	@Override
	public void close() {
		this.journal.close();
	}

}
