package io.strates.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A journal in the memory of the process. What is in it is lost with the process.
 */
final class InMemoryJournal implements WriteJournal {

	private final Map<String, Held> entries = new HashMap<>();

	private final TreeMap<Long, Held> order = new TreeMap<>();

	/** In the order in which they were put off. */
	private final Set<Held> aside = new LinkedHashSet<>();

	private final Map<String, DeadLetter> dead = new LinkedHashMap<>();

	private final Map<String, Long> claimed = new LinkedHashMap<>();

	private @Nullable String batch;

	private long sequence;

	private long fence;

	@Override
	public boolean durable() {
		return false;
	}

	/** The request is not needed: nobody asks twice who always gets an answer. */
	@Override
	public synchronized long enqueue(String request, List<QueuedWrite> writes, int capacity) {
		long fresh = writes.stream()
			.map(QueuedWrite::id)
			.distinct()
			.filter((id) -> !this.entries.containsKey(id))
			.count();
		if (fresh > 0 && this.entries.size() + fresh > capacity) {
			return FULL;
		}
		writes.forEach(this::put);
		return this.entries.size();
	}

	private void put(QueuedWrite write) {
		Held entry = this.entries.computeIfAbsent(write.id(), (id) -> new Held());
		entry.write = write;
		entry.version = ++this.sequence;
		entry.attempts = 0;
		if (entry.position == 0) {
			this.aside.remove(entry);
			place(entry, entry.version);
		}
		this.dead.remove(write.id());
	}

	private void place(Held entry, long position) {
		if (entry.position != 0) {
			this.order.remove(entry.position);
		}
		entry.position = position;
		this.order.put(position, entry);
	}

	private void remove(Held entry) {
		this.entries.remove(entry.write.id());
		this.order.remove(entry.position);
		this.aside.remove(entry);
	}

	@Override
	public synchronized Map<String, QueuedWrite> pending(Collection<String> ids) {
		Map<String, QueuedWrite> found = new HashMap<>();
		for (String id : ids) {
			Held entry = this.entries.get(id);
			if (entry != null) {
				found.put(id, entry.write);
			}
		}
		return found;
	}

	@Override
	public synchronized Begun begin(long fence, @Nullable String applied, boolean all) {
		if (fence >= this.fence) {
			this.fence = fence;
			if (applied != null) {
				acknowledge(applied);
			}
			this.claimed.clear();
			this.batch = null;
			if (all) {
				this.aside.forEach((entry) -> place(entry, ++this.sequence));
				this.aside.clear();
			}
		}
		return new Begun(this.fence, this.sequence);
	}

	@Override
	public synchronized @Nullable List<Entry> claim(Claim claim) {
		if (claim.fence() != this.fence) {
			return null;
		}
		this.batch = claim.batch();
		this.claimed.clear();
		List<Entry> entries = new ArrayList<>();
		this.order.headMap(claim.mark(), true)
			.values()
			.stream()
			.limit(claim.limit())
			.forEach((entry) -> entries.add(entry.claimed()));
		this.aside.stream()
			.filter((entry) -> !entry.due.isAfter(claim.due()))
			.limit(claim.limit() - entries.size())
			.forEach((entry) -> entries.add(entry.claimed()));
		entries.forEach((entry) -> this.claimed.put(entry.write().id(), entry.version()));
		return entries;
	}

	@Override
	public synchronized void acknowledge(String batch) {
		if (!batch.equals(this.batch)) {
			return;
		}
		this.claimed.forEach((id, version) -> {
			Held entry = this.entries.get(id);
			if (entry != null && entry.version == version) {
				remove(entry);
			}
			else if (entry != null) {
				place(entry, entry.version);
			}
		});
		this.claimed.clear();
		this.batch = null;
	}

	@Override
	public synchronized void putOff(long fence, List<Entry> refused, Instant until) {
		for (Entry each : refused) {
			Held entry = current(fence, each);
			if (entry != null) {
				this.order.remove(entry.position);
				entry.position = 0;
				entry.attempts = each.attempts();
				entry.due = until;
				this.aside.add(entry);
			}
		}
	}

	@Override
	public synchronized boolean bury(long fence, Entry entry, DeadLetter letter) {
		Held held = current(fence, entry);
		if (held != null) {
			remove(held);
			this.dead.put(entry.write().id(), letter);
		}
		return held != null;
	}

	private @Nullable Held current(long fence, Entry entry) {
		Held held = this.entries.get(entry.write().id());
		return (fence == this.fence && held != null && held.version == entry.version()) ? held : null;
	}

	@Override
	public synchronized Counts counts() {
		return new Counts(this.entries.size(), this.dead.size());
	}

	@Override
	public synchronized List<String> queued(int limit) {
		List<String> ids = new ArrayList<>();
		this.order.values().stream().limit(limit).forEach((entry) -> ids.add(entry.write.id()));
		this.aside.stream().limit(limit - ids.size()).forEach((entry) -> ids.add(entry.write.id()));
		return ids;
	}

	@Override
	public synchronized List<DeadLetter> deadLetters(int limit) {
		return this.dead.values().stream().limit(limit).toList();
	}

	@Override
	public synchronized boolean retry(String id) {
		DeadLetter letter = this.dead.remove(id);
		if (letter != null) {
			put(letter.write());
		}
		return letter != null;
	}

	@Override
	public synchronized boolean drop(String id) {
		return this.dead.remove(id) != null;
	}

	@Override
	public void close() {
	}

	/** An entry; without a position while it is put off. */
	private static final class Held {

		private QueuedWrite write = new QueuedWrite("", null);

		private long version;

		private long position;

		private int attempts;

		private Instant due = Instant.MIN;

		private Entry claimed() {
			return new Entry(this.write, this.version, this.attempts);
		}

	}

}
