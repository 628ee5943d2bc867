package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import io.strates.cache.ChannelStatistics;
import io.strates.cache.CoherentTier;
import io.strates.cache.TierUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second tier of values that change in Redis: standalone, behind Sentinels, or a
 * Cluster, as the client is set up.
 *
 * <p>
 * <b>Consistency:</b> each step on a key is a script, with the message that belongs to
 * it. All keys name the server process that was master when they were written: after a
 * restart or a fail-over nothing of before is seen, whatever the new master has kept. In
 * a Cluster, nodes notice a new master one after another; in the half second until all
 * have, one may read what another has just replaced. A Redis that evicts keys may take a
 * fence away from a writer, who then stores nothing; do without eviction, or choose
 * {@code allkeys-lru}, which takes what nobody has touched for long.
 *
 * <p>
 * <b>Concurrency:</b> thread-safe; no call waits longer than the time limit.
 * <b>Failures:</b> it has two connections of its own and connects in the background, so
 * that an application starts without Redis. A circuit breaker fails calls at once while
 * Redis does not answer; a message that the tier sends itself about twice a second finds
 * out that it answers again, and that other nodes are heard. The user of the client needs
 * the commands {@code INFO}, {@code GET}, {@code MGET}, {@code EVALSHA}, {@code EVAL},
 * {@code SCRIPT LOAD}, {@code SUBSCRIBE}, {@code PUBLISH}, in a Cluster
 * {@code CLUSTER NODES}, and those of the scripts: {@code SET}, {@code DEL},
 * {@code HGETALL}, {@code HMGET}, {@code HSET}, {@code HDEL}, {@code PEXPIRE},
 * {@code PTTL}, {@code PERSIST} and {@code TIME}.
 *
 * @since 0.1.0
 */
public final class RedisCoherentTier implements CoherentTier {

	private static final Logger logger = LoggerFactory.getLogger(RedisCoherentTier.class);

	private static final Duration LATE = Duration.ofSeconds(1);

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final AbstractRedisClient client;

	private final Connector connector = new Connector(PATIENCE.plus(LATE));

	private final String namespace;

	private final Duration timeout;

	private final Duration fence;

	private final CircuitBreaker breaker;

	private final String origin = UUID.randomUUID().toString();

	private final AtomicLong sequence = new AtomicLong();

	/** Messages leave in the order of their numbers. */
	private final ReentrantLock sending = new ReentrantLock();

	private final RedisChannel channel;

	private final AtomicReference<@Nullable RedisSession> session = new AtomicReference<>();

	private final ScheduledThreadPoolExecutor keeper;

	private final Deadlines deadlines;

	/** What nodes in other epochs have written, to be invalidated in this one too. */
	private final Queue<String> foreign = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean keptSoon = new AtomicBoolean();

	private @Nullable String lastEpoch;

	private @Nullable CompletableFuture<?> probe;

	private long probedAt;

	private boolean warned;

	private volatile boolean closed;

	@SuppressWarnings("FutureReturnValueIgnored")
	private RedisCoherentTier(Builder builder) {
		this.client = builder.client;
		this.namespace = builder.namespace;
		this.timeout = builder.timeout;
		this.fence = builder.fence;
		this.breaker = builder.breaker;
		this.channel = new RedisChannel(builder.client, this.connector, builder.namespace + ":changes", this.origin,
				builder.interval, LATE, this::heedForeign);
		this.deadlines = new Deadlines(builder.timeout);
		this.keeper = new ScheduledThreadPoolExecutor(1, (task) -> daemon(task, "strates-coherence"));
		this.keeper.scheduleWithFixedDelay(this::keep, 0, builder.interval.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Starts with the client and defaults for the rest.
	 * @param client the client; it is the application's, which closes it
	 * @param namespace keeps applications on the same Redis apart; the same on all nodes
	 * @param breaker decides when Redis is not asked; its time in the open state is how
	 * long Redis is not asked again
	 * @return the builder
	 * @throws IllegalArgumentException if the namespace is blank or contains braces
	 */
	public static Builder builder(AbstractRedisClient client, String namespace, CircuitBreaker breaker) {
		return new Builder(client, namespace, breaker);
	}

	static Thread daemon(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	@Override
	public List<byte @Nullable []> fetch(List<String> keys) {
		if (keys.isEmpty()) {
			return List.of();
		}
		List<@Nullable Object> found = await("fetch", (session) -> {
			byte[][] names = new byte[keys.size()][];
			for (int index = 0; index < names.length; index++) {
				names[index] = value(session, keys.get(index));
			}
			return session.fetch(names);
		});
		List<byte @Nullable []> values = new ArrayList<>(found.size());
		found.forEach((value) -> values.add((byte[]) value));
		return values;
	}

	@Override
	public Look look(String key) {
		return await("look", (session) -> {
			byte[] value = value(session, key);
			CompletableFuture<List<@Nullable Object>> reply = session.step(RedisScript.LOOK, ScriptOutputType.MULTI,
					new byte[][] { value, guard(value) }, List.of());
			return reply.thenApply((answers) -> {
				byte[] token = (byte[]) answers.get(1);
				return new Look((byte[]) answers.get(0),
						(token != null) ? new String(token, StandardCharsets.UTF_8) : null,
						Long.valueOf(1).equals(answers.get(2)));
			});
		});
	}

	@Override
	public List<Lease> lease(List<LeaseRequest> requests) {
		if (requests.isEmpty()) {
			return List.of();
		}
		@Nullable Lease[] leases = new Lease[requests.size()];
		await("lease", (session) -> each(session, requests, LeaseRequest::key, (keys, some) -> {
			List<byte[]> arguments = arguments(this.origin);
			for (int index : some) {
				LeaseRequest request = requests.get(index);
				arguments.add(flag(request.replace()));
				arguments.add(flag(request.exclusive()));
				arguments.add(millis(request.life()));
				arguments.add(utf8(UUID.randomUUID().toString()));
			}
			CompletableFuture<List<Object>> reply = session.step(RedisScript.LEASE, ScriptOutputType.MULTI, keys,
					arguments);
			return reply.thenAccept((answers) -> {
				for (int index = 0; index < some.size(); index++) {
					leases[some.get(index)] = lease(answers.get(2 * index), (byte[]) answers.get(2 * index + 1));
				}
			});
		}));
		return Arrays.asList(leases);
	}

	private static Lease lease(Object state, byte[] given) {
		return switch (((Long) state).intValue()) {
			case 0 -> new Lease(Lease.State.PRESENT, given, null);
			case 1 -> new Lease(Lease.State.GRANTED, null, new String(given, StandardCharsets.UTF_8));
			case 2 -> new Lease(Lease.State.FENCED, null, null);
			default -> new Lease(Lease.State.AWAITED, null, null);
		};
	}

	@Override
	public CompletableFuture<Set<String>> fill(Collection<Fill> fills) {
		List<Fill> all = List.copyOf(fills);
		return refusing("fill", all, Fill::key, (session, keys, some) -> {
			List<byte[]> arguments = arguments(this.origin);
			arguments.add(this.channel.name());
			arguments.add(head(session, ChannelMessage.Kind.LANDED));
			for (int index : some) {
				Fill fill = all.get(index);
				arguments.add(utf8(fill.key()));
				arguments.add(utf8(fill.token()));
				addValue(arguments, fill.value(), fill.timeToLive());
			}
			return session.step(RedisScript.FILL, ScriptOutputType.MULTI, keys, arguments);
		});
	}

	@Override
	public CompletableFuture<Void> begin(String writer, Collection<String> keys) {
		List<String> all = List.copyOf(keys);
		return done(call("begin", (session) -> each(session, all, Function.identity(), (names, some) -> {
			List<String> told = some.stream().map(all::get).toList();
			return sending(session, told, (message) -> {
				List<byte[]> arguments = arguments(field(writer));
				arguments.add(millis(this.fence));
				arguments.add(this.channel.name());
				arguments.add(message);
				arguments.add(head(session, ChannelMessage.Kind.LANDED));
				told.forEach((key) -> arguments.add(utf8(key)));
				return session.step(RedisScript.BEGIN, ScriptOutputType.INTEGER, names, arguments);
			});
		})));
	}

	@Override
	public CompletableFuture<Set<String>> end(String writer, Collection<Ending> endings) {
		List<Ending> all = List.copyOf(endings);
		return refusing("end", all, Ending::key, (session, keys, some) -> {
			List<byte[]> arguments = arguments(field(writer));
			arguments.add(this.channel.name());
			arguments.add(head(session, ChannelMessage.Kind.INVALIDATED));
			arguments.add(head(session, ChannelMessage.Kind.LANDED));
			for (int index : some) {
				Ending ending = all.get(index);
				arguments.add(utf8(ending.key()));
				addValue(arguments, ending.value(), ending.timeToLive());
			}
			return session.step(RedisScript.END, ScriptOutputType.MULTI, keys, arguments);
		});
	}

	@Override
	public CompletableFuture<Void> invalidate(Collection<String> keys) {
		List<String> all = List.copyOf(keys);
		return done(call("invalidate", (session) -> each(session, all, Function.identity(), (names, some) -> {
			List<String> told = some.stream().map(all::get).toList();
			return sending(session, told, (message) -> invalidate(session, names, told, message));
		})));
	}

	private CompletableFuture<Object> invalidate(RedisSession session, byte[][] names, List<String> keys,
			byte[] message) {
		List<byte[]> arguments = new ArrayList<>(List.of(this.channel.name(), message));
		arguments.add(head(session, ChannelMessage.Kind.LANDED));
		keys.forEach((key) -> arguments.add(utf8(key)));
		return session.step(RedisScript.INVALIDATE, ScriptOutputType.INTEGER, names, arguments);
	}

	/**
	 * A node that is in another epoch has written: it, or this node, has yet to notice,
	 * and fences and values in the other epoch are not those of this one.
	 */
	private void heedForeign(ChannelMessage message) {
		RedisSession mine = this.session.get();
		if (mine == null || !message.epoch().equals(mine.epoch())) {
			this.foreign.addAll(message.keys());
			keepNow();
		}
	}

	/** Tries until it succeeds; then, what was in memory meanwhile is in doubt. */
	@SuppressWarnings("FutureReturnValueIgnored")
	private void heedForeign() {
		Set<String> keys = new LinkedHashSet<>(this.foreign);
		if (keys.isEmpty()) {
			return;
		}
		List<String> all = List.copyOf(keys);
		call("invalidate", (session) -> each(session, all, Function.identity(), (names, some) -> {
			List<String> told = some.stream().map(all::get).toList();
			return invalidate(session, names, told, new byte[0]);
		})).whenComplete((done, failure) -> {
			if (failure == null) {
				all.forEach(this.foreign::remove);
				this.channel.doubt();
			}
		});
	}

	/** Takes one step after another; each takes the keys that it may take together. */
	private <I> CompletableFuture<Void> each(RedisSession session, List<I> items, Function<I, String> key, Step step) {
		byte[][] values = items.stream().map((item) -> value(session, key.apply(item))).toArray(byte[][]::new);
		List<CompletableFuture<?>> replies = new ArrayList<>();
		for (List<Integer> some : session.together(values)) {
			byte[][] names = new byte[2 * some.size()][];
			for (int index = 0; index < some.size(); index++) {
				byte[] value = values[some.get(index)];
				names[2 * index] = value;
				names[2 * index + 1] = guard(value);
			}
			replies.add(step.take(names, some));
		}
		return CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new));
	}

	private <I> CompletableFuture<Set<String>> refusing(String what, List<I> items, Function<I, String> key,
			RefusingStep step) {
		Set<String> refused = Collections.synchronizedSet(new HashSet<>());
		return call(what, (session) -> each(session, items, key, (names, some) -> {
			CompletableFuture<List<Object>> reply = step.take(session, names, some);
			return reply.thenAccept((answers) -> answers.forEach((position) -> {
				int index = some.get(((Long) position).intValue() - 1);
				refused.add(key.apply(items.get(index)));
			}));
		}).thenApply((done) -> Set.copyOf(refused)));
	}

	private <T> CompletableFuture<T> sending(RedisSession session, List<String> keys,
			Function<byte[], CompletableFuture<T>> send) {
		this.sending.lock();
		try {
			return send.apply(
					ChannelMessage
						.of(ChannelMessage.Kind.INVALIDATED, this.origin, this.sequence.incrementAndGet(),
								session.epoch(), keys)
						.bytes());
		}
		finally {
			this.sending.unlock();
		}
	}

	/** The start of a message of which only Redis knows whether it is sent. */
	private byte[] head(RedisSession session, ChannelMessage.Kind kind) {
		return utf8(ChannelMessage.of(kind, this.origin, 0, session.epoch(), List.of()).head());
	}

	private byte[] value(RedisSession session, String key) {
		return utf8(this.namespace + ":" + session.epoch() + ":{" + key + "}v");
	}

	/** Returns the key of the hash that guards a value. */
	private static byte[] guard(byte[] value) {
		byte[] guard = value.clone();
		guard[guard.length - 1] = 'f';
		return guard;
	}

	private static String field(String writer) {
		return "w:" + writer;
	}

	private static List<byte[]> arguments(String first) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(utf8(first));
		return arguments;
	}

	private static void addValue(List<byte[]> arguments, byte @Nullable [] value, Duration timeToLive) {
		arguments.add(flag(value != null));
		arguments.add(millis(timeToLive));
		arguments.add((value != null) ? value : new byte[0]);
	}

	private static byte[] flag(boolean flag) {
		return utf8(flag ? "1" : "0");
	}

	private static byte[] millis(Duration duration) {
		return utf8(Long.toString(Math.max(1, duration.toMillis())));
	}

	private static byte[] utf8(String text) {
		return RedisSession.utf8(text);
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private static <T> CompletableFuture<Void> done(CompletableFuture<T> future) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		future.whenComplete((answer, failure) -> {
			if (failure != null) {
				done.completeExceptionally(failure);
			}
			else {
				done.complete(null);
			}
		});
		return done;
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private <T> CompletableFuture<T> call(String what, Function<RedisSession, CompletableFuture<T>> question) {
		RedisSession current;
		try {
			current = permitted(what);
		}
		catch (TierUnavailableException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		long start = System.nanoTime();
		CompletableFuture<T> result = new CompletableFuture<>();
		this.deadlines.watch(ask(current, question)).whenComplete((answer, failure) -> {
			if (failure == null) {
				this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
				result.complete(answer);
			}
			else {
				result.completeExceptionally(failed(what, start, cause(failure)));
			}
		});
		return result;
	}

	/**
	 * Waits for the answer: whoever waits needs no thread that watches the time.
	 */
	private <T> T await(String what, Function<RedisSession, CompletableFuture<T>> question) {
		RedisSession current = permitted(what);
		long start = System.nanoTime();
		try {
			T answer = ask(current, question).get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
			this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
			return answer;
		}
		catch (InterruptedException ex) {
			this.breaker.releasePermission();
			Thread.currentThread().interrupt();
			throw new TierUnavailableException("Interrupted while Redis was asked: " + what, ex);
		}
		catch (TimeoutException ex) {
			throw failed(what, start, ex);
		}
		catch (ExecutionException ex) {
			throw failed(what, start, cause(ex));
		}
	}

	private RedisSession permitted(String what) {
		RedisSession current = this.session.get();
		if (current == null || !current.isOpen()) {
			throw new TierUnavailableException("Redis is not connected; " + what + " was not sent", null);
		}
		if (!this.breaker.tryAcquirePermission()) {
			throw new TierUnavailableException("Redis did not answer of late; " + what + " was not sent", null);
		}
		return current;
	}

	private static <T> CompletableFuture<T> ask(RedisSession session,
			Function<RedisSession, CompletableFuture<T>> question) {
		try {
			return question.apply(session);
		}
		catch (RuntimeException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** Redis that refuses a command, such as one that has no memory left, does answer. */
	private TierUnavailableException failed(String what, long start, Throwable cause) {
		long took = System.nanoTime() - start;
		if (cause instanceof RedisCommandExecutionException) {
			this.breaker.onSuccess(took, TimeUnit.NANOSECONDS);
		}
		else {
			this.breaker.onError(took, TimeUnit.NANOSECONDS, cause);
		}
		if (cause instanceof TimeoutException) {
			return new TierUnavailableException("Redis did not answer " + what + " within " + this.timeout, cause);
		}
		boolean refused = cause instanceof RedisCommandExecutionException;
		return new TierUnavailableException(
				"Redis " + (refused ? "refused " : "did not answer ") + what + ": " + cause.getMessage(), cause);
	}

	private static Throwable cause(Throwable failure) {
		boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
		Throwable cause = wrapped ? failure.getCause() : null;
		return (cause != null) ? cause(cause) : failure;
	}

	@Override
	public boolean trusted() {
		return this.channel.trusted();
	}

	@Override
	public boolean answering() {
		RedisSession current = this.session.get();
		return current != null && current.isOpen() && switch (this.breaker.getState()) {
			case OPEN, FORCED_OPEN -> false;
			default -> true;
		};
	}

	@Override
	public void listen(Listener listener) {
		this.channel.listen(listener);
	}

	/** Without a connection nobody is asked either, whatever the breaker has counted. */
	@Override
	public ChannelStatistics channel() {
		RedisSession current = this.session.get();
		boolean connected = current != null && current.isOpen();
		CircuitBreaker.State state = connected ? this.breaker.getState() : CircuitBreaker.State.OPEN;
		return this.channel.statistics(state.name());
	}

	/** Connects, sends a probe, and ends what is dead; by the keeper only. */
	private void keep() {
		try {
			RedisSession current = this.session.get();
			if (current == null || !current.isOpen()) {
				current = connect();
			}
			boolean answering = probe(current);
			heedForeign();
			this.channel.tend(answering);
		}
		catch (RuntimeException ex) {
			this.channel.tend(false);
			if (!this.warned && !this.closed) {
				logger.warn("Redis cannot be reached; until it can, values that change are read from the database: {}",
						ex.toString());
				this.warned = true;
			}
		}
	}

	private void keepNow() {
		if (!this.keptSoon.compareAndSet(false, true)) {
			return;
		}
		try {
			this.keeper.execute(() -> {
				this.keptSoon.set(false);
				keep();
			});
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The tier is closed");
		}
	}

	private RedisSession connect() {
		Duration limit = (this.timeout.compareTo(PATIENCE) > 0) ? this.timeout : PATIENCE;
		this.probe = null;
		RedisSession made = RedisSession.open(this.client, this.connector, this.namespace, limit, this::keepNow);
		if (this.lastEpoch != null && !this.lastEpoch.equals(made.epoch())) {
			this.channel.replaced();
		}
		if (this.lastEpoch != null) {
			this.channel.returned();
		}
		this.lastEpoch = made.epoch();
		this.session.set(made);
		if (this.closed) {
			made.drop();
		}
		this.warned = false;
		logger.info("Redis is connected; epoch {}", made.epoch());
		return made;
	}

	/** Returns whether the probe before this one was answered. */
	@SuppressWarnings("FutureReturnValueIgnored")
	private boolean probe(RedisSession current) {
		CompletableFuture<?> last = this.probe;
		if (last != null && !last.isDone()) {
			if (System.nanoTime() - this.probedAt > PATIENCE.toNanos()) {
				logger.debug("Redis has not answered for {}; the connection is made anew", PATIENCE);
				current.drop();
			}
			return false;
		}
		boolean permitted = this.breaker.tryAcquirePermission();
		long start = System.nanoTime();
		this.probedAt = start;
		CompletableFuture<?> sent = sendProbe(current);
		this.probe = sent;
		sent.copy()
			.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
			.whenComplete((answer, failure) -> probed(current, permitted, start, failure));
		return last != null && !last.isCompletedExceptionally();
	}

	private CompletableFuture<?> sendProbe(RedisSession current) {
		this.sending.lock();
		try {
			ChannelMessage message = ChannelMessage.of(ChannelMessage.Kind.PROBE, this.origin,
					this.sequence.incrementAndGet(), current.epoch(), List.of());
			return current.probe(this.channel.name(), message.bytes());
		}
		finally {
			this.sending.unlock();
		}
	}

	private void probed(RedisSession current, boolean permitted, long start, @Nullable Throwable failure) {
		if (failure == null) {
			if (permitted) {
				this.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
			}
			else if (this.breaker.getState() == CircuitBreaker.State.OPEN) {
				this.breaker.transitionToHalfOpenState();
			}
			return;
		}
		Throwable cause = cause(failure);
		if (permitted) {
			this.breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, cause);
		}
		if (!(cause instanceof TimeoutException)) {
			logger.debug("Redis is another, or refuses; the connection is made anew", cause);
			current.drop();
			// Not at once: who refuses once refuses again.
		}
	}

	/** The client stays open: it is the application's. */
	@Override
	public void close() {
		this.closed = true;
		this.keeper.shutdownNow();
		this.deadlines.close();
		this.channel.close();
		this.connector.close();
		RedisSession current = this.session.getAndSet(null);
		if (current != null) {
			current.drop();
		}
	}

	/** Takes keys, two of each, and says when it is done. */
	private interface Step {

		CompletableFuture<?> take(byte[][] names, List<Integer> some);

	}

	/** Takes keys, and says which of them it refused. */
	private interface RefusingStep {

		CompletableFuture<List<Object>> take(RedisSession session, byte[][] names, List<Integer> some);

	}

	/**
	 * Sets up the tier.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final AbstractRedisClient client;

		private final String namespace;

		private final CircuitBreaker breaker;

		private Duration timeout = Duration.ofMillis(250);

		private Duration fence = Duration.ofSeconds(60);

		private Duration interval = Duration.ofMillis(500);

		private Builder(AbstractRedisClient client, String namespace, CircuitBreaker breaker) {
			if (namespace.isBlank() || namespace.contains("{") || namespace.contains("}")) {
				throw new IllegalArgumentException("The namespace of the tier is '" + namespace
						+ "'; take a text without braces, such as the name of the application");
			}
			this.client = client;
			this.namespace = namespace;
			this.breaker = breaker;
		}

		/**
		 * Sets how long a call may take.
		 * @param limit the time limit, 250 ms by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is not positive
		 */
		public Builder timeout(Duration limit) {
			this.timeout = positive("timeout", limit);
			return this;
		}

		/**
		 * Sets when the fence of a writer falls that has died. It must be longer than any
		 * transaction takes.
		 * @param life the time from the begin of the write, 60 seconds by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is not positive
		 */
		public Builder fence(Duration life) {
			this.fence = positive("fence", life);
			return this;
		}

		/**
		 * Sets how often the tier sends itself a message.
		 * @param interval the time from one to the next, 500 ms by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is not positive
		 */
		public Builder probeInterval(Duration interval) {
			this.interval = positive("probe interval", interval);
			return this;
		}

		/**
		 * Creates the tier, which connects in the background.
		 * @return the tier
		 */
		public RedisCoherentTier build() {
			return new RedisCoherentTier(this);
		}

		private static Duration positive(String name, Duration value) {
			if (value.isNegative() || value.isZero()) {
				throw new IllegalArgumentException(
						"The " + name + " of the tier is " + value + "; set a positive duration");
			}
			return value;
		}

	}

}
