import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { AUDIT_KEPT } from '../../domain/lifetimes.ts';
import { parseRun, type Run } from '../../domain/run.ts';
import type { Parts } from '../../parts.ts';
import type { Access } from './access.ts';
import { command, Failure, table, WrongUsage, wordsOf, type Result } from './command.ts';
import { operatorName } from './operator.ts';

const HOUR = 3_600_000;
const STEP = 100_000;

const WORDS: Readonly<Record<string, string>> = {
  'row-changed': 'a row is not as it was sealed',
  'row-missing': 'rows are missing before this one',
  'row-added': 'a row was put in after its block was sealed',
  'block-changed': 'the block is not as it was sealed, or does not follow the one before it',
  'block-missing': 'the block is missing',
  'block-not-signed': 'the block is not signed by our key',
  'chain-cut': 'the end of the chain is missing: an anchor names this block',
  'chain-replaced': 'the chain was made anew: an anchor has another hash for this block',
  'expired-early': 'its rows were deleted before their time',
};

const verify = command({
  name: 'audit verify',
  summary:
    'Reads the whole audit log, its chain and its anchors, and names the first place that is not as it was (R-72).',
  options: { export: { value: 'FILE', meaning: 'look at a file of clave audit export instead' } },
  run: async (given, access) => {
    const extract = given.maybe('export');
    if (extract !== undefined) return verifyExtract(extract, access);
    const { parts, config } = await access.ready();
    const { auditChain, anchors } = await access.reach(config, HOUR);
    const begun = performance.now();
    let told = 0;
    const progress = (rows: number) => {
      if (rows - told < STEP || !process.stderr.isTTY) return;
      told = rows;
      process.stderr.write(`\r${rows.toLocaleString('en')} rows`);
    };
    const { clock } = parts;
    const found = await auditChain.verify({ anchors, kept: AUDIT_KEPT * 1000, clock, progress });
    if (told > 0) process.stderr.write('\r');
    const seconds = (performance.now() - begun) / 1000;
    const { breach, ...seen } = found;
    const publicKey = await auditChain.publicKey();
    const rows = [
      [
        'rows',
        `${seen.rows.toLocaleString('en')} as they were sealed, ${seen.unsealed.toLocaleString('en')} not sealed yet`,
      ],
      [
        'blocks',
        `${seen.blocks.toLocaleString('en')}, ${seen.expired.toLocaleString('en')} of them past their retention`,
      ],
      ['anchors', anchorWords(await anchors.newest(), seen.anchors)],
      ['public key', publicKey],
      ['seconds', seconds.toFixed(1)],
    ];
    const verdict = breach
      ? `BROKEN at block ${String(breach.block)}${breach.row === undefined ? '' : `, row ${breach.row}`}: ${WORDS[breach.kind] ?? breach.kind}`
      : 'the audit log is whole';
    const json = { whole: breach === undefined, ...seen, breach: breach ?? null, publicKey, checkedAt: parts.clock() };
    return { json, text: `${verdict}\n\n${table(rows)}`, failed: breach !== undefined };
  },
});

const anchorWords = (newest: number, met: number) =>
  newest === 0
    ? 'none here: compare with those that the log says'
    : `${met.toLocaleString('en')} agree, the newest is of block ${newest.toLocaleString('en')}`;

const DAY = 86_400_000;
const GUARDED = { mode: 0o600, flags: 'wx' };

const exporting = command({
  name: 'audit export',
  summary:
    'Writes the events of a person, of a member of staff, of a case or of a time to a file: a JSON object a line, signed at the end (R-75). That it was done, and why, is recorded.',
  options: {
    out: { value: 'FILE', needed: true, meaning: 'a file that is not there yet' },
    reason: { value: 'R', needed: true, meaning: 'why, for the record: no names and no RUN' },
    run: { value: 'RUN', meaning: 'what concerns this person' },
    actor: { value: 'RUN', meaning: 'what this member of staff did' },
    case: { value: 'ID', meaning: 'what belongs to this case' },
    from: { value: 'DATE', meaning: 'from this day on (UTC), as 2026-11-29' },
    until: { value: 'DATE', meaning: 'up to this day, it included' },
  },
  run: async (given, access) => {
    const [from, until] = [dayOf(given.maybe('from'), 'from'), dayOf(given.maybe('until'), 'until')];
    const runs = [runOf(given.maybe('run'), 'run'), runOf(given.maybe('actor'), 'actor')] as const;
    const { parts, config } = await access.ready();
    const [accountId, actorId] = [await accountOf(parts, runs[0]), await accountOf(parts, runs[1])];
    const { auditChain } = await access.reach(config, HOUR);
    const now = parts.clock();
    const wanted = {
      ...{ accountId, actorId, caseId: given.maybe('case'), from: from ?? 0 },
      until: until === undefined ? now + 1 : until + DAY,
    };
    const out = given.text('out');
    const file = createWriteStream(out, GUARDED);
    // A fault of the disk shows at the next line or at the end.
    const failed = once(file, 'error').then(([error]: unknown[]) => {
      throw new Failure(wordsOf(error));
    });
    const write = async (line: string) => {
      if (!file.write(`${line}\n`)) await Promise.race([once(file, 'drain'), failed]);
    };
    await Promise.race([once(file, 'open'), failed]);
    const record = async (made: { readonly rows: number; readonly sha256: string }) =>
      parts.audit.add({
        ...{ kind: 'audit-exported', at: now, accountId },
        details: {
          ...{ ...made, words: given.text('reason').slice(0, 500), by: operatorName() },
          ...(actorId !== undefined && { actor: actorId }),
        },
      });
    const made = async () => {
      const done = await auditChain.extract(wanted, { now, write, record });
      file.end();
      await Promise.race([once(file, 'finish'), failed]);
      return done;
    };
    const done = await made().catch(async (error: unknown) => {
      file.destroy();
      await rm(out);
      throw error;
    });
    const text = `${done.rows.toLocaleString('en')} events written; check them with: clave audit verify --export FILE`;
    return { json: done, text };
  },
});

function dayOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new WrongUsage(`--${name} is a day, as 2026-11-29`);
  return at;
}

function runOf(text: string | undefined, name: string): Run | undefined {
  if (text === undefined) return undefined;
  const run = parseRun(text);
  if (!run) throw new WrongUsage(`--${name} is no RUN: 12.345.678-5, say`);
  return run;
}

async function accountOf({ accounts }: Pick<Parts, 'accounts'>, run: Run | undefined): Promise<string | undefined> {
  if (!run) return undefined;
  const found = await accounts.forLogin(run);
  if (!found) throw new Failure('nobody has an account of that RUN');
  return found.account.id;
}

const EXTRACTS = {
  'no-extract': 'this file was not written by clave audit export',
  changed: 'BROKEN: the file is not as it was written',
  'not-signed': 'BROKEN: the file is not signed by the key of this installation',
} as const;

/** Opened when the first line is asked for: what comes before somebody listens would be lost. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path);
  await once(input, 'open').catch((error: unknown) => {
    throw new Failure(wordsOf(error));
  });
  yield* createInterface({ input, crlfDelay: Infinity });
}

/** Of a file that was written before. */
async function verifyExtract(path: string, access: Access): Promise<Result> {
  const { config } = await access.ready();
  const { auditChain } = await access.reach(config, HOUR);
  const verdict = await auditChain.readExtract(linesOf(path));
  const whole = verdict.kind === 'whole';
  const text = whole
    ? `the extract is whole: ${verdict.rows.toLocaleString('en')} events\n${JSON.stringify(verdict.query)}`
    : EXTRACTS[verdict.kind];
  return { json: { whole, ...verdict }, text, failed: !whole };
}

/** `clave audit …` */
export const auditCommands = [verify, exporting];
