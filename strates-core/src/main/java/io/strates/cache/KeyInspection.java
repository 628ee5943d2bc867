package io.strates.cache;

import java.time.Duration;
import java.util.function.Consumer;

import io.strates.cache.CacheExplanation.Memory;
import io.strates.cache.CacheExplanation.Remote;
import io.strates.cache.CoherentTier.Look;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the tiers of one coherent cache as a read would, without being one.
 */
final class KeyInspection implements CacheInspection {

	private final String cache;

	private final CacheSettings settings;

	private final CoherentNode node;

	private final CoherentMemory memory;

	private final RemoteEntries<?> remote;

	private final Consumer<String> invalidation;

	KeyInspection(String cache, CacheSettings settings, CoherentNode node, CoherentMemory memory,
			RemoteEntries<?> remote, Consumer<String> invalidation) {
		this.cache = cache;
		this.settings = settings;
		this.node = node;
		this.memory = memory;
		this.remote = remote;
		this.invalidation = invalidation;
	}

	@Override
	public CacheSettings settings() {
		return this.settings;
	}

	@Override
	public void invalidate(String keyText) {
		this.invalidation.accept(CoherentNode.entryKey(this.cache, keyText));
	}

	@Override
	public CacheExplanation explain(String keyText) {
		String text = CoherentNode.entryKey(this.cache, keyText);
		long now = this.node.now();
		LocalEntry entry = this.memory.held(text);
		Memory held = (entry != null) ? held(entry, now) : null;
		Remote said = remote(text);
		boolean beingWritten = this.memory.isFenced(text);
		return new CacheExplanation(text, held, said, beingWritten, this.memory.isLoading(text),
				this.node.tier().trusted(), this.node.debts().size(), answer(held, said, beingWritten));
	}

	private Memory held(LocalEntry entry, long now) {
		return new Memory(Duration.ofNanos(entry.age(now)), Duration.ofNanos(Math.max(0, entry.left(now))),
				LocalEntry.isAbsent(entry.value()), this.memory.flaw(entry, now));
	}

	private Remote remote(String text) {
		if (!this.remote.keepsValues()) {
			return Remote.NONE;
		}
		if (!this.node.mayFetch()) {
			return Remote.AWAY;
		}
		try {
			Look look = this.node.tier().look(text);
			byte[] value = look.value();
			if (value != null) {
				return this.remote.judged(text, value);
			}
			return look.fenced() ? Remote.FENCED : Remote.MISSING;
		}
		catch (TierUnavailableException ex) {
			return Remote.AWAY;
		}
	}

	private static String answer(@Nullable Memory held, Remote remote, boolean beingWritten) {
		if (held != null && held.flaw() == null) {
			return held.absent() ? "L1 answers that there is no value" : "L1 answers";
		}
		if (beingWritten || remote == Remote.FENCED) {
			return "The key is being written: the loader answers, and its answer is not kept";
		}
		return switch (remote) {
			case PRESENT -> "L2 answers";
			case AWAY -> "The loader answers, and its answer is kept in L1 for a second";
			default -> "The loader answers, and its answer is kept";
		};
	}

}
