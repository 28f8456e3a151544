import { readFile, writeFile } from 'node:fs/promises';
import { flood } from './flood.ts';
import { fuzz } from './fuzz.ts';
import type { Check } from './machine.ts';
import { timingGate, type Verdict } from './timing.ts';

/** `npm run deep`: what needs time or quiet. Prints as ava does, and writes what was seen into docs/measured.md. */
const progress = (text: string) => console.error(text);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
let bad = 0;
const tell = (good: boolean, text: string) => {
  if (!good) bad += 1;
  console.log(`  ${good ? '✔' : '✘'} ${text}`);
};

/** A sound build fails by chance now and then: only two failures in a row count (SECURITY.md §1.0). */
async function gate(loaded: boolean): Promise<readonly Verdict[]> {
  const first = await timingGate(loaded, progress);
  const verdicts = first.every(({ good }) => good) ? first : await timingGate(loaded, progress);
  for (const { pair, median, auc, ks, good } of verdicts)
    tell(
      good,
      `timing, ${loaded ? 'loaded' : 'idle'}: ${pair}: medians ${median.toFixed(2)} ms apart, AUC ${auc.toFixed(3)}, KS ${ks.toFixed(3)}`,
    );
  return verdicts;
}

const idle = await gate(false);
const loaded = await gate(true);
const fuzzed = await fuzz(seed, progress);
tell(
  fuzzed.faults.length === 0,
  `fuzz, seed ${seed}: ${fuzzed.requests} requests, ${fuzzed.faults.length} answered by 5xx`,
);
for (const fault of fuzzed.faults.slice(0, 10)) console.log(`      ${fault}`);

/** Last: from here on this process keeps to the cores that are not the server's. */
const checks: Check[] = [];
for (const check of [flood]) {
  // One that breaks off is told, and the others go on.
  const rows = await check(progress).catch((error: unknown): readonly Check[] => [
    { what: check.name, seen: String(error), wanted: 'to run to its end', good: false },
  ]);
  for (const { good, what, seen, wanted } of rows) tell(good, `${what}: ${seen} (${wanted})`);
  checks.push(...rows);
}

const worst = (verdicts: readonly Verdict[]) =>
  `medians at most ${Math.max(...verdicts.map(({ median }) => median)).toFixed(2)} ms apart, AUC ${Math.min(...verdicts.map(({ auc }) => auc)).toFixed(3)} to ${Math.max(...verdicts.map(({ auc }) => auc)).toFixed(3)}, KS at most ${Math.max(...verdicts.map(({ ks }) => ks)).toFixed(3)}`;
const text = `<!-- deep -->

Last run of \`npm run deep\`: ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.

| What | Seen | Wanted |
| --- | --- | --- |
| timing gate, idle: ${idle.length} pairs of classes, 500 samples each | ${worst(idle)} | 5 ms, 0.45 to 0.55, 0.103 |
| the same beside three loops of logins | ${worst(loaded)} | the same |
| fuzz, seed ${seed} | ${fuzzed.requests} requests, ${fuzzed.faults.length} answered by 5xx, longest stall of client and server together ${fuzzed.stallMs.toFixed(0)} ms | no 5xx |
${checks.map(({ what, seen, wanted, good }) => `| ${what} | ${seen}${good ? '' : ' — **missed**'} | ${wanted} |`).join('\n')}

<!-- /deep -->`;
const file = new URL('../../docs/measured.md', import.meta.url);
const before = await readFile(file, 'utf8').catch(() => '# Measured\n');
const marked = /<!-- deep -->[^]*<!-- \/deep -->/;
await writeFile(
  file,
  marked.test(before) ? before.replace(marked, () => text) : `${before.trimEnd()}\n\n## Deep\n\n${text}\n`,
);
process.exitCode = bad === 0 ? 0 : 1;
