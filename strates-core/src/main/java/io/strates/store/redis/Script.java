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
/** What is done in the journal at once. */
enum Script {

	/** Name of the call, capacity, then id and value of each write. */
	ENQUEUE("""
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			if redis.call('ZSCORE', requests, ARGV[1]) then
				return redis.call('HLEN', values)
			end
			local fresh = 0
			local seen = {}
			for i = 3, #ARGV, 2 do
				local id = ARGV[i]
				if not seen[id] then
					seen[id] = true
					if redis.call('HEXISTS', values, id) == 0 then
						fresh = fresh + 1
					end
				end
			end
			if fresh > 0 and redis.call('HLEN', values) + fresh > tonumber(ARGV[2]) then
				return -1
			end
			for i = 3, #ARGV, 2 do
				put(ARGV[i], ARGV[i + 1])
			end
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
					for _, id in ipairs(redis.call('ZRANGE', aside, 0, -1)) do
						redis.call('ZADD', order, number(), id)
					end
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
			local reply = {1}
			for _, id in ipairs(ids) do
				local version = redis.call('HGET', versions, id)
				redis.call('HSET', claim, id, version)
				reply[#reply + 1] = id
				reply[#reply + 1] = redis.call('HGET', values, id)
				reply[#reply + 1] = version
				reply[#reply + 1] = redis.call('HGET', attempts, id) or '0'
			end
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
			remove(ARGV[2])
			redis.call('HSET', dead, ARGV[2], ARGV[4])
			return 1
			"""),

	/** The ids. */
	CANCEL("""
			for i = 1, #ARGV do
				remove(ARGV[i])
				redis.call('HDEL', dead, ARGV[i])
			end
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
			put(ARGV[1], ARGV[3])
			return 1
			""");

	private static final String COMMON = """
			local values, versions, attempts, order, aside = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
			local claim, meta, dead, requests = KEYS[6], KEYS[7], KEYS[8], KEYS[9]
			local function number()
				return string.format('%.0f', redis.call('HINCRBY', meta, 'seq', 1))
			end
			local function remove(id)
				redis.call('HDEL', values, id)
				redis.call('HDEL', versions, id)
				redis.call('HDEL', attempts, id)
				redis.call('ZREM', order, id)
				redis.call('ZREM', aside, id)
			end
			local function put(id, value)
				local version = number()
				redis.call('HSET', values, id, value)
				redis.call('HSET', versions, id, version)
				redis.call('HDEL', attempts, id)
				redis.call('ZREM', aside, id)
				redis.call('ZADD', order, 'NX', version, id)
				redis.call('HDEL', dead, id)
			end
			local function acknowledge(batch)
				if redis.call('HGET', meta, 'batch') ~= batch then
					return
				end
				local claimed = redis.call('HGETALL', claim)
				for i = 1, #claimed, 2 do
					local version = redis.call('HGET', versions, claimed[i])
					if version == claimed[i + 1] then
						remove(claimed[i])
					elseif version then
						redis.call('ZADD', order, version, claimed[i])
					end
				end
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
