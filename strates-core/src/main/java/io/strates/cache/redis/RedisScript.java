package io.strates.cache.redis;

import java.nio.charset.StandardCharsets;

import io.lettuce.core.codec.Base16;

/**
 * The steps of the tier that Redis takes as one.
 *
 * <p>
 * Keys come in pairs, unless a step says otherwise: the value, and the hash that guards
 * it. Its fields are {@code t}, the token; {@code w:}writer, when the fence of that
 * writer falls; {@code o}, that writers have overlapped; {@code l}, who loads
 * exclusively, and {@code e}, until when. The first argument names the processes that may
 * take the step; empty for the one that the connection leads to.
 */
enum RedisScript {

	/**
	 * The key is that of the reign. Arguments: the reign as it should be, the channel,
	 * the message.
	 */
	PROBE("""
			redis.call('PERSIST', KEYS[1])
			local reign = redis.call('GET', KEYS[1])
			if reign ~= ARGV[2] then return redis.error_reply('STRATES another reign has begun') end
			redis.call('PUBLISH', ARGV[3], ARGV[4])
			return 1
			"""),

	/**
	 * The key is that of the reign. Arguments: the process. A process that was master
	 * before and is so again is told by the number: what it keeps from its first time is
	 * as old as that of another.
	 */
	REIGN("""
			redis.call('PERSIST', KEYS[1])
			local reign = redis.call('GET', KEYS[1])
			if reign then
				local process, number = string.match(reign, '^(%x+):(%d+)$')
				if process == ARGV[2] then return reign end
				reign = ARGV[2] .. ':' .. (number and string.format('%.0f', tonumber(number) + 1) or '1')
			else
				reign = ARGV[2] .. ':0'
			end
			redis.call('SET', KEYS[1], reign)
			return reign
			"""),

	/** The keys are values only. */
	FETCH("""
			local found = {}
			for i = 1, #KEYS do found[i] = redis.call('GET', KEYS[i]) end
			return found
			"""),

	/** Of one key; changes nothing. */
	LOOK("""
			local now = clock()
			local fields = redis.call('HGETALL', KEYS[2])
			local token, fenced = false, 0
			for i = 1, #fields, 2 do
				if fields[i] == 't' then token = fields[i + 1] end
				if string.sub(fields[i], 1, 2) == 'w:' and tonumber(fields[i + 1]) > now then fenced = 1 end
			end
			return {redis.call('GET', KEYS[1]), token, fenced}
			"""),

	/**
	 * Arguments: who asks; of each key: replace, exclusive, life, token. Whoever is told
	 * of a writer reads the database, perhaps the next value already: what the writer has
	 * is not stored.
	 */
	LEASE("""
			local now
			local answer = {}
			for i = 1, #KEYS / 2 do
				local v, f, a = KEYS[2 * i - 1], KEYS[2 * i], 4 * i - 1
				local life = tonumber(ARGV[a + 2])
				local value = ARGV[a] == '0' and redis.call('GET', v)
				local state, given = 0, value
				local fields = not value and redis.call('HGETALL', f)
				if not value and #fields == 0 and ARGV[a + 1] == '0' then
					state, given = 1, ARGV[a + 3]
					redis.call('HSET', f, 't', given)
					redis.call('PEXPIRE', f, life)
				elseif not value then
					now = now or clock()
					local guard = guarding(f, now, nil, fields)
					if next(guard.writers) then
						state, given = 2, ''
						redis.call('HSET', f, 'o', '1')
					elseif ARGV[a + 1] == '1' and guard.l and guard.l ~= ARGV[2] and tonumber(guard.e) > now then
						state, given = 3, ''
					else
						state, given = 1, guard.t or ARGV[a + 3]
						if not guard.t then redis.call('HSET', f, 't', given) end
						if ARGV[a + 1] == '1' then
							redis.call('HSET', f, 'l', ARGV[2], 'e', string.format('%.0f', now + life))
						end
						keep(f, life)
					end
				end
				answer[2 * i - 1], answer[2 * i] = state, given
			end
			return answer
			"""),

	/**
	 * Arguments: who loaded, the channel, the start of a message; of each key: its name,
	 * token, whether there is a value, time to live, value. A full Redis keeps no value,
	 * which is no reason to forget the token.
	 */
	FILL("""
			local refused, landed = {}, {}
			for i = 1, #KEYS / 2 do
				local v, f, a = KEYS[2 * i - 1], KEYS[2 * i], 5 * i
				local guard = redis.call('HMGET', f, 't', 'l')
				local stores = ARGV[a + 2] == '1'
				if guard[1] ~= ARGV[a + 1] then
					if stores then refused[#refused + 1] = i end
				else
					if stores then redis.pcall('SET', v, ARGV[a + 4], 'PX', ARGV[a + 3]) end
					if guard[2] and (stores or guard[2] == ARGV[2]) then
						redis.call('HDEL', f, 'l', 'e')
						landed[#landed + 1] = ARGV[a]
					end
				end
			end
			tell(ARGV[3], ARGV[4], landed)
			return refused
			"""),

	/**
	 * Arguments: the field of the writer, how long fences stand, the channel, the
	 * message, the start of another; of each key: its name.
	 */
	BEGIN("""
			local now = clock()
			local stands = tonumber(ARGV[3])
			local falls = string.format('%.0f', now + stands)
			local landed = {}
			for i = 1, #KEYS / 2 do
				local v, f = KEYS[2 * i - 1], KEYS[2 * i]
				redis.call('DEL', v)
				local fields = redis.call('HGETALL', f)
				local guard = guarding(f, now, nil, fields)
				if guard.t or guard.l then redis.call('HDEL', f, 't', 'l', 'e') end
				redis.call('HSET', f, ARGV[2], falls)
				guard.writers[ARGV[2]] = nil
				if next(guard.writers) then redis.call('HSET', f, 'o', '1') end
				if #fields == 0 then redis.call('PEXPIRE', f, stands) else keep(f, stands) end
				if guard.l then landed[#landed + 1] = ARGV[6 + i] end
			end
			redis.call('PUBLISH', ARGV[4], ARGV[5])
			tell(ARGV[4], ARGV[6], landed)
			return 1
			"""),

	/**
	 * Arguments: the field of the writer, the channel, the starts of two messages; of
	 * each key: its name, whether there is a value, time to live, value.
	 */
	END("""
			local now = clock()
			local refused, fallen, landed = {}, {}, {}
			for i = 1, #KEYS / 2 do
				local v, f, a = KEYS[2 * i - 1], KEYS[2 * i], 2 + 4 * i
				local stores = ARGV[a + 1] == '1'
				local guard = guarding(f, now, ARGV[2])
				local stood = guard.writers[ARGV[2]]
				guard.writers[ARGV[2]] = nil
				local others = next(guard.writers)
				local stored = false
				if stood and not others and not guard.o and stores then
					stored = not failed(redis.pcall('SET', v, ARGV[a + 3], 'PX', ARGV[a + 2]))
				end
				if not stored then
					redis.call('DEL', v)
					if stores then refused[#refused + 1] = i end
				end
				if not stood then
					fallen[#fallen + 1] = ARGV[a]
					if guard.l then landed[#landed + 1] = ARGV[a] end
				end
				if others then
					redis.call('HDEL', f, ARGV[2], 't', 'l', 'e')
					if not stood then redis.call('HSET', f, 'o', '1') end
				else
					redis.call('DEL', f)
				end
			end
			tell(ARGV[3], ARGV[4], fallen)
			tell(ARGV[3], ARGV[5], landed)
			return refused
			"""),

	/**
	 * Arguments: the channel, the message or nothing, the start of another; of each key:
	 * its name. Somebody has written without a fence: the present writers are not alone.
	 */
	INVALIDATE("""
			local now = clock()
			local landed = {}
			for i = 1, #KEYS / 2 do
				local v, f = KEYS[2 * i - 1], KEYS[2 * i]
				redis.call('DEL', v)
				local guard = guarding(f, now)
				if next(guard.writers) then
					redis.call('HDEL', f, 't', 'l', 'e')
					redis.call('HSET', f, 'o', '1')
				else
					redis.call('DEL', f)
				end
				if guard.l then landed[#landed + 1] = ARGV[4 + i] end
			end
			if ARGV[3] ~= '' then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
			tell(ARGV[2], ARGV[4], landed)
			return 1
			""");

	private final String text;

	private final String digest;

	RedisScript(String text) {
		this.text = Common.TEXT + text;
		this.digest = Base16.digest(this.text.getBytes(StandardCharsets.UTF_8));
	}

	String text() {
		return this.text;
	}

	String digest() {
		return this.digest;
	}

	/** What the steps share; constants of an enum cannot use its own static fields. */
	private static final class Common {

		static final String TEXT = """
				if ARGV[1] ~= '' then
					local process = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
					if not string.find(ARGV[1], process, 1, true) then
						return redis.error_reply('STRATES another process has taken over')
					end
				end
				local function clock()
					local time = redis.call('TIME')
					return time[1] * 1000 + math.floor(time[2] / 1000)
				end
				local function failed(reply) return type(reply) == 'table' and reply.err end
				local function keep(f, life)
					if redis.call('PTTL', f) < life then redis.call('PEXPIRE', f, life) end
				end
				local function tell(channel, start, keys)
					if #keys == 0 then return end
					local parts = {start}
					for _, key in ipairs(keys) do parts[#parts + 1] = #key .. ':' .. key end
					redis.call('PUBLISH', channel, table.concat(parts))
				end
				local function guarding(f, now, writer, known)
					local fields = known or redis.call('HGETALL', f)
					local guard, dead = {writers = {}}, {}
					for i = 1, #fields, 2 do
						local name, value = fields[i], fields[i + 1]
						if string.sub(name, 1, 2) ~= 'w:' then
							guard[name] = value
						elseif name == writer or tonumber(value) > now then
							guard.writers[name] = true
						else
							dead[#dead + 1] = name
						end
					end
					for _, name in ipairs(dead) do redis.call('HDEL', f, name) end
					if #dead > 0 and not next(guard.writers) then
						redis.call('HDEL', f, 'o')
						guard.o = nil
					end
					return guard
				end
				""";

	}

}
