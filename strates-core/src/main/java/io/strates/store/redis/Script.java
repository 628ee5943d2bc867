package io.strates.store.redis;

import java.nio.charset.StandardCharsets;

import io.lettuce.core.codec.Base16;

/*
 * The keys, all in one slot:
 *
 *   values    hash  id -> "1" + state, or "0" for a deletion
 *   versions  hash  id -> number of the write
 *   attempts  hash  id -> refusals so far
 *   order     zset  id by the number under which it was first queued
 *   aside     zset  id by the time when it is due again; an id is in one of the two
 *   claim     hash  id -> number of the write that is claimed
 *   meta      hash  seq, fence, batch
 *   dead      hash  id -> dead letter
 *   requests  zset  names of the latest calls by time
 */
/**
 * What is done in the journal at once. A command takes all ids of a call, or a thousand
 * of them: calling one for each id is most of the time of a flush.
 */
enum Script {

	/** Name of the call, capacity, then id and value of each write. */
	ENQUEUE("""
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			if redis.call('ZSCORE', requests, ARGV[1]) then
				return redis.call('HLEN', values)
			end
			local ids, seen, writes = {}, {}, {}
			for i = 3, #ARGV, 2 do
				local id = ARGV[i]
				writes[#writes + 1] = id
				writes[#writes + 1] = ARGV[i + 1]
				if not seen[id] then
					seen[id] = true
					ids[#ids + 1] = id
				end
			end
			local fresh = 0
			for _, version in ipairs(get(versions, ids)) do
				if not version then
					fresh = fresh + 1
				end
			end
			if fresh > 0 and redis.call('HLEN', values) + fresh > tonumber(ARGV[2]) then
				return -1
			end
			put(writes)
			redis.call('ZREMRANGEBYSCORE', requests, '-inf', now - 30000)
			redis.call('ZADD', requests, now, ARGV[1])
			return redis.call('HLEN', values)
			"""),

	/** Fence, the applied batch or nothing, whether all are due. */
	BEGIN("""
			local shown = tonumber(redis.call('HGET', meta, 'fence') or '0')
			if tonumber(ARGV[1]) >= shown then
				shown = tonumber(ARGV[1])
				redis.call('HSET', meta, 'fence', ARGV[1])
				acknowledge(ARGV[2])
				redis.call('DEL', claim)
				redis.call('HDEL', meta, 'batch')
				if ARGV[3] == '1' then
					local ids = redis.call('ZRANGE', aside, 0, -1)
					local before = numbers(#ids)
					local ranks = {}
					for i, id in ipairs(ids) do
						ranks[2 * i - 1], ranks[2 * i] = text(before + i), id
					end
					each(ranks, 'ZADD', order)
					redis.call('DEL', aside)
				end
			end
			return {shown, tonumber(redis.call('HGET', meta, 'seq') or '0')}
			"""),

	/** Fence, batch, mark, time, limit. */
	CLAIM("""
			if redis.call('HGET', meta, 'fence') ~= ARGV[1] then
				return {0}
			end
			redis.call('DEL', claim)
			redis.call('HSET', meta, 'batch', ARGV[2])
			local limit = tonumber(ARGV[5])
			local ids = redis.call('ZRANGEBYSCORE', order, '-inf', ARGV[3], 'LIMIT', 0, limit)
			if #ids < limit then
				for _, id in ipairs(redis.call('ZRANGEBYSCORE', aside, '-inf', ARGV[4], 'LIMIT', 0, limit - #ids)) do
					ids[#ids + 1] = id
				end
			end
			local version, state, tried = get(versions, ids), get(values, ids), get(attempts, ids)
			local reply, claims = {1}, {}
			for i, id in ipairs(ids) do
				claims[2 * i - 1], claims[2 * i] = id, version[i]
				reply[4 * i - 2], reply[4 * i - 1] = id, state[i]
				reply[4 * i], reply[4 * i + 1] = version[i], tried[i] or '0'
			end
			each(claims, 'HSET', claim)
			return reply
			"""),

	/** The batch. */
	ACKNOWLEDGE("""
			acknowledge(ARGV[1])
			return 1
			"""),

	/** Fence, time, then id, version and attempts of each. */
	PUT_OFF("""
			if redis.call('HGET', meta, 'fence') ~= ARGV[1] then
				return 0
			end
			for i = 3, #ARGV, 3 do
				local id = ARGV[i]
				if redis.call('HGET', versions, id) == ARGV[i + 1] then
					redis.call('ZREM', order, id)
					redis.call('ZADD', aside, ARGV[2], id)
					redis.call('HSET', attempts, id, ARGV[i + 2])
				end
			end
			return 1
			"""),

	/** Fence, id, version, letter. */
	BURY("""
			if redis.call('HGET', dead, ARGV[2]) == ARGV[4] then
				return 1
			end
			if redis.call('HGET', meta, 'fence') ~= ARGV[1] or redis.call('HGET', versions, ARGV[2]) ~= ARGV[3] then
				return 0
			end
			remove({ARGV[2]})
			redis.call('HSET', dead, ARGV[2], ARGV[4])
			return 1
			"""),

	/** Nothing. */
	COUNTS("""
			return {redis.call('HLEN', values), redis.call('HLEN', dead)}
			"""),

	/** How many at most. */
	QUEUED("""
			local limit = tonumber(ARGV[1])
			local ids = redis.call('ZRANGE', order, 0, limit - 1)
			if #ids < limit then
				for _, id in ipairs(redis.call('ZRANGE', aside, 0, limit - #ids - 1)) do
					ids[#ids + 1] = id
				end
			end
			return ids
			"""),

	/** Id, letter, value. */
	RETRY("""
			if redis.call('HGET', dead, ARGV[1]) ~= ARGV[2] then
				return 0
			end
			put({ARGV[1], ARGV[3]})
			return 1
			""");

	private static final String COMMON = """
			local values, versions, attempts, order, aside = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
			local claim, meta, dead, requests = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
			local function each(list, command, key, option)
				for from = 1, #list, 1000 do
					local to = math.min(from + 999, #list)
					if option then
						redis.call(command, key, option, unpack(list, from, to))
					else
						redis.call(command, key, unpack(list, from, to))
					end
				end
			end
			local function get(key, ids)
				local found = {}
				for from = 1, #ids, 1000 do
					for i, value in ipairs(redis.call('HMGET', key, unpack(ids, from, math.min(from + 999, #ids)))) do
						found[from + i - 1] = value
					end
				end
				return found
			end
			local function numbers(count)
				return redis.call('HINCRBY', meta, 'seq', count) - count
			end
			local function text(number)
				return string.format('%.0f', number)
			end
			local function remove(ids)
				each(ids, 'HDEL', values)
				each(ids, 'HDEL', versions)
				each(ids, 'HDEL', attempts)
				each(ids, 'ZREM', order)
				each(ids, 'ZREM', aside)
			end
			local function put(writes)
				local before = numbers(#writes / 2)
				local ids, version, ranks = {}, {}, {}
				for i = 1, #writes / 2 do
					local id, number = writes[2 * i - 1], text(before + i)
					ids[i] = id
					version[2 * i - 1], version[2 * i] = id, number
					ranks[2 * i - 1], ranks[2 * i] = number, id
				end
				each(writes, 'HSET', values)
				each(version, 'HSET', versions)
				each(ids, 'HDEL', attempts)
				each(ids, 'ZREM', aside)
				each(ranks, 'ZADD', order, 'NX')
				each(ids, 'HDEL', dead)
			end
			local function acknowledge(batch)
				if redis.call('HGET', meta, 'batch') ~= batch then
					return
				end
				local claimed = redis.call('HGETALL', claim)
				local ids, written, again = {}, {}, {}
				for i = 1, #claimed, 2 do
					ids[#ids + 1] = claimed[i]
				end
				for i, version in ipairs(get(versions, ids)) do
					if version == claimed[2 * i] then
						written[#written + 1] = ids[i]
					elseif version then
						again[#again + 1] = version
						again[#again + 1] = ids[i]
					end
				end
				remove(written)
				each(again, 'ZADD', order)
				redis.call('DEL', claim)
				redis.call('HDEL', meta, 'batch')
			end
			""";

	private final String text;

	private final String digest;

	Script(String body) {
		this.text = COMMON + body;
		this.digest = Base16.digest(this.text.getBytes(StandardCharsets.UTF_8));
	}

	String text() {
		return this.text;
	}

	String digest() {
		return this.digest;
	}

}
