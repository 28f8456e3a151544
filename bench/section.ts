import { readFileSync, writeFileSync } from 'node:fs';
import { machineFacts } from './machine.ts';

const DOCUMENT = new URL('../docs/measured.md', import.meta.url);

/** What one measurement says; with `--write` between its markers in docs/measured.md, where all else is written by people. */
export function writeSection(name: string, head: string, lines: readonly string[]): void {
  const { cpu, cores, date } = machineFacts();
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const facts = `${date}, ${cpu}, ${String(cores)} cores; \`npm run bench -- --${name}\`.`;
  const own = [begin, '', ...lines, '', facts, '', end].join('\n');
  console.log(own);
  if (!process.argv.includes('--write')) return;
  const before = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from < 0
      ? `${before.trimEnd()}\n\n${head}\n\n${own}\n`
      : before.slice(0, from) + own + before.slice(to + end.length);
  writeFileSync(DOCUMENT, after);
}
