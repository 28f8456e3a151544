import type { Artifact, Artifacts, NewArtifact } from './artifacts.ts';
import type { Redis } from './connections.ts';

/**
 * One hash an artifact: `p` payload, `x` expiry, `c` consumed, `m:…` members. Beside it, each in a slot of its own so
 * that it runs on a cluster, a name for look-ups and a set per grant. Nothing needs two slots at one moment: a name or
 * a set that outlives its artifact finds nothing.
 */
export function redisArtifacts(redis: Redis): Artifacts {
  const at = (key: Buffer) => `cu:a:${key.toString('base64url')}`;
  const name = (field: string, key: Buffer) => `cu:${field}:${key.toString('base64url')}`;
  const grantSet = (model: string, grant: Buffer) => `cu:g:${model}:${grant.toString('base64url')}`;

  async function beside({ key, model, grant, uid, userCode }: NewArtifact, ttl: number): Promise<void> {
    const set = grant && grantSet(model, grant);
    await Promise.all([
      uid && redis.set(name('uid', uid), key, 'PX', ttl),
      userCode && redis.set(name('userCode', userCode), key, 'PX', ttl),
      set && redis.eval(ADD, 1, set, key, ttl),
    ]);
  }
  /** Redis' own clock is an upper bound only: ten per cent more than ours says. */
  const lifetime = (expiresAt: number, now: number) => Math.max(1, Math.ceil((expiresAt - now) * 1.1));
  const fields = ({ payload, members = {}, expiresAt }: NewArtifact): (string | Buffer | number)[] => [
    ...['p', payload, 'x', expiresAt],
    ...Object.entries(members).flatMap(([member, value]) => [`m:${member}`, value]),
  ];
  async function get(key: Buffer, now: number): Promise<Artifact | undefined> {
    const hash = await redis.hgetallBuffer(at(key));
    const { p: payload, x: until, c: consumed } = hash;
    if (!payload || !until || Number(until.toString()) <= now) return undefined;
    const members = Object.entries(hash)
      .filter(([field]) => field.startsWith('m:'))
      .map(([field, value]) => [field.slice(2), value] as const);
    return {
      key,
      payload,
      members: Object.fromEntries(members),
      consumedAt: consumed && Number(consumed.toString()),
    };
  }

  return {
    async put(artifact, now) {
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
    async getBy(field, key, now) {
      const target = await redis.getBuffer(name(field, key));
      return target ? get(target, now) : undefined;
    },
    consume: async (key, { now, keepUntil }) =>
      (await redis.eval(CONSUME, 1, at(key), now, keepUntil, lifetime(keepUntil, now))) === 1,
    async remove(key) {
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
