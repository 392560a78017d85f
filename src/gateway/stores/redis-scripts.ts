import type { Redis } from 'ioredis';

/** Milliseconds of the server's clock, the one that all gateways have in common. */
const NOW = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** How long an account that nobody uses is remembered, ms: no lease of the pool lasts as long. */
const KEEP_MS = 600_000;

/**
 * Keys: leases (end by id), places that wait (rank by place), their ends. Arguments: units, ms of the lease, its id,
 * place or '', its rank by the server's clock, ms for which a place is remembered, rank of the
 * place afterwards or ''.
 */
const TAKE = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local gone = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)
for _, place in ipairs(gone) do
  redis.call('ZREM', KEYS[2], place)
  redis.call('ZREM', KEYS[3], place)
end
local free = ARGV[1] - redis.call('ZCARD', KEYS[1])
if ARGV[4] ~= '' then
  redis.call('ZADD', KEYS[2], ARGV[5], ARGV[4])
  redis.call('ZADD', KEYS[3], now + ARGV[6], ARGV[4])
  redis.call('PEXPIRE', KEYS[2], ARGV[6] * 2)
  redis.call('PEXPIRE', KEYS[3], ARGV[6] * 2)
  if redis.call('ZREVRANK', KEYS[2], ARGV[4]) >= free then return 0 end
  if ARGV[7] ~= '' then redis.call('ZADD', KEYS[2], ARGV[7], ARGV[4])
  else
    redis.call('ZREM', KEYS[2], ARGV[4])
    redis.call('ZREM', KEYS[3], ARGV[4])
  end
elseif free <= 0 then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2 + ${KEEP_MS})
return 1`;

/** Keys: leases. Arguments: ms, 'XX' to renew or '' to count again what may be lost, ids. Gives how many were there. */
const KEEP = `${NOW}
local found = 0
for at = 3, #ARGV do
  if redis.call('ZSCORE', KEYS[1], ARGV[at]) then found = found + 1 end
  if ARGV[2] == 'XX' then redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[at])
  else redis.call('ZADD', KEYS[1], now + ARGV[1], ARGV[at]) end
end
redis.call('PEXPIRE', KEYS[1], ARGV[1] * 2 + ${KEEP_MS})
return found`;

/** Keys: gateways (last sign by id). Arguments: own id or '', ms after which one is gone, id that leaves or ''. */
const BEAT = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
if ARGV[1] ~= '' then redis.call('ZADD', KEYS[1], now, ARGV[1]) end
if ARGV[3] ~= '' then redis.call('ZREM', KEYS[1], ARGV[3]) end
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
return { redis.call('ZCARD', KEYS[1]), now }`;

/** Keys: lock, parts. Arguments: token, ms. */
const LEAD = `local there = redis.call('GET', KEYS[1])
if there and there ~= ARGV[1] then return 0 end
if not there then redis.call('DEL', KEYS[2]) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`;

/**
 * Keys: lock, parts. Arguments: token, ms, channel, number of the piece from 1, piece. Gives how many pieces there are,
 * -1 when the line is no longer this gateway's: only whoever has the lock writes.
 */
const APPEND = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local count = redis.call('XLEN', KEYS[2])
if count == ARGV[4] - 1 then
  redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 'p', ARGV[5])
  redis.call('PUBLISH', ARGV[3], struct.pack('<I4', ARGV[4]) .. ARGV[1] .. ARGV[5])
  count = count + 1
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return count`;

/** Keys: lock, parts. Arguments: token, ms, new token. */
const HOLD = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return 1`;

/** Keys: lock, parts. Arguments: token, channel, why the line failed. */
const FAIL = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('PUBLISH', ARGV[2], struct.pack('<I4', 0) .. ARGV[1] .. ARGV[3])
return 1`;

/** Keys: lock, parts. Arguments: first number that is wanted. Gives the lock, and the pieces. */
const LOOK = `local pieces = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], ARGV[1] .. '-0', '+')) do
  pieces[#pieces + 1] = entry[2][2]
end
return { redis.call('GET', KEYS[1]) or '', pieces }`;

type Argument = string | number | Uint8Array;

/** The scripts, as commands: keys first. */
export interface Scripts {
  parleyTake(...given: Argument[]): Promise<number>;
  parleyKeep(...given: Argument[]): Promise<number>;
  parleyBeat(...given: Argument[]): Promise<[gateways: number, nowMs: number]>;
  parleyLead(...given: Argument[]): Promise<number>;
  parleyAppend(...given: Argument[]): Promise<number>;
  parleyHold(...given: Argument[]): Promise<number>;
  parleyFail(...given: Argument[]): Promise<number>;
  parleyLookBuffer(...given: Argument[]): Promise<[Buffer, Buffer[]]>;
}

/** Gives a client the scripts. Each runs as one, and all keys of one have one hash tag, as a Redis Cluster wants it. */
export function withScripts(client: Redis): Redis & Scripts {
  const define = (name: string, numberOfKeys: number, lua: string) =>
    client.defineCommand(name, { numberOfKeys, lua });
  define('parleyTake', 3, TAKE);
  define('parleyKeep', 1, KEEP);
  define('parleyBeat', 1, BEAT);
  define('parleyLead', 2, LEAD);
  define('parleyAppend', 2, APPEND);
  define('parleyHold', 2, HOLD);
  define('parleyFail', 2, FAIL);
  define('parleyLook', 2, LOOK);
  return client as Redis & Scripts;
}
