import { Cluster } from 'ioredis';
import type { Artifact, Artifacts, Found, NewArtifact } from './artifacts.ts';
import { together, type Redis } from './connections.ts';
import { script } from './script.ts';
import { gathered } from './statement.ts';

/**
 * One hash an artifact: `p` payload, `x` expiry, `c` consumed, `m:…` members, `k` the place that it leads to. Beside it,
 * each in a slot of its own so that it runs on a cluster, a name for look-ups and a set per grant. Nothing needs two
 * slots at one moment: a name or a set that outlives its artifact finds nothing. Where all is in one place, all of it is
 * written by one command, and what is looked for in one turn of the loop is found by one.
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
      set && ADD.call(redis, 1, set, key, ttl),
    ]);
  }
  const namesOf = ({ uid, userCode }: NewArtifact): readonly string[] =>
    [uid && name('uid', uid), userCode && name('userCode', userCode)].filter((each) => each !== undefined);
  /** Redis' own clock is an upper bound only: ten per cent more than ours says. */
  const lifetime = (expiresAt: number, now: number) => Math.max(1, Math.ceil((expiresAt - now) * 1.1));
  const fields = ({ payload, members = {}, leads, expiresAt }: NewArtifact): (string | Buffer | number)[] => [
    ...['p', payload, 'x', expiresAt],
    ...(leads ? ['k', at(leads)] : []),
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
  /** What a place holds, and for `with` what that leads to. Of a cluster the place alone, as all others lie apart. */
  type Question = { readonly kind: 'key' | 'name' | 'with'; readonly place: string };
  const ask = isCluster
    ? async ({ kind, place }: Question): Promise<Buffer[][]> => {
        const target = kind === 'name' ? await redis.get(place) : place;
        if (target === null) return [];
        return [[Buffer.from(target), ...((await redis.callBuffer('HGETALL', target)) as Buffer[])]];
      }
    : gathered<Question, Buffer[][]>(async (asked) => {
        together(redis);
        const [places, kinds] = [asked.map(({ place }) => place), asked.map(({ kind }) => kind)];
        return (await LOOK.callBuffer(redis, places.length, ...places, ...kinds)) as Buffer[][][];
      });
  async function look(question: Question, now: number): Promise<Found | undefined> {
    const all = await ask(question);
    const [found, led] = all.map(([place, ...fields]) => place && read(keyAt(place.toString()), fields, now));
    return found && (question.kind === 'with' ? { ...found, led } : found);
  }

  return {
    async put(artifact, now) {
      together(redis);
      const ttl = lifetime(artifact.expiresAt, now);
      // Nobody has the id before all of it is written.
      if (isCluster)
        await Promise.all([beside(artifact, ttl), PUT.call(redis, 1, at(artifact.key), ttl, ...fields(artifact))]);
      else {
        const { key, model, grant } = artifact;
        const names = namesOf(artifact);
        const keys = [at(key), ...names, ...(grant ? [grantSet(model, grant)] : [])];
        await PUT_ALL.call(redis, keys.length, ...keys, ttl, key, names.length, ...fields(artifact));
      }
    },
    async putOnce(artifact, now) {
      const ttl = lifetime(artifact.expiresAt, now);
      const first = (await PUT_ONCE.call(redis, 1, at(artifact.key), ttl, ...fields(artifact))) === 1;
      if (first) await beside(artifact, ttl);
      return first;
    },
    get: (key, now) => look({ kind: 'key', place: at(key) }, now),
    getWith: (key, now) => look({ kind: 'with', place: at(key) }, now),
    getBy: (field, key, now) => look({ kind: 'name', place: name(field, key) }, now),
    consume: async (key, { now, keepUntil }) =>
      (await CONSUME.call(redis, 1, at(key), now, keepUntil, lifetime(keepUntil, now))) === 1,
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
const LOOK = script(`local function all(key)
  local fields = key and redis.call('HGETALL', key) or {}
  if #fields > 0 then table.insert(fields, 1, key) end
  return fields
end
local found = {}
for n, place in ipairs(KEYS) do
  local kind = ARGV[n]
  if kind == 'name' then found[n] = {all(redis.call('GET', place))}
  elseif kind == 'key' then found[n] = {all(place)}
  else
    found[n] = {all(place), all(redis.call('HGET', place, 'k'))}
  end
end
return found`);
const ADD = script(`redis.call('SADD', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`);
const PUT_FIELDS = `redis.call('HSET', KEYS[1], unpack(ARGV, 2)) redis.call('PEXPIRE', KEYS[1], ARGV[1])`;
const PUT = script(PUT_FIELDS);
const PUT_ALL = script(`redis.call('HSET', KEYS[1], unpack(ARGV, 4)) redis.call('PEXPIRE', KEYS[1], ARGV[1])
for n = 2, 1 + ARGV[3] do redis.call('SET', KEYS[n], KEYS[1], 'PX', ARGV[1]) end
local set = KEYS[2 + ARGV[3]]
if set then
  redis.call('SADD', set, ARGV[2])
  if redis.call('PTTL', set) < tonumber(ARGV[1]) then redis.call('PEXPIRE', set, ARGV[1]) end
end`);
const PUT_ONCE = script(`if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end ${PUT_FIELDS} return 1`);
const CONSUME = script(`local until_at = redis.call('HGET', KEYS[1], 'x')
if not until_at or tonumber(until_at) <= tonumber(ARGV[1]) then return 0 end
if redis.call('HSETNX', KEYS[1], 'c', ARGV[1]) == 0 then return 0 end
if tonumber(ARGV[2]) > tonumber(until_at) then
  redis.call('HSET', KEYS[1], 'x', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1`);
