package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;

import io.strates.cache.CoherentTier.Lease;
import io.strates.cache.CoherentTier.LeaseRequest;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the right to keep what is about to be loaded.
 */
final class Leases {

	private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final CoherentNode node;

	private final CacheSettings settings;

	Leases(CoherentNode node, CacheSettings settings) {
		this.node = node;
		this.settings = settings;
	}

	/**
	 * How a key may be kept.
	 *
	 * @param token the right to keep it in L2, or {@code null}
	 * @param kept whether it may be kept in L1
	 */
	record Terms(@Nullable String token, boolean kept) {

		/** Somebody is writing the key. */
		static final Terms NOTHING = new Terms(null, false);

		/** Nobody knows whether somebody is writing the key. */
		static final Terms FOR_MOMENTS = new Terms(null, true);

	}

	/**
	 * Asks for several keys, and waits for other nodes that load one of them if one node
	 * is to load for all.
	 * @param texts the keys
	 * @param replace whether values of L2 are of no use
	 * @param present takes a value that L2 turns out to have, and says whether it is good
	 * @return the terms of the keys that are to be loaded
	 */
	Map<String, Terms> ask(List<String> texts, boolean replace, BiPredicate<String, byte[]> present) {
		Map<String, Terms> terms = new LinkedHashMap<>();
		List<String> open = texts;
		long deadline = this.node.now() + this.settings.loadTimeout().toNanos();
		while (!open.isEmpty()) {
			boolean exclusive = this.settings.oneLoadPerCluster() && deadline - this.node.now() > 0;
			open = ask(open, replace, exclusive, present, terms, deadline);
		}
		return terms;
	}

	/** Asks for keys of which it is known that what L2 holds is of no use. */
	Map<String, Terms> askOnce(List<String> texts) {
		Map<String, Terms> terms = new LinkedHashMap<>();
		ask(texts, true, false, (text, value) -> false, terms, this.node.now());
		return terms;
	}

	/** Asks once, and returns the keys that must be asked for again. */
	private List<String> ask(List<String> texts, boolean replace, boolean exclusive,
			BiPredicate<String, byte[]> present, Map<String, Terms> terms, long deadline) {
		Map<String, CompletableFuture<Void>> landings = new LinkedHashMap<>();
		if (exclusive) {
			// Before the question: the landing may be told before the answer is here.
			texts.forEach((text) -> landings.put(text, this.node.landing(text)));
		}
		if (texts.isEmpty()) {
			return texts;
		}
		List<String> rejected = new ArrayList<>();
		List<String> awaited = new ArrayList<>();
		List<Lease> leases = leases(texts, replace, exclusive);
		for (int index = 0; index < texts.size(); index++) {
			String text = texts.get(index);
			Lease lease = (leases != null) ? leases.get(index) : null;
			if (lease == null) {
				terms.put(text, Terms.FOR_MOMENTS);
				continue;
			}
			byte[] value = lease.value();
			switch (lease.state()) {
				case GRANTED -> terms.put(text, new Terms(lease.token(), true));
				case FENCED -> terms.put(text, Terms.NOTHING);
				case AWAITED -> awaited.add(text);
				case PRESENT -> {
					if (value == null || !present.test(text, value)) {
						rejected.add(text);
					}
				}
			}
		}
		rejected.forEach((text) -> terms.put(text, replacing(text)));
		landings.forEach((text, landing) -> {
			if (awaited.contains(text)) {
				await(text, landing, deadline);
			}
			this.node.forgetLanding(text, landing);
		});
		return awaited;
	}

	private @Nullable List<Lease> leases(List<String> texts, boolean replace, boolean exclusive) {
		Duration life = this.settings.loadTimeout().multipliedBy(2);
		try {
			return this.node.tier()
				.lease(texts.stream().map((text) -> new LeaseRequest(text, replace, exclusive, life)).toList());
		}
		catch (TierUnavailableException ex) {
			this.node.away();
			return null;
		}
	}

	/** Asks once more for a key whose value in L2 is of no use. */
	private Terms replacing(String text) {
		List<Lease> leases = leases(List.of(text), true, false);
		if (leases == null) {
			return Terms.FOR_MOMENTS;
		}
		String token = leases.get(0).token();
		return (token != null) ? new Terms(token, true) : Terms.NOTHING;
	}

	private void await(String text, CompletableFuture<Void> landing, long deadline) {
		try {
			long left = Math.min(RETRY_NANOS, deadline - this.node.now());
			landing.get(Math.max(left, 0), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			// Asks again: its node may have died, or its message be lost.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LoadFailedException("Interrupted while another node loaded " + text, ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A landing has no failures", ex);
		}
	}

}
