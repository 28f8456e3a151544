import { Cluster } from 'ioredis';
import type { Artifact, Artifacts, Found, NewArtifact } from './artifacts.ts';
import { together, type Redis } from './connections.ts';

/**
 * One hash an artifact: `p` payload, `x` expiry, `c` consumed, `m:…` members, `u` and `k` what it leads to. Beside it, each in a slot of its own so
 * that it runs on a cluster, a name for look-ups and a set per grant. Nothing needs two slots at one moment: a name or
 * a set that outlives its artifact finds nothing.
 */
export function redisArtifacts(redis: Redis): Artifacts {
  const isCluster = redis instanceof Cluster;
  const at = (key: Buffer) => `${PREFIX}${key.toString('base64url')}`;
  const keyAt = (place: string) => Buffer.from(place.slice(PREFIX.length), 'base64url');
  const name = (field: string, key: Buffer) => `cu:${field}:${key.toString('base64url')}`;
  const grantSet = (model: string, grant: Buffer) => `cu:g:${model}:${grant.toString('base64url')}`;

  async function beside({ key, model, grant, uid, userCode }: NewArtifact, ttl: number): Promise<void> {
    const set = grant && grantSet(model, grant);
    await Promise.all([
      uid && redis.set(name('uid', uid), at(key), 'PX', ttl),
      userCode && redis.set(name('userCode', userCode), at(key), 'PX', ttl),
      set && redis.eval(ADD, 1, set, key, ttl),
    ]);
  }
  /** Redis' own clock is an upper bound only: ten per cent more than ours says. */
  const lifetime = (expiresAt: number, now: number) => Math.max(1, Math.ceil((expiresAt - now) * 1.1));
  const fields = ({ payload, members = {}, leads, expiresAt }: NewArtifact): (string | Buffer | number)[] => [
    ...['p', payload, 'x', expiresAt],
    ...(leads?.uid ? ['u', name('uid', leads.uid)] : []),
    ...(leads ? ['k', at(leads.key)] : []),
    ...Object.entries(members).flatMap(([member, value]) => [`m:${member}`, value]),
  ];
  const read = (key: Buffer, fields: readonly Buffer[], now: number): Artifact | undefined => {
    const members: Record<string, Buffer> = {};
    let [payload, until, consumed]: (Buffer | undefined)[] = [];
    for (let n = 0; n < fields.length; n += 2) {
      const [field, value] = [fields[n]?.toString(), fields[n + 1]];
      if (value === undefined || field === undefined) continue;
      if (field === 'p') payload = value;
      else if (field === 'x') until = value;
      else if (field === 'c') consumed = value;
      else if (field.startsWith('m:')) members[field.slice(2)] = value;
    }
    if (!payload || !until || Number(until.toString()) <= now) return undefined;
    return { key, payload, members, consumedAt: consumed && Number(consumed.toString()) };
  };
  async function get(key: Buffer, now: number): Promise<Artifact | undefined> {
    together(redis);
    return read(key, (await redis.callBuffer('HGETALL', at(key))) as Buffer[], now);
  }
  /** On a cluster all of them lie apart. */
  async function getWith(key: Buffer, now: number): Promise<Found | undefined> {
    if (isCluster) return get(key, now);
    together(redis);
    const [own = [], ...led] = (await redis.callBuffer('EVAL', WITH, 1, at(key))) as Buffer[][];
    const [byUid, byKey] = led.map(([place, ...fields]) => place && read(keyAt(place.toString()), fields, now));
    const found = read(key, own, now);
    return found && { ...found, byUid, byKey };
  }
  /** In two steps on a cluster, where the name and what it leads to lie apart. */
  async function getBy(field: string, value: Buffer, now: number): Promise<Artifact | undefined> {
    together(redis);
    if (isCluster) {
      const target = await redis.get(name(field, value));
      return target === null ? undefined : get(keyAt(target), now);
    }
    const found = (await redis.callBuffer('EVAL', FOLLOW, 1, name(field, value))) as Buffer[] | null;
    const [target, ...fields] = found ?? [];
    return target && read(keyAt(target.toString()), fields, now);
  }

  return {
    async put(artifact, now) {
      together(redis);
      const ttl = lifetime(artifact.expiresAt, now);
      // Sent together: nobody has the id before both are written.
      await Promise.all([beside(artifact, ttl), redis.eval(PUT, 1, at(artifact.key), ttl, ...fields(artifact))]);
    },
    async putOnce(artifact, now) {
      const ttl = lifetime(artifact.expiresAt, now);
      const first = (await redis.eval(PUT_ONCE, 1, at(artifact.key), ttl, ...fields(artifact))) === 1;
      if (first) await beside(artifact, ttl);
      return first;
    },
    get,
    getWith,
    getBy,
    consume: async (key, { now, keepUntil }) =>
      (await redis.eval(CONSUME, 1, at(key), now, keepUntil, lifetime(keepUntil, now))) === 1,
    async remove(key) {
      together(redis);
      await redis.del(at(key));
    },
    async removeByGrant(model, grant) {
      const set = grantSet(model, grant);
      const keys = await redis.smembersBuffer(set);
      await Promise.all([...keys.map((key) => redis.del(at(key))), redis.del(set)]);
    },
    // Redis forgets by itself.
    sweep: async () => 0,
  };
}

const PREFIX = 'cu:a:';
const FOLLOW = `local target = redis.call('GET', KEYS[1])
if not target then return nil end
local all = redis.call('HGETALL', target)
table.insert(all, 1, target)
return all`;
const WITH = `local own = redis.call('HGETALL', KEYS[1])
local led = redis.call('HMGET', KEYS[1], 'u', 'k')
local function all(key)
  local fields = key and redis.call('HGETALL', key) or {}
  if #fields > 0 then table.insert(fields, 1, key) end
  return fields
end
return {own, all(led[1] and redis.call('GET', led[1])), all(led[2])}`;
const ADD = `redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
const PUT = `redis.call('HSET', KEYS[1], unpack(ARGV, 2)) redis.call('PEXPIRE', KEYS[1], ARGV[1])`;
const PUT_ONCE = `if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end ${PUT} return 1`;
const CONSUME = `local until_at = redis.call('HGET', KEYS[1], 'x')
if not until_at or tonumber(until_at) <= tonumber(ARGV[1]) then return 0 end
if redis.call('HSETNX', KEYS[1], 'c', ARGV[1]) == 0 then return 0 end
if tonumber(ARGV[2]) > tonumber(until_at) then
  redis.call('HSET', KEYS[1], 'x', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1`;
