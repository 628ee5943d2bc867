package io.strates.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import io.strates.cache.CoherentTier.Lease.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many random schedules of few readers and writers of two nodes, whose commands are
 * carried out late, and whose messages come later still or are lost. Whoever reads a key
 * on a node never sees a value older than any that was seen there before.
 */
class CoherentScheduleTests {

	private static final int ROUNDS = 150;

	private static final int ACTORS = 5;

	private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

	@Test
	void noReaderOfANodeGoesBackAndBothNodesAgreeInTheEnd() {
		long seed = new Random().nextLong();
		for (int number = 0; number < ROUNDS; number++) {
			try (Round round = new Round(seed + number)) {
				round.run();
			}
		}
	}

	/** A thread that runs when it is its turn. */
	private static final class Actor extends Thread {

		private final Semaphore turn = new Semaphore(0);

		private volatile boolean parked;

		private volatile boolean released;

		private volatile boolean done;

		private volatile @Nullable Throwable failure;

		private final Runnable script;

		Actor(String name, Runnable script) {
			super(name);
			this.script = script;
			setDaemon(true);
		}

		@Override
		public void run() {
			pause();
			try {
				this.script.run();
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
			this.done = true;
		}

		static void pause() {
			if (Thread.currentThread() instanceof Actor actor) {
				actor.parked = true;
				actor.turn.acquireUninterruptibly();
				actor.released = false;
			}
		}

		/** Waits until it pauses, ends, or waits for another. */
		void settle() {
			int waits = 0;
			while (!this.parked && !this.done) {
				Thread.State state = getState();
				boolean waiting = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING
						|| state == Thread.State.BLOCKED;
				waits = (waiting && !this.released) ? waits + 1 : 0;
				if (waits > 40) {
					return;
				}
				if (waiting) {
					Thread.onSpinWait();
				}
				else {
					Thread.yield();
				}
			}
		}

		void proceed() {
			this.released = true;
			this.parked = false;
			this.turn.release();
		}

	}

	/** One schedule. */
	private static final class Round implements AutoCloseable {

		private final long seed;

		private final Random random;

		private final List<String> log = new ArrayList<>();

		private final Map<Integer, Long> database = new HashMap<>();

		private final Map<String, byte[]> values = new HashMap<>();

		private final Map<String, String> tokens = new HashMap<>();

		private final Map<String, Set<String>> writers = new HashMap<>();

		private final Set<String> overlapped = new HashSet<>();

		private final List<Node> nodes = List.of(new Node("a"), new Node("b"));

		private final List<Actor> actors = new ArrayList<>();

		private int tokenCount;

		/** What is done in this round, some things more often than others. */
		private final int[] choices;

		private final boolean lossy;

		/** Whether rows are changed without the cache, which is told afterwards. */
		private final boolean bypassed;

		Round(long seed) {
			this.seed = seed;
			this.random = new Random(seed);
			this.lossy = this.random.nextInt(4) == 0;
			this.bypassed = this.random.nextInt(3) == 0;
			this.choices = this.random.ints(4 + this.random.nextInt(8), 0, 100).toArray();
		}

		/** Whether a number of the database stands for no value; such have no tags. */
		private boolean isAbsent(long number) {
			return !this.bypassed && number % 5 == 0;
		}

		synchronized void log(String text) {
			this.log.add(Thread.currentThread().getName() + ": " + text);
		}

		void run() {
			this.database.put(1, 1L);
			this.database.put(2, 1L);
			// So that the tokens of tags are known, which take most steps else.
			this.nodes.forEach((node) -> {
				node.direct = true;
				node.cache.getAll(List.of(1, 2), node::load);
				node.direct = false;
			});
			for (int number = 0; number < ACTORS; number++) {
				Node node = this.nodes.get(this.random.nextInt(3) == 0 ? 1 : 0);
				Random own = new Random(this.random.nextLong());
				int steps = 1 + this.random.nextInt(4);
				Actor actor = new Actor(node.name + number, () -> node.act(own, steps));
				this.actors.add(actor);
				actor.start();
				actor.settle();
			}
			int messageWeight = this.random.nextInt(3);
			long idle = 0;
			while (true) {
				List<Runnable> choices = new ArrayList<>();
				boolean over = true;
				for (Actor actor : this.actors) {
					if (actor.parked) {
						add(choices, 3, actor::proceed);
					}
					over &= actor.done;
				}
				for (Node node : this.nodes) {
					if (!node.commands.isEmpty()) {
						add(choices, 3, node::carryOut);
					}
					if (!node.replies.isEmpty()) {
						add(choices, 3, node::reply);
					}
				}
				int weight = choices.isEmpty() ? 1 : messageWeight;
				for (Node node : this.nodes) {
					if (!node.inbox.isEmpty()) {
						add(choices, weight, node::hear);
						if (this.lossy) {
							add(choices, (weight > 0) ? 1 : 0, node::lose);
						}
					}
				}
				if (choices.isEmpty()) {
					if (over) {
						break;
					}
					idle = (idle == 0) ? System.nanoTime() : idle;
					if (System.nanoTime() - idle > PATIENCE_NANOS) {
						throw new AssertionError(
								"seed " + this.seed + ": nobody moves\n" + String.join("\n", this.log));
					}
					this.actors.forEach(Actor::settle);
					Thread.yield();
					continue;
				}
				idle = 0;
				choices.get(this.random.nextInt(choices.size())).run();
				this.actors.forEach(Actor::settle);
			}
			for (Actor actor : this.actors) {
				if (actor.failure != null) {
					throw new AssertionError("seed " + this.seed + "\n" + String.join("\n", this.log), actor.failure);
				}
			}
			assertThat(this.writers).as("seed %s %s", this.seed, String.join("\n", this.log)).isEmpty();
			for (Node node : this.nodes) {
				node.direct = true;
			}
			for (Node node : this.nodes) {
				for (int key = 1; key <= 2; key++) {
					node.check(key);
				}
			}
		}

		private static void add(List<Runnable> choices, int weight, Runnable choice) {
			for (int time = 0; time < weight; time++) {
				choices.add(choice);
			}
		}

		@Override
		public void close() {
			this.nodes.forEach((node) -> node.tiers.close());
		}

		/** A node, and the tier as it sees it. */
		private final class Node implements CoherentTier {

			private final String name;

			private final Deque<Runnable> commands = new ConcurrentLinkedDeque<>();

			private final Deque<Runnable> replies = new ConcurrentLinkedDeque<>();

			private final Deque<Collection<String>> inbox = new ConcurrentLinkedDeque<>();

			private final Map<Integer, Long> floor = new HashMap<>();

			private final Tiers tiers;

			private final CoherentCache<Integer, Long> cache;

			private Listener listener;

			private volatile boolean direct;

			private final ThreadLocal<String> lastWriter = new ThreadLocal<>();

			Node(String name) {
				this.name = name;
				this.tiers = Tiers.builder("schedule").coherent(this).ticker(() -> 0).build();
				this.cache = this.tiers.coherent(new CoherentCacheSpec<>("numbers", String::valueOf, new Numbers(),
						(value) -> (value % 2 == 0) ? Set.of("even", "any") : Set.of("any"),
						CacheSettings.DEFAULT.withAbsentTimeToLive(Duration.ofMinutes(1))
							.withLoadTimeout(Duration.ofMinutes(1))));
			}

			void act(Random random, int steps) {
				for (int step = 0; step < steps; step++) {
					int key = (random.nextInt(10) == 0) ? 2 : 1;
					int choice = Round.this.choices[random.nextInt(Round.this.choices.length)];
					if (choice < 45) {
						long least = seen(key);
						log("gets " + key + " least " + least);
						CacheAnswer<Long> answer = this.cache.lookUp(key, this::load);
						log("got " + answer);
						saw(key, answer.value(), least);
					}
					else if (choice < 55) {
						Map<Integer, Long> least = new HashMap<>();
						least.put(1, seen(1));
						least.put(2, seen(2));
						log("gets both least " + least);
						Map<Integer, Long> found = this.cache.getAll((key == 1) ? List.of(1, 2) : List.of(2, 1),
								this::load);
						log("got " + found);
						saw(1, found.get(1), least.get(1));
						saw(2, found.get(2), least.get(2));
					}
					else if (choice < 62) {
						long least = seen(key);
						log("looks " + key + " least " + least);
						CacheAnswer<Long> found = this.cache.lookUpIfCached(key);
						log("looked " + found);
						if (found != null) {
							saw(key, found.value(), least);
						}
					}
					else if (choice < 68) {
						long least = seen(key);
						log("fills " + key + " least " + least);
						try (CacheFill<Long> fill = this.cache.fill(key)) {
							Actor.pause();
							Long value = load(Set.of(key)).get(key);
							fill.complete(value);
							log("filled " + value);
							saw(key, value, least);
						}
					}
					else if (choice < 84) {
						write(key, random.nextInt(6), random.nextInt(6) == 0);
					}
					else if (choice < 89) {
						long number = bypass(key);
						log("invalidates " + key);
						this.cache.invalidate(Set.of(key));
						invalidated(key, number);
					}
					else if (choice < 95) {
						long number = bypass(key);
						log("invalidates all");
						this.cache.invalidateAll();
						invalidated(key, number);
					}
					else {
						long number = bypass(key);
						log("invalidates any");
						this.cache.invalidateTag("any");
						invalidated(key, number);
					}
				}
			}

			private void write(int key, int end, boolean both) {
				log("writes " + key + " end " + end + both);
				Set<Integer> keys = both ? Set.of(1, 2) : Set.of(key);
				try (CacheWrite<Integer, Long> write = this.cache.write(keys, Set.of())) {
					String writer = this.lastWriter.get();
					Actor.pause();
					write.awaitFences();
					Actor.pause();
					if (end == 0) {
						log("gives up");
						return;
					}
					Map<Integer, Long> written = new HashMap<>();
					synchronized (Round.this) {
						for (int each : keys) {
							long next = Round.this.database.get(each) + 1;
							Round.this.database.put(each, next);
							written.put(each, isAbsent(next) ? null : next);
						}
						log("commits " + written + Round.this.database);
					}
					Map<Integer, Long> numbers = new HashMap<>(Round.this.database);
					Actor.pause();
					if (end == 1) {
						write.outcomeUnknown();
						fall(writer);
						return;
					}
					if (end == 2) {
						write.committed(Map.of());
					}
					else {
						write.committed(written);
					}
					log("told");
					keys.forEach((each) -> Round.this.raise(this, each, numbers.get(each)));
				}
			}

			private Map<Integer, Long> load(Set<Integer> keys) {
				Actor.pause();
				Map<Integer, Long> found = new HashMap<>();
				synchronized (Round.this) {
					keys.forEach((key) -> {
						long number = Round.this.database.get(key);
						if (!isAbsent(number)) {
							found.put(key, number);
						}
					});
				}
				log("reads " + found);
				Actor.pause();
				return found;
			}

			/** Changes a row that only the next invalidation tells of. */
			private long bypass(int key) {
				synchronized (Round.this) {
					long number = Round.this.database.get(key);
					if (Round.this.bypassed) {
						number = number + 1;
						Round.this.database.put(key, number);
						log("changes " + key + " to " + number);
					}
					return number;
				}
			}

			private void invalidated(int key, long number) {
				log("told " + key);
				if (Round.this.bypassed) {
					Round.this.raise(this, key, number);
				}
			}

			private long seen(int key) {
				synchronized (Round.this) {
					return this.floor.getOrDefault(key, 1L);
				}
			}

			private void saw(int key, @Nullable Long value, long least) {
				synchronized (Round.this) {
					long number = least;
					if (value != null) {
						number = value;
					}
					else {
						while (!isAbsent(number) && number <= Round.this.database.get(key)) {
							number++;
						}
					}
					if (number < least || number > Round.this.database.get(key)) {
						throw new AssertionError("key " + key + " went back to " + value + " from " + least);
					}
					if (!Round.this.bypassed) {
						raise(this, key, number);
					}
				}
			}

			void check(int key) {
				Long stored = Round.this.database.get(key);
				Long expected = isAbsent(stored) ? null : stored;
				assertThat(this.cache.get(key, this::load))
					.as("seed %s, %s", Round.this.seed, String.join("\n", Round.this.log))
					.isEqualTo(expected);
				assertThat(this.cache.lookUp(key, this::load))
					.as("seed %s, %s", Round.this.seed, String.join("\n", Round.this.log))
					.isEqualTo(new CacheAnswer<>(expected, CacheAnswer.Origin.L1));
			}

			void carryOut() {
				this.commands.remove().run();
			}

			void reply() {
				this.replies.remove().run();
			}

			void hear() {
				Collection<String> keys = this.inbox.remove();
				log(this.name + " hears " + keys);
				this.listener.invalidated(keys);
			}

			void lose() {
				log(this.name + " loses messages");
				this.inbox.clear();
				this.listener.doubted();
			}

			private <T> CompletableFuture<T> send(String what, Supplier<T> work) {
				CompletableFuture<T> future = new CompletableFuture<>();
				if (this.direct) {
					future.complete(work.get());
					return future;
				}
				synchronized (Round.this) {
					log("sends " + what);
					this.commands.add(() -> {
						T result = work.get();
						log(this.name + " done " + what + " -> " + result);
						this.replies.add(() -> future.complete(result));
					});
				}
				return future;
			}

			private <T> T ask(String what, Supplier<T> work) {
				try {
					T answer = send(what, work).get();
					if (!this.direct) {
						Actor.pause();
					}
					return answer;
				}
				catch (InterruptedException | ExecutionException ex) {
					throw new IllegalStateException(ex);
				}
			}

			private void tell(Collection<String> keys) {
				if (!keys.isEmpty()) {
					Round.this.nodes.stream().filter((node) -> node != this).forEach((node) -> {
						if (node.direct) {
							node.listener.invalidated(keys);
						}
						else {
							node.inbox.add(keys);
						}
					});
				}
			}

			@Override
			public List<byte @Nullable []> fetch(List<String> keys) {
				return ask("fetch" + keys, () -> {
					List<byte @Nullable []> found = new ArrayList<>();
					keys.forEach((key) -> found.add(Round.this.values.get(key)));
					return found;
				});
			}

			@Override
			public Look look(String key) {
				throw new UnsupportedOperationException("Nobody looks at " + key);
			}

			@Override
			public List<Lease> lease(List<LeaseRequest> requests) {
				return ask("lease" + requests, () -> requests.stream().map(this::lease).toList());
			}

			private Lease lease(LeaseRequest request) {
				String key = request.key();
				byte[] value = Round.this.values.get(key);
				if (value != null && !request.replace()) {
					return new Lease(State.PRESENT, value, null);
				}
				if (Round.this.writers.containsKey(key)) {
					Round.this.overlapped.add(key);
					return new Lease(State.FENCED, null, null);
				}
				return new Lease(State.GRANTED, null,
						Round.this.tokens.computeIfAbsent(key, (ignored) -> "t" + Round.this.tokenCount++));
			}

			@Override
			public CompletableFuture<Set<String>> fill(Collection<Fill> fills) {
				return send("fill" + fills, () -> {
					Set<String> refused = new TreeSet<>();
					for (Fill fill : fills) {
						if (fill.value() == null) {
							continue;
						}
						if (fill.token().equals(Round.this.tokens.get(fill.key()))) {
							Round.this.values.put(fill.key(), fill.value());
						}
						else {
							refused.add(fill.key());
						}
					}
					return refused;
				});
			}

			@Override
			public CompletableFuture<Void> begin(String writer, Collection<String> keys) {
				List<String> all = List.copyOf(keys);
				this.lastWriter.set(writer);
				return send("begin" + all, () -> {
					for (String key : all) {
						Round.this.values.remove(key);
						Round.this.tokens.remove(key);
						Set<String> present = Round.this.writers.computeIfAbsent(key, (ignored) -> new HashSet<>());
						present.add(writer);
						if (present.size() > 1) {
							Round.this.overlapped.add(key);
						}
					}
					tell(all);
					return null;
				});
			}

			@Override
			public CompletableFuture<Set<String>> end(String writer, Collection<Ending> endings) {
				List<Ending> all = List.copyOf(endings);
				return send("end" + all, () -> {
					Set<String> refused = new TreeSet<>();
					all.forEach((ending) -> {
						if (!end(writer, ending) && ending.value() != null) {
							refused.add(ending.key());
						}
					});
					return refused;
				});
			}

			private void fall(String writer) {
				send("falls", () -> {
					Round.this.writers.values().forEach((present) -> present.remove(writer));
					Round.this.writers.values().removeIf(Set::isEmpty);
					Round.this.overlapped.retainAll(Round.this.writers.keySet());
					return null;
				});
			}

			private boolean end(String writer, Ending ending) {
				String key = ending.key();
				Set<String> present = Round.this.writers.getOrDefault(key, new HashSet<>());
				boolean stood = present.remove(writer);
				boolean stored = stood && present.isEmpty() && !Round.this.overlapped.contains(key)
						&& ending.value() != null;
				if (stored) {
					Round.this.values.put(key, ending.value());
				}
				else {
					Round.this.values.remove(key);
				}
				Round.this.tokens.remove(key);
				if (!stood) {
					tell(List.of(key));
				}
				if (present.isEmpty()) {
					Round.this.writers.remove(key);
					Round.this.overlapped.remove(key);
				}
				else if (!stood) {
					Round.this.overlapped.add(key);
				}
				return stored;
			}

			@Override
			public CompletableFuture<Void> invalidate(Collection<String> keys) {
				List<String> all = List.copyOf(keys);
				return send("invalidate" + all, () -> {
					all.forEach((key) -> {
						Round.this.values.remove(key);
						Round.this.tokens.remove(key);
						if (Round.this.writers.containsKey(key)) {
							Round.this.overlapped.add(key);
						}
					});
					tell(all);
					return null;
				});
			}

			@Override
			public boolean trusted() {
				return true;
			}

			@Override
			public boolean answering() {
				return true;
			}

			@Override
			public void listen(Listener listener) {
				this.listener = listener;
			}

			@Override
			public ChannelStatistics channel() {
				return new ChannelStatistics(true, 0, null, null, 0, "none");
			}

			@Override
			public void close() {
				// Nothing to close.
			}

		}

		private synchronized void raise(Node node, int key, long number) {
			node.floor.merge(key, number, Math::max);
		}

	}

}
