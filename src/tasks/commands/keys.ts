import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_SPREAD, SIGNING_ALGS, type KeyDates } from '../../domain/signing-key.ts';
import { masterKeys, reseal, type MasterKey } from '../../flows/master-keys.ts';
import { planRotation, replaceNext, rotateNow, withdrawRetiring, type KeyChange } from '../../flows/signing-keys.ts';
import type { Live } from '../../connect.ts';
import type { KeyReader } from '../../stores/key-readers.ts';
import { command, Failure, table, WrongUsage, type Result } from './command.ts';
import { byOperator } from './operator.ts';

const HOUR = 3_600_000;

const list = command({
  name: 'keys list',
  summary: [
    'Shows the signing keys with their dates, which sites seem to have read the newest, and which master keys are needed.',
    'A key is next (since it is published; it signs at the date `until` at the latest), current (it signs), retiring (it is',
    'published until that date, for what it has signed), retired. A site is known by where it asks for tokens.',
  ].join('\n'),
  run: async (_given, access) => {
    const { config, parts } = await access.ready();
    const keys = await parts.signingKeys.list();
    const masters = await standing(await access.reach(config, HOUR), parts.clock());
    const newest = keys.toSorted((a, b) => b.createdAt - a.createdAt)[0];
    const readers = await parts.keyReaders.list();
    const text = [
      table([['kid', 'alg', 'state', 'published', 'since', 'until'], ...keys.map(keyRow)]),
      readersText(readers, newest),
      table([['master key', 'sealed rows', ''], ...masters.map(masterRow)]),
    ].join('\n\n');
    const signing = keys.map(({ createdAt, since, until, ...key }) => ({
      ...key,
      ...{ created_at: iso(createdAt), since: iso(since), until: until === undefined ? null : iso(until) },
    }));
    const clients = readers.map(({ clientId, usedAt, readAt }) => ({
      ...{ client_id: clientId, used_at: iso(usedAt), read_at: readAt === undefined ? null : iso(readAt) },
      has_newest: hasRead(readAt, newest?.createdAt ?? 0),
    }));
    return { json: { signing_keys: signing, clients, master_keys: masters }, text };
  },
});

const rotate = command({
  name: 'keys rotate',
  summary: [
    'Rotates the signing keys. The next key is published already; it signs as soon as every site that keeps our JWKS',
    'has read it, at once or within a day. All processes follow within five seconds, without a restart.',
  ].join('\n'),
  options: {
    now: { meaning: 'at once: what is published as the next key signs from now on' },
    compromised: {
      meaning: 'with --now, when the private keys are in wrong hands: new ones, and the old are withdrawn',
    },
    alg: { value: 'A', repeated: true, meaning: `${SIGNING_ALGS.join(', ')}; by default all` },
  },
  run: async (given, access) => {
    const wanted = given.all('alg');
    const algs = SIGNING_ALGS.filter((alg) => wanted.length === 0 || wanted.includes(alg));
    const strange = wanted.filter((alg) => !SIGNING_ALGS.some((known) => known === alg));
    if (strange.length > 0)
      throw new WrongUsage(`--alg is one of ${SIGNING_ALGS.join(', ')}, not ${strange.join(', ')}`);
    if (given.flag('compromised') && !given.flag('now')) throw new WrongUsage('--compromised goes with --now');
    const { parts } = await access.ready();
    const acting = { ...parts, transaction: byOperator(parts) };
    if (!given.flag('now')) return told(await planRotation(acting, algs));
    const hasNext = (await parts.signingKeys.list()).filter(({ alg, state }) => state === 'next' && algs.includes(alg));
    const changes: KeyChange[] = [];
    if (given.flag('compromised') || hasNext.length < algs.length) {
      changes.push(...(given.flag('compromised') ? await replaceNext(acting, algs) : await planRotation(acting, algs)));
      // Whoever asks for the keys must not get them from a process that has not heard of the new one.
      await sleep(KEY_SPREAD);
    }
    changes.push(...(await rotateNow(acting, algs)));
    if (given.flag('compromised')) changes.push(...(await withdrawRetiring(acting, algs)));
    return told(changes);
  },
});

const resealAll = command({
  name: 'keys reseal',
  summary: [
    'Seals anew what older master keys have sealed, so that they can be taken out of MASTER_KEYS. The product does the same',
    'by itself, in the background. Broken off, it goes on where it was.',
  ].join('\n'),
  run: async (_given, access) => {
    const { config } = await access.ready();
    const live = await access.reach(config, HOUR);
    let shown = 0;
    const going = async (place: string, done: number) => {
      if (process.stderr.isTTY && done !== shown)
        process.stderr.write(`\r${place}: ${done.toLocaleString('en')} rows `);
      shown = done;
      return true;
    };
    const { done, closed } = await reseal(live.masterKeys, going);
    if (shown > 0 && process.stderr.isTTY) process.stderr.write('\r');
    const masters = await standing(live, live.parts.clock());
    if (closed > 0)
      throw new Failure(`${closed} rows could not be opened: their key is not in MASTER_KEYS, or they were changed`);
    const words = done === 0 ? 'nothing was left to do' : `${done.toLocaleString('en')} rows sealed anew`;
    return { json: { resealed: done, master_keys: masters }, text: `${words}\n\n${table(masters.map(masterRow))}` };
  },
});

/** `clave keys …` */
export const keyCommands = [list, rotate, resealAll];

/** How the master keys stand on this database. */
export async function standing({ masterKeys: store, parts }: Live, now: number): Promise<readonly MasterKey[]> {
  return masterKeys({ ids: parts.vault.ids, left: await store.left(), since: (await store.since()) ?? now, now });
}

/** What an operator has to know of one. */
export function masterWords({ seals, here, rows, neededUntil, removable }: MasterKey): string {
  if (seals) return 'seals';
  if (!here) return 'IS NOT IN MASTER_KEYS: these rows cannot be read';
  if (rows > 0) return 'needed: these rows are sealed anew in the background, or by `clave keys reseal`';
  if (removable) return 'may be taken out';
  return `may be taken out after ${iso(neededUntil ?? 0)}: sessions and letters on their way`;
}

const hasRead = (readAt: number | undefined, newest: number) => (readAt ?? 0) >= newest;

/** Nobody says who it is when it reads keys: this is what their calls for tokens tell. Whom to call stands first. */
function readersText(readers: readonly KeyReader[], newest: KeyDates | undefined): string {
  if (!newest || readers.length === 0) return 'no site has asked for a token yet: who reads the keys is not known';
  const has = ({ readAt }: KeyReader) => hasRead(readAt, newest.createdAt);
  const [not, have] = [readers.filter((reader) => !has(reader)), readers.filter(has)];
  const rows = [...not, ...have].map((reader) => [
    ...[reader.clientId, iso(reader.usedAt), reader.readAt === undefined ? 'never seen' : iso(reader.readAt)],
    has(reader) ? 'has it' : 'not yet',
  ]);
  const head = `The newest key is the ${newest.state} one of ${newest.alg}, published ${iso(newest.createdAt)}.`;
  const count = `${have.length} of ${readers.length} sites that sign people in seem to have read it:`;
  return `${head} ${count}\n${table([['site', 'last token', 'last read of the keys', ''], ...rows])}`;
}

const masterRow = (key: MasterKey) => [key.id, key.seals ? '' : String(key.rows), masterWords(key)];
const iso = (at: number) => new Date(at).toISOString();
const keyRow = ({ kid, alg, state, createdAt, since, until }: KeyDates) => [
  ...[kid, alg, state, iso(createdAt), iso(since)],
  until === undefined ? '' : iso(until),
];

const WORDS: Readonly<Record<KeyChange['change'], string>> = {
  published: 'is published, to sign one day',
  signs: 'signs',
  planned: 'will sign from',
  retiring: 'signs no more, is published until',
  retired: 'is withdrawn',
};

function told(changes: readonly KeyChange[]): Result {
  const rows = changes.map(({ change, kid, alg, at }) => [
    ...[alg, kid],
    `${WORDS[change]}${change === 'planned' || change === 'retiring' ? ` ${iso(at)}` : ''}`,
  ]);
  const json = { changes: changes.map((change) => ({ ...change, at: iso(change.at) })) };
  return { json, text: rows.length === 0 ? 'nothing was changed' : table(rows) };
}
