import { readFile, writeFile } from 'node:fs/promises';
import { postgresPromotion, redisFailover } from './failovers.ts';
import { calls } from './calls.ts';
import { crowd } from './crowd.ts';
import { flood } from './flood.ts';
import { fuzz } from './fuzz.ts';
import { lettersKilled } from './letters-killed.ts';
import { letters } from './letters.ts';
import { kills, rollingRestart } from './instances.ts';
import type { Check } from './machine.ts';
import { slowSockets } from './slow.ts';
import { timingGate, type Verdict } from './timing.ts';

/**
 * `npm run deep`: what needs time or quiet; with `load`, only what loads and breaks processes. Prints as ava does, and
 * writes what was seen into docs/measured.md.
 */
const progress = (text: string) => console.error(text);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
const file = new URL('../../docs/measured.md', import.meta.url);

async function gate(loaded: boolean): Promise<readonly Check[]> {
  const verdicts = await timingGate(loaded, progress);
  for (const { pair, median, auc, ks, good } of verdicts)
    if (!good)
      console.log(`      ${pair}: medians ${median.toFixed(2)} ms apart, AUC ${auc.toFixed(3)}, KS ${ks.toFixed(3)}`);
  const what = `timing gate, ${loaded ? 'beside three loops of logins' : 'idle'}: ${verdicts.length} pairs of classes, 500 samples each`;
  return [
    { what, seen: worst(verdicts), wanted: '5 ms, 0.45 to 0.55, 0.103', good: verdicts.every(({ good }) => good) },
  ];
}

function worst(verdicts: readonly Verdict[]): string {
  const [median, auc, ks] = (['median', 'auc', 'ks'] as const).map((name) => verdicts.map((each) => each[name]));
  const most = (values: readonly number[] = []) => Math.max(...values).toFixed(3);
  return `medians at most ${most(median)} ms apart, AUC ${Math.min(...(auc ?? [])).toFixed(3)} to ${most(auc)}, KS at most ${most(ks)}`;
}

async function fuzzing(): Promise<readonly Check[]> {
  const { requests, faults, stallMs } = await fuzz(seed, progress);
  for (const fault of faults.slice(0, 10)) console.log(`      ${fault}`);
  const seen = `${requests} requests, ${faults.length} answered by 5xx, longest stall of client and server together ${stallMs.toFixed(0)} ms`;
  return [{ what: `fuzz, seed ${seed}`, seen, wanted: 'no 5xx', good: faults.length === 0 }];
}

const idle = () => gate(false);
const loaded = () => gate(true);
const PARTS = {
  deep: { heading: 'npm run deep', checks: { idle, loaded, fuzzing, calls } },
  // The last two pin this process to the cores that are not the server's.
  load: {
    heading: 'npm run deep -- load',
    checks: {
      rollingRestart,
      redisFailover,
      postgresPromotion,
      kills,
      lettersKilled,
      slowSockets,
      flood,
      crowd,
      letters,
    },
  },
};

for (const [name, { heading, checks }] of Object.entries(PARTS)) {
  const [, , only] = process.argv;
  if (only !== undefined && only !== name) continue;
  const rows: Check[] = [];
  for (const [title, check] of Object.entries(checks)) {
    // One that breaks off is told, and the others go on.
    const seen = await check(progress).catch((error: unknown): readonly Check[] => [
      { what: title, seen: String(error), wanted: 'to run to its end', good: false },
    ]);
    for (const row of seen) console.log(`  ${row.good ? '✔' : '✘'} ${row.what}: ${row.seen} (${row.wanted})`);
    rows.push(...seen);
  }
  if (rows.some(({ good }) => !good)) process.exitCode = 1;
  const lines = rows.map(
    ({ what, seen, wanted, good }) => `| ${what} | ${seen}${good ? '' : ' — **missed**'} | ${wanted} |`,
  );
  const head = `Last run of \`${heading}\`: ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.`;
  await write(name, [head, '', '| What | Seen | Wanted |', '| --- | --- | --- |', ...lines].join('\n'));
}

/** Between its markers; all else is written by people. */
async function write(name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const before = await readFile(file, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const own = `${begin}\n\n${text}\n\n${end}`;
  const whole =
    from < 0 ? `${before.trimEnd()}\n\n${own}\n` : before.slice(0, from) + own + before.slice(to + end.length);
  await writeFile(file, whole);
}
