import type { KeptStep } from '../../../src/domain/site-attempt.ts';
import type { SiteSteps } from '../../../src/stores/site-steps.ts';
import { throughJson, type Tables } from './tables.ts';

export function memorySiteSteps({ clients }: Pick<Tables, 'clients'>): SiteSteps {
  let rows: (KeptStep & { readonly clientId: string })[] = [];
  let last = 0;
  const own = (clientId: string) => rows.filter((row) => row.clientId === clientId).toReversed();
  return {
    async add(steps, keep) {
      for (const step of steps)
        if (clients.has(step.clientId)) rows.push({ ...throughJson(step), id: String((last += 1)) });
      const kept = new Set([...clients.keys()].flatMap((id) => own(id).slice(0, keep)));
      rows = rows.filter((row) => kept.has(row));
    },
    of: async (clientId, limit) =>
      own(clientId)
        .slice(0, limit)
        .map(({ clientId: _own, ...row }) => throughJson(row)),
    async owners(links) {
      const whose = links.map((link) => [link, rows.find((row) => row.links.includes(link))?.clientId ?? ''] as const);
      return new Map(whose.filter(([, clientId]) => clientId !== ''));
    },
    async sweep(before) {
      rows = rows.filter(({ at }) => at >= before);
    },
  };
}
