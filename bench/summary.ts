/** From windows to figures: medians over the rounds, ratios to the yardstick of the same round, and the verdicts. */
import type { Measured, Rounds, ServerName, Turn } from './rounds.ts';
import { SERVERS } from './rounds.ts';
import type { Starts } from './start.ts';

export type Row = {
  readonly scenario: Turn['scenario'];
  readonly server: ServerName;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Milliseconds of CPU an operation. */
  readonly cpu: { readonly total: number; readonly main: number; readonly pool: number; readonly v8: number };
  /** Operations a second, and CPU an operation, against the yardstick of the same round (above 1: better than it). */
  readonly ratio: number | undefined;
  readonly cpuRatio: number | undefined;
  readonly strangers: number;
  readonly loadBusy: number;
  readonly backlog: number;
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? NaN) + (sorted[Math.ceil(half)] ?? NaN)) / 2;
};

/** A row for every scenario and server that was measured. */
export function rowsOf({ windows }: Pick<Rounds, 'windows'>): readonly Row[] {
  const scenarios = [...new Set(windows.map(({ scenario }) => scenario))];
  return scenarios.flatMap((scenario) =>
    SERVERS.flatMap((server) => {
      const own = windows.filter((each) => each.scenario === scenario && each.server === server);
      return own.length === 0 ? [] : [rowOf(own, windows)];
    }),
  );
}

function rowOf(own: readonly Measured[], all: readonly Measured[]): Row {
  const [{ scenario, server }] = own as [Measured];
  const middle = (value: (each: Measured['window']) => number) => median(own.map(({ window }) => value(window)));
  const base = scenario === 'login-known' ? 'login' : scenario;
  const pairs = own.flatMap(({ window, round }) => {
    const beside = all.find((each) => each.server === 'yardstick' && each.scenario === base && each.round === round);
    return beside && server !== 'yardstick' ? [{ window, beside: beside.window }] : [];
  });
  const over = (value: (pair: (typeof pairs)[number]) => number) =>
    pairs.length === 0 ? undefined : median(pairs.map(value));
  return {
    ...{ scenario, server },
    perSecond: middle(({ perSecond }) => perSecond),
    p50: middle(({ p50 }) => p50),
    p95: middle(({ p95 }) => p95),
    p99: middle(({ p99 }) => p99),
    cpu: {
      total: middle(({ cpu }) => cpu.total),
      main: middle(({ cpu }) => cpu.main),
      pool: middle(({ cpu }) => cpu.pool),
      v8: middle(({ cpu }) => cpu.v8),
    },
    ratio: over(({ window, beside }) => window.perSecond / beside.perSecond),
    cpuRatio: over(({ window, beside }) => beside.cpu.total / window.cpu.total),
    strangers: middle(({ strangers }) => strangers),
    loadBusy: middle(({ loadBusy }) => loadBusy),
    backlog: middle(({ backlog }) => backlog),
  };
}

export type Verdict = { readonly what: string; readonly wanted: string; readonly got: string; readonly met: boolean };

type Known = { readonly rows: readonly Row[]; readonly rounds: Rounds; readonly starts: Starts };

/** PRODUCT.md's «Numbers to reach», as far as this benchmark can tell. */
export function verdicts({ rows, rounds, starts }: Known): readonly Verdict[] {
  const row = (scenario: Row['scenario']) =>
    rows.find((each) => each.scenario === scenario && each.server === 'product')!;
  const [login, paced, sso, info] = [row('login'), row('paced'), row('sso'), row('userinfo')];
  const least = (what: string, got: number, wanted: number): Verdict => ({
    ...{ what, wanted: `≥ ${wanted}`, got: got.toFixed(wanted < 2 ? 2 : 0), met: got >= wanted },
  });
  const most = (what: string, got: number, [wanted, unit]: readonly [number, string]): Verdict => ({
    ...{ what, wanted: `≤ ${wanted} ${unit}`, got: `${got.toFixed(unit === 's' ? 1 : 0)} ${unit}`, met: got <= wanted },
  });
  const heaps = Map.groupBy(
    rounds.memory.filter(({ server }) => server === 'product'),
    ({ launch }) => launch,
  );
  const growth = median([...heaps.values()].map((own) => (own.at(-1)?.heap ?? 0) - (own[0]?.heap ?? 0)));
  const first = (all: Starts['external']) => median(all.map(({ firstLogin }) => firstLogin)) / 1000;
  return [
    least('login, of the yardstick', login.ratio ?? NaN, 0.85),
    least('logins per second and vCPU', login.perSecond, 60),
    most('login, p95 at 80 % of capacity', paced.p95, [300, 'ms']),
    least('silent SSO, of the yardstick', sso.ratio ?? NaN, 0.8),
    least('userinfo, of the yardstick', info.ratio ?? NaN, 0.7),
    most('CPU of a login beyond argon2 and signatures', (1 - login.cpu.pool / login.cpu.total) * 100, [25, '%']),
    most('memory after the first login', median(starts.external.map(({ rss }) => rss)), [150, 'MB']),
    // Compiled code and caches still settle by some hundred kilobytes.
    most('growth of the heap from the first round to the last', growth, [1, 'MB']),
    most('start to first login, stores elsewhere', first(starts.external), [3, 's']),
    most('start to first login, emulator, the very first', starts.embeddedFirst.firstLogin / 1000, [8, 's']),
    most('start to first login, emulator, later', first(starts.embedded), [8, 's']),
  ];
}
