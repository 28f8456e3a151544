/** The same tables for a terminal and for docs/measured.md. */
import type { ImportCosts } from './imports.ts';
import type { Facts } from './machine.ts';
import type { Rounds, ServerName } from './rounds.ts';
import type { Start, Starts } from './start.ts';
import { median, type Row, type Verdict } from './summary.ts';

export type Result = {
  readonly facts: Facts;
  readonly conditions: Readonly<Record<string, string | number>>;
  readonly rounds: Rounds;
  readonly starts: Starts;
  readonly imports: ImportCosts;
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
};

type Table = {
  readonly title: string;
  readonly head: readonly string[];
  readonly body: readonly (readonly string[])[];
};

const NAMES: Record<ServerName, string> = {
  yardstick: 'yardstick',
  product: 'Postgres + Redis',
  'product-postgres': 'Postgres alone',
};
const SCENARIO: Record<Row['scenario'], string> = {
  login: 'login, new browser',
  paced: `login at 80 % of capacity`,
  'login-known': 'login, known browser',
  sso: 'silent SSO',
  userinfo: 'userinfo',
  discovery: 'discovery',
};
const digits = (value: number) => (value >= 1000 ? 0 : value >= 10 ? 1 : 2);
const number = (value: number) => value.toFixed(digits(value));
const ratio = (value: number | undefined) => value?.toFixed(2) ?? '—';
const percent = (value: number) => `${(value * 100).toFixed(0)} %`;

/** Everything that was measured, in the order in which it is told. */
export function tables({ rows, verdicts, rounds, starts, imports }: Result): readonly Table[] {
  return [
    {
      title: 'Numbers to reach',
      head: ['What', 'Wanted', 'Measured', ''],
      body: verdicts.map(({ what, wanted, got, met }) => [what, wanted, got, met ? 'met' : '**missed**']),
    },
    {
      title: 'Load',
      head: ['Scenario', 'Server', 'per s', 'p50 ms', 'p95 ms', 'p99 ms', 'ratio', 'CPU ms', 'CPU ratio'],
      body: rows.map((row) => [
        ...[SCENARIO[row.scenario], NAMES[row.server]],
        ...[row.perSecond, row.p50, row.p95, row.p99].map(number),
        ...[ratio(row.ratio), row.cpu.total.toFixed(2), ratio(row.cpuRatio)],
      ]),
    },
    {
      title: 'Where the CPU goes (milliseconds an operation)',
      head: ['Scenario', 'Server', 'main thread', 'argon2, RSA', 'V8 beside', 'strangers', 'load core', 'backlog s'],
      body: rows.map(({ scenario, server, cpu, strangers, loadBusy, backlog }) => [
        ...[SCENARIO[scenario], NAMES[server]],
        ...[cpu.main, cpu.pool, cpu.v8].map((value) => value.toFixed(2)),
        ...[percent(strangers), percent(loadBusy), backlog.toFixed(1)],
      ]),
    },
    {
      title: 'Memory under load (MB, with the probe; heap after collection)',
      head: ['Server', 'RSS', 'largest RSS', 'heap, round by round, each start'],
      body: Object.entries(NAMES).map(([server, name]) => {
        const own = rounds.memory.filter((each) => each.server === server);
        const heaps = [...Map.groupBy(own, ({ launch }) => launch).values()]
          .map((rows) => rows.map(({ heap }) => heap.toFixed(1)).join(', '))
          .join(' · ');
        return [name, median(own.map(({ rss }) => rss)).toFixed(0), (rounds.peak[server] ?? 0).toFixed(0), heaps];
      }),
    },
    {
      title: 'Starts (all cores, medians)',
      head: ['What', 'ready s', 'first login s', 'RSS after it MB'],
      body: [
        ['Postgres and Redis elsewhere, schema there', ...startCells(starts.external)],
        ['emulator with its own Postgres, the very first', ...startCells([starts.embeddedFirst])],
        ['emulator with its own Postgres, later', ...startCells(starts.embedded)],
      ],
    },
    {
      title: `Imports (beyond an empty Node of ${imports.node.toFixed(0)} MB)`,
      head: ['Module', 'alone: RSS MB', 'heap MB', 'ms', 'one after another: RSS MB', 'heap MB', 'ms'],
      body: [...new Set([...imports.alone, ...imports.together].map(({ name }) => name))].map((name) => [
        name,
        ...[imports.alone, imports.together].flatMap((list) => {
          const cost = list.find((each) => each.name === name);
          return cost ? [cost.rss.toFixed(1), cost.heap.toFixed(1), cost.ms.toFixed(0)] : ['—', '—', '—'];
        }),
      ]),
    },
  ];
}

function startCells(starts: readonly Start[]): string[] {
  const middle = (value: (start: Start) => number) => median(starts.map(value));
  return [
    (middle(({ ready }) => ready) / 1000).toFixed(2),
    (middle(({ firstLogin }) => firstLogin) / 1000).toFixed(2),
    middle(({ rss }) => rss).toFixed(0),
  ];
}

/** For a terminal. */
export function asText(result: Result): string {
  const blocks = tables(result).map(({ title, head, body }) => {
    const lines = [head, ...body].map((line) => line.map((cell) => cell.replaceAll('**', '')));
    const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
    const texts = lines.map((line) =>
      line.map((cell, column) =>
        /^[\d—≥≤-]/.test(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      ),
    );
    return [title, ...texts.map((cells) => `  ${cells.join('  ').trimEnd()}`)].join('\n');
  });
  return [...blocks, conditionsOf(result)].join('\n\n');
}

/** For docs/measured.md. */
export function asMarkdown(result: Result): string {
  const blocks = tables(result).map(({ title, head, body }) => {
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
    const rule = head.map((_, column) => (/^[\d—-]/.test(body[0]?.[column] ?? '') ? '---:' : '---'));
    return [`### ${title}`, '', line(head), line(rule), ...body.map(line)].join('\n');
  });
  return [conditionsOf(result), ...blocks].join('\n\n');
}

function conditionsOf({ facts, conditions }: Result): string {
  const { cpu, cores, memoryGiB, kernel, node, date } = facts;
  const said = Object.entries(conditions).map(([name, value]) => `${name} ${value}`);
  return `${date}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}; ${said.join(', ')}.`;
}
