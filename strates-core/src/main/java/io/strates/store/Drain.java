package io.strates.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.strates.store.FlushTable.Lease;
import io.strates.store.WriteJournal.Claim;
import io.strates.store.WriteJournal.Entry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One flush of a store under one lease: all that was queued when it began.
 */
/*
 * A batch is claimed in the journal, applied and noted as the last one in one transaction
 * of the database, and acknowledged to the journal. Whatever is interrupted in between,
 * the next flusher finds: a claimed batch that is noted was applied and is acknowledged,
 * one that is not was not applied and is claimed anew. A batch that was committed is
 * acknowledged before another is claimed, so there is never more than one to ask about.
 *
 * A batch that the database refuses is halved until the row is found that it refuses
 * alone; batches grow again with each success. A transaction is always one batch, so that
 * a constraint that is checked at commit is no special case. A refused row is put aside,
 * and tried again after the others as long as others get through: it may refer to one
 * that was queued later. Only then an attempt is counted.
 */
final class Drain {

	private static final Logger logger = LoggerFactory.getLogger(WriteBehind.class);

	private final FlushTable table;

	private final Lease lease;

	private final WriteBehind queue;

	private final WriteJournal journal;

	private final BatchTarget target;

	private final WriteBehindSettings settings;

	private final long mark;

	private final Instant start;

	private final List<String> refused = new ArrayList<>();

	private final List<String> dead = new ArrayList<>();

	private long written;

	private int batches;

	private boolean released;

	private @Nullable RuntimeException refusal;

	Drain(WriteBehind queue, WriteJournal journal, BatchTarget target, FlushTable table, WriteBehindSettings settings,
			Lease lease, long mark, Instant start) {
		this.queue = queue;
		this.journal = journal;
		this.target = target;
		this.table = table;
		this.settings = settings;
		this.lease = lease;
		this.mark = mark;
		this.start = start;
	}

	/** Flushes; whatever interrupts it is in the report. */
	FlushReport run() {
		RuntimeException outage = null;
		boolean lost = false;
		try {
			passes();
			release();
		}
		catch (FlushTable.LostException ex) {
			logger.info("{}", ex.getMessage());
			lost = true;
		}
		catch (RuntimeException ex) {
			outage = ex;
		}
		return new FlushReport(this.written, this.refused, this.dead, lost, -1, outage, this.refusal);
	}

	private void passes() {
		List<Refused> aside = List.of();
		long before;
		int pass = 0;
		do {
			before = this.written;
			aside = pass(this.start.plusMillis(pass++));
		}
		while (!aside.isEmpty() && this.written > before);
		aside.forEach(this::attempted);
	}

	/** Nothing depends on it: a lease that is not given back ends by itself. */
	private void release() {
		if (!this.released) {
			try {
				this.table.release(this.lease);
			}
			catch (RuntimeException ex) {
				logger.debug("The lease of store '{}' was not given back", this.lease.store(), ex);
			}
		}
	}

	/** Returns what the database has refused. */
	private List<Refused> pass(Instant due) {
		List<Refused> aside = new ArrayList<>();
		int limit = this.settings.batchSize();
		while (true) {
			String batch = this.lease.fence() + "." + this.batches++;
			List<Entry> entries = this.journal.claim(new Claim(this.lease.fence(), batch, this.mark, due, limit));
			if (entries == null) {
				throw new FlushTable.LostException(this.lease);
			}
			if (entries.isEmpty()) {
				return aside;
			}
			boolean end = entries.size() < limit;
			RuntimeException cause = apply(batch, entries, end && aside.isEmpty());
			if (cause == null && end) {
				return aside;
			}
			if (cause == null) {
				limit = Math.min(this.settings.batchSize(), limit * 2);
			}
			else if (entries.size() > 1) {
				limit = entries.size() / 2;
			}
			else {
				this.journal.putOff(this.lease.fence(), entries, due.plusMillis(1));
				aside.add(new Refused(entries.get(0), cause));
			}
		}
	}

	/** Returns why the database refuses the batch, or {@code null} if it does not. */
	private @Nullable RuntimeException apply(String batch, List<Entry> entries, boolean last) {
		try {
			this.table.apply(this.lease, batch, last,
					() -> this.target.apply(entries.stream().map(Entry::write).toList()));
		}
		catch (RuntimeException ex) {
			if (ex instanceof FlushTable.LostException || Failures.ofDatabase(ex)) {
				throw ex;
			}
			return ex;
		}
		this.released = last;
		this.journal.acknowledge(batch);
		this.written += entries.size();
		return null;
	}

	private void attempted(Refused failed) {
		this.refusal = failed.cause();
		Entry entry = failed.entry();
		Entry again = new Entry(entry.write(), entry.version(), entry.attempts() + 1);
		if (again.attempts() < this.settings.maxAttempts()) {
			this.journal.putOff(this.lease.fence(), List.of(again), this.queue.retryAfter(again.attempts()));
			this.refused.add(entry.write().id());
			return;
		}
		DeadLetter letter = new DeadLetter(entry.write(), Failures.text(failed.cause()), this.start, again.attempts());
		if (this.journal.bury(this.lease.fence(), again, letter)) {
			this.dead.add(entry.write().id());
			this.queue.gaveUp(letter, failed.cause());
		}
	}

	/** An entry that the database refuses, and why. */
	private record Refused(Entry entry, RuntimeException cause) {
	}

}
