import { gaugeOf, summed, type Figure, type Said } from '../domain/figure.ts';
import { processFigures } from '../gateways/prometheus.ts';

const processes = (wanted: number, answering: number): Figure =>
  gaugeOf('claveunica_processes', [
    [{ state: 'wanted' }, wanted],
    [{ state: 'answering' }, answering],
  ]);

/** Of a process that serves alone. */
export const alone = (figures: readonly Figure[]): readonly Said[] => [
  { process: '1', figures: [processes(1, 1), ...figures], fresh: true },
];

/**
 * What the workers of a start said last. What one of them has counted that is gone, or is late, stays counted: a sum that
 * falls would look like a start from zero, and all of it like new.
 */
export function collection() {
  const last = new Map<string, readonly Figure[]>();
  let gone: readonly Figure[] = [];
  let fresh = new Set<string>();
  return {
    /** From now on only what is heard is of now. */
    ask: () => {
      fresh = new Set();
    },
    heard(process: string, figures: readonly Figure[]) {
      last.set(process, figures);
      fresh.add(process);
    },
    gone(process: string) {
      const figures = last.get(process) ?? [];
      gone = summed([
        { process: '', figures: gone, fresh: false },
        { process: '', figures, fresh: false },
      ]);
      last.delete(process);
      fresh.delete(process);
    },
    async all(wanted: number): Promise<readonly Said[]> {
      return [
        { process: '', figures: gone, fresh: false },
        ...[...last].map(([process, figures]) => ({ process, figures, fresh: fresh.has(process) })),
        { process: 'primary', figures: [processes(wanted, fresh.size), ...(await processFigures())], fresh: true },
      ];
    },
  };
}
