import type { Figure, FigureValue } from '../domain/figure.ts';
import { BUCKETS, METRICS, specOf, type LabelsOf, type MetricName, type MetricOf } from '../domain/metric.ts';

/** Counts one thing; kept by whoever counts often. */
export type Tally = { readonly add: () => void };
/** How long things took. */
export type Spread = { readonly observe: (seconds: number) => void };

/** Counts what operators want to know, in plain numbers: nobody has to wait for it, and nothing is loaded for it. */
export interface Meters {
  count<Name extends MetricOf<'counter'>>(name: Name, labels: LabelsOf<Name>): Tally;
  spread<Name extends MetricOf<'histogram'>>(name: Name, labels: LabelsOf<Name>): Spread;
  /** Asked when somebody wants to know; undefined: there is nothing to say. */
  watch<Name extends MetricOf<'gauge'>>(name: Name, labels: LabelsOf<Name>, now: () => number | undefined): void;
  /** As it stands. */
  figures(): readonly Figure[];
}

type Labels = Readonly<Record<string, string>>;
type Series = { readonly labels: Labels; readonly values: () => readonly FigureValue[] };

class Counted implements Tally, Series {
  readonly labels: Labels;
  #count = 0;
  constructor(labels: Labels) {
    this.labels = labels;
  }
  readonly add = () => {
    this.#count += 1;
  };
  readonly values = () => [{ labels: this.labels, value: this.#count }];
}

class Observed implements Spread, Series {
  readonly labels: Labels;
  readonly #name: string;
  /** How many fell between two bounds. */
  readonly #counts: number[] = Array.from({ length: BUCKETS.length + 1 }, () => 0);
  #sum = 0;
  constructor(name: string, labels: Labels) {
    this.#name = name;
    this.labels = labels;
  }
  readonly observe = (seconds: number) => {
    let at = 0;
    while (at < BUCKETS.length && seconds > (BUCKETS[at] ?? 0)) at += 1;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  };
  readonly values = () => {
    let below = 0;
    const buckets = this.#counts.map((count, at) => {
      below += count;
      const labels = { le: String(BUCKETS[at] ?? '+Inf'), ...this.labels };
      return { name: `${this.#name}_bucket`, labels, value: below };
    });
    return [
      ...buckets,
      { name: `${this.#name}_sum`, labels: this.labels, value: this.#sum },
      { name: `${this.#name}_count`, labels: this.labels, value: below },
    ];
  };
}

/** Every combination of the values, when all of them are listed. */
function combinations(labels: Readonly<Record<string, readonly string[] | string>>): readonly Labels[] {
  return Object.entries(labels).reduce<Labels[]>(
    (all, [name, values]) =>
      typeof values === 'string' ? [] : all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

/** What can only be counted is there from the start, so that the first of its kind is a change that is noticed. */
export function createMeters(): Meters {
  const names = Object.keys(METRICS) as MetricName[];
  const all = new Map<string, Map<string, Series>>(names.map((name) => [name, new Map<string, Series>()]));
  function found<S extends Series>(name: string, labels: Labels, make: () => S): S {
    const series = all.get(name) as Map<string, S>;
    const key = Object.keys(specOf(name)?.labels ?? {})
      .map((label) => labels[label])
      .join('\n');
    const known = series.get(key) ?? make();
    series.set(key, known);
    return known;
  }
  const count = (name: string, labels: Labels) => found(name, labels, () => new Counted(labels));
  const spread = (name: string, labels: Labels) => found(name, labels, () => new Observed(name, labels));
  for (const name of names) {
    const { type, labels, series = combinations(labels) } = specOf(name) ?? { type: 'gauge', labels: {} };
    if (type !== 'gauge') for (const each of series) (type === 'counter' ? count : spread)(name, each);
  }
  return {
    count,
    spread,
    watch(name, labels, now) {
      const values = () => {
        const value = now();
        return value === undefined ? [] : [{ labels, value }];
      };
      all.get(name)?.set(JSON.stringify(labels), { labels, values });
    },
    figures: () =>
      names.flatMap((name) => {
        const { type, help } = METRICS[name];
        const values = [...(all.get(name)?.values() ?? [])].flatMap((series) => series.values());
        return values.length > 0 ? [{ name, type, help, values }] : [];
      }),
  };
}
