import { METRICS, specOf, type LabelsOf, type MetricOf } from './metric.ts';

/** A metric and what it says now, as it goes from one process to another. `name` of a value: where it is not the metric's. */
export type Figure = {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly values: readonly FigureValue[];
};
export type FigureValue = {
  readonly name?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
/** A gauge of the catalogue, with the labels that its name has. */
export const gaugeOf = <Name extends MetricOf<'gauge'>>(
  name: Name,
  values: readonly (readonly [LabelsOf<Name>, number])[],
): Figure => {
  const { type, help } = METRICS[name];
  return { name, type, help, values: values.map(([labels, value]) => ({ labels, value })) };
};

/** What one process of a start said. */
export type Said = {
  /** The number of the process; of those that have ended it is of no account. */
  readonly process: string;
  readonly figures: readonly Figure[];
  /** Said now; else only what is added up counts. */
  readonly fresh: boolean;
};
/** What all processes said, in one: what is counted is added up, all else stands under the number of its process. */
export function summed(said: readonly Said[]): readonly Figure[] {
  const all = new Map<string, { figure: Figure; values: Map<string, FigureValue> }>();
  for (const { process, figures, fresh } of said)
    for (const figure of figures) {
      const of = specOf(figure.name)?.of ?? 'process';
      if (!fresh && of !== 'together') continue;
      const known = all.get(figure.name) ?? { figure, values: new Map<string, FigureValue>() };
      all.set(figure.name, known);
      for (const value of figure.values) {
        const labels = of === 'process' ? { ...value.labels, process } : value.labels;
        const key = `${value.name ?? ''} ${JSON.stringify(labels)}`;
        const before = of === 'together' ? (known.values.get(key)?.value ?? 0) : 0;
        known.values.set(key, { ...value, labels, value: before + value.value });
      }
    }
  return [...all.values()].map(({ figure, values }) => ({ ...figure, values: [...values.values()] }));
}
