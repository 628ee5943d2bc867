package io.strates.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.lettuce.core.KeyValue;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.strates.cache.TierUnavailableException;
import io.strates.internal.redis.RedisQuestions;
import io.strates.internal.redis.RedisQuestions.NoAnswerException;
import io.strates.store.DeadLetter;
import io.strates.store.QueuedWrite;
import io.strates.store.WriteJournal;
import io.strates.store.WriteUnconfirmedException;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one store in Redis. Its keys belong to no server process, unlike those
 * of the second tier: what they hold is not a copy.
 */
final class RedisJournal implements WriteJournal {

	/** In the order in which {@link Script} names them. */
	private static final String[] PARTS = { "values", "versions", "attempts", "order", "aside", "claim", "meta", "dead",
			"requests" };

	private static final int VALUES = 0;

	private static final int DEAD = 7;

	private static final int SCAN_STEP = 500;

	private final RedisQuestions questions;

	private final String store;

	private final String[] keys;

	private final Duration timeout;

	RedisJournal(RedisQuestions questions, String namespace, String store, Duration timeout) {
		this.questions = questions;
		this.store = store;
		this.timeout = timeout;
		this.keys = Arrays.stream(PARTS)
			.map((part) -> namespace + "journal:{" + store + "}:" + part)
			.toArray(String[]::new);
	}

	@Override
	public boolean durable() {
		return true;
	}

	@Override
	public long enqueue(String request, List<QueuedWrite> writes, int capacity) {
		List<byte[]> arguments = new ArrayList<>(2 + 2 * writes.size());
		arguments.add(bytes(request));
		arguments.add(bytes(capacity));
		for (QueuedWrite write : writes) {
			arguments.add(bytes(write.id()));
			arguments.add(LetterFormat.value(write));
		}
		try {
			return number(Script.ENQUEUE, arguments);
		}
		catch (UnansweredException ex) {
			throw new WriteUnconfirmedException(this.store, writes.stream().map(QueuedWrite::id).distinct().toList(),
					ex);
		}
	}

	@Override
	public Map<String, QueuedWrite> pending(Collection<String> ids) {
		if (ids.isEmpty()) {
			return Map.of();
		}
		String[] fields = ids.stream().distinct().toArray(String[]::new);
		List<KeyValue<String, byte[]>> values = ask("HMGET", (redis) -> redis.hmget(this.keys[VALUES], fields));
		Map<String, QueuedWrite> found = new HashMap<>();
		for (KeyValue<String, byte[]> value : values) {
			if (value.hasValue()) {
				found.put(value.getKey(), LetterFormat.write(value.getKey(), value.getValue()));
			}
		}
		return found;
	}

	@Override
	public Begun begin(long fence, @Nullable String applied, boolean all) {
		List<Object> reply = list(Script.BEGIN,
				List.of(bytes(fence), bytes((applied != null) ? applied : ""), bytes(all ? 1 : 0)));
		return new Begun((Long) reply.get(0), (Long) reply.get(1));
	}

	@Override
	public @Nullable List<Entry> claim(Claim claim) {
		List<Object> reply = list(Script.CLAIM, List.of(bytes(claim.fence()), bytes(claim.batch()), bytes(claim.mark()),
				bytes(claim.due().toEpochMilli()), bytes(claim.limit())));
		if ((Long) reply.get(0) == 0) {
			return null;
		}
		List<Entry> entries = new ArrayList<>(reply.size() / 4);
		for (int part = 1; part < reply.size(); part += 4) {
			QueuedWrite write = LetterFormat.write(text(reply.get(part)), (byte[]) reply.get(part + 1));
			entries.add(new Entry(write, Long.parseLong(text(reply.get(part + 2))),
					Integer.parseInt(text(reply.get(part + 3)))));
		}
		return entries;
	}

	@Override
	public void acknowledge(String batch) {
		number(Script.ACKNOWLEDGE, List.of(bytes(batch)));
	}

	@Override
	public void putOff(long fence, List<Entry> refused, Instant until) {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(bytes(fence));
		arguments.add(bytes(until.toEpochMilli()));
		for (Entry entry : refused) {
			arguments.add(bytes(entry.write().id()));
			arguments.add(bytes(entry.version()));
			arguments.add(bytes(entry.attempts()));
		}
		number(Script.PUT_OFF, arguments);
	}

	@Override
	public boolean bury(long fence, Entry entry, DeadLetter letter) {
		return number(Script.BURY, List.of(bytes(fence), bytes(entry.write().id()), bytes(entry.version()),
				LetterFormat.encode(letter))) == 1;
	}

	@Override
	public Counts counts() {
		List<Object> reply = list(Script.COUNTS, List.of());
		return new Counts((Long) reply.get(0), (Long) reply.get(1));
	}

	@Override
	public List<String> queued(int limit) {
		return list(Script.QUEUED, List.of(bytes(limit))).stream().map(RedisJournal::text).toList();
	}

	@Override
	public List<DeadLetter> deadLetters(int limit) {
		Map<String, DeadLetter> letters = new HashMap<>();
		ScanCursor cursor = ScanCursor.INITIAL;
		do {
			ScanCursor from = cursor;
			MapScanCursor<String, byte[]> step = ask("HSCAN",
					(redis) -> redis.hscan(this.keys[DEAD], from, ScanArgs.Builder.limit(SCAN_STEP)));
			step.getMap().forEach((id, letter) -> letters.put(id, LetterFormat.decode(id, letter)));
			cursor = step;
		}
		while (!cursor.isFinished() && letters.size() < limit);
		return letters.values().stream().limit(limit).toList();
	}

	@Override
	public boolean retry(String id) {
		List<KeyValue<String, byte[]>> found = ask("HMGET", (redis) -> redis.hmget(this.keys[DEAD], id));
		if (!found.get(0).hasValue()) {
			return false;
		}
		byte[] letter = found.get(0).getValue();
		byte[] value = LetterFormat.value(LetterFormat.decode(id, letter).write());
		return number(Script.RETRY, List.of(bytes(id), letter, value)) == 1;
	}

	@Override
	public boolean drop(String id) {
		return ask("HDEL", (redis) -> redis.hdel(this.keys[DEAD], id)) == 1;
	}

	/** The connection is shared. */
	@Override
	public void close() {
	}

	private long number(Script script, List<byte[]> arguments) {
		return run(script, ScriptOutputType.INTEGER, arguments);
	}

	private List<Object> list(Script script, List<byte[]> arguments) {
		return run(script, ScriptOutputType.MULTI, arguments);
	}

	@SuppressWarnings("TypeParameterUnusedInFormals") // as in Lettuce
	private <T> T run(Script script, ScriptOutputType type, List<byte[]> arguments) {
		byte[][] values = arguments.toArray(byte[][]::new);
		try {
			return this.<T>ask(script.name(), (redis) -> redis.evalsha(script.digest(), type, this.keys, values));
		}
		catch (TierUnavailableException ex) {
			if (!(ex.getCause() instanceof RedisNoScriptException)) {
				throw ex;
			}
		}
		return this.<T>ask(script.name(), (redis) -> redis.eval(script.text(), type, this.keys, values));
	}

	private <T> T ask(String command, Function<RedisClusterAsyncCommands<String, byte[]>, RedisFuture<T>> question) {
		String what = command + " in the journal of store '" + this.store + "'";
		try {
			return this.questions.ask(what, this.timeout, question);
		}
		catch (NoAnswerException ex) {
			String message = String.valueOf(ex.getMessage());
			throw ex.isPerhapsDone() ? new UnansweredException(message, ex.getCause())
					: new TierUnavailableException(message, ex.getCause());
		}
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] bytes(long number) {
		return bytes(Long.toString(number));
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

	/** Thrown if the command was sent, so that it may have been carried out. */
	private static final class UnansweredException extends TierUnavailableException {

		private static final long serialVersionUID = 1L;

		UnansweredException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

	}

}
