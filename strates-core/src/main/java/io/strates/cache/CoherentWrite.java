package io.strates.cache;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.strates.cache.CoherentTier.Ending;
import org.jspecify.annotations.Nullable;

/**
 * A write of this node, with the fences that it has put up.
 */
final class CoherentWrite<K, V> implements CacheWrite<K, V> {

	private final String cache;

	private final Map<K, String> keys;

	private final List<TagState> tags;

	private final CoherentNode node;

	private final CoherentMemory memory;

	private final Home<V> home;

	private final String writer;

	private final CompletableFuture<Void> fenced;

	/** From before the write: who invalidates a tag after it means its value too. */
	private final CacheTags.@Nullable Moment moment;

	private boolean unfenced;

	private boolean ended;

	CoherentWrite(String cache, Map<K, String> keys, List<TagState> tags, CoherentNode node, CoherentMemory memory,
			Home<V> home) {
		this.cache = cache;
		this.keys = keys;
		this.tags = tags;
		this.node = node;
		this.memory = memory;
		this.home = home;
		this.writer = node.nextWriter();
		keys.values().forEach(memory::enter);
		tags.forEach(TagState::enter);
		this.fenced = node.tier().begin(this.writer, allTexts());
		this.moment = home.moment();
	}

	/** What a write needs of its cache. */
	interface Home<V> {

		CacheSettings settings();

		/** Returns the tokens of now, or {@code null} if something is just changing. */
		CacheTags.@Nullable Moment moment();

		/**
		 * Returns the entry of a value that was written after a moment, or {@code null}
		 * if it is not to be kept.
		 */
		@Nullable LocalEntry entry(@Nullable V value, CacheTags.Moment moment);

		byte @Nullable [] encoded(String text, @Nullable V value, LocalEntry entry);

		/** Others have written the key as well. */
		void refused(String text);

	}

	private List<String> allTexts() {
		List<String> texts = new ArrayList<>(this.keys.values());
		this.tags.forEach((tag) -> texts.add(tag.key()));
		return texts;
	}

	/*
	 * A thread that is interrupted waits all the same, for as long as the tier takes to
	 * answer or to fail: its commit goes on, and others must not read what was before it.
	 */
	@Override
	public void awaitFences() {
		try {
			this.fenced.join();
		}
		catch (CompletionException ex) {
			this.unfenced = true;
		}
	}

	@Override
	public void committed(Map<K, ? extends @Nullable V> values) {
		end();
		awaitFences();
		if (this.unfenced) {
			this.node.debts().owe(allTexts());
			leave(Map.of());
			// Fences that went up late need not stand until they fall: L2 takes this
			// after them, and the value is in the database.
			endWithoutValues();
			return;
		}
		Map<String, LocalEntry> entries = entries(values);
		if (this.home.settings().localAfterRemote()) {
			entries.keySet().removeIf((text) -> !this.memory.isUndisturbed(text));
			tellEnd(endings(values, entries), () -> leave(entries));
		}
		else {
			// First, since it tells which keys nobody else has written or read meanwhile.
			entries.keySet().retainAll(leave(entries));
			tellEnd(endings(values, entries), () -> {
			});
		}
	}

	private Map<String, LocalEntry> entries(Map<K, ? extends @Nullable V> values) {
		Map<String, LocalEntry> entries = new LinkedHashMap<>();
		this.keys.forEach((key, text) -> {
			LocalEntry entry = (this.moment != null && values.containsKey(key))
					? this.home.entry(values.get(key), this.moment) : null;
			if (entry != null) {
				entries.put(text, entry);
			}
		});
		return entries;
	}

	private List<Ending> endings(Map<K, ? extends @Nullable V> values, Map<String, LocalEntry> entries) {
		CacheSettings settings = this.home.settings();
		List<Ending> endings = new ArrayList<>();
		this.keys.forEach((key, text) -> {
			LocalEntry entry = entries.get(text);
			if (entry == null) {
				endings.add(new Ending(text, null, settings.remoteTimeToLive()));
				return;
			}
			endings.add(new Ending(text, this.home.encoded(text, values.get(key), entry),
					LocalEntry.lifetime(entry.value(), settings.remoteTimeToLive(), settings)));
		});
		this.tags.forEach((tag) -> endings.add(new Ending(tag.key(), null, settings.remoteTimeToLive())));
		return endings;
	}

	/** Returns the keys that nobody else has written or read meanwhile. */
	private Set<String> leave(Map<String, LocalEntry> entries) {
		Set<String> undisturbed = new HashSet<>();
		this.keys.values().forEach((text) -> {
			if (this.memory.leave(text, entries.get(text))) {
				undisturbed.add(text);
			}
		});
		this.tags.forEach(TagState::leave);
		return undisturbed;
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void tellEnd(List<Ending> endings, Runnable told) {
		this.node.tier().end(this.writer, endings).whenComplete((refused, failure) -> {
			told.run();
			if (failure != null) {
				this.node.debts().owe(allTexts());
				this.keys.values().forEach(this.memory::doubt);
			}
			else {
				refused.forEach(this.home::refused);
			}
		});
	}

	private void end() {
		if (this.ended) {
			throw new IllegalStateException("This write of '" + this.cache + "' has ended; begin another");
		}
		this.ended = true;
	}

	@Override
	public void outcomeUnknown() {
		end();
		leave(Map.of());
		awaitFences();
		if (this.unfenced) {
			this.node.debts().owe(allTexts());
		}
	}

	@Override
	public void close() {
		if (this.ended) {
			return;
		}
		this.ended = true;
		leave(Map.of());
		endWithoutValues();
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void endWithoutValues() {
		Set<String> texts = Set.copyOf(allTexts());
		this.node.tier()
			.end(this.writer,
					texts.stream()
						.map((text) -> new Ending(text, null, this.home.settings().remoteTimeToLive()))
						.toList());
	}

}
