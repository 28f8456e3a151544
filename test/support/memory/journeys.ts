import { randomBytes } from 'node:crypto';
import type { JourneyKind, Stages } from '../../../src/domain/journey.ts';
import type { Journeys, Where } from '../../../src/stores/journeys.ts';
import { mustBeUuid, throughJson, type Tables, type Write } from './tables.ts';

export function memoryJourneys({ accounts, journeys }: Tables, write: Write): Journeys {
  const name = (kind: JourneyKind, id: string) => `${kind} ${id}`;
  const alive = ({ kind, id, now }: Where<JourneyKind>) => {
    const row = journeys.get(name(kind, id));
    return row && row.until > now ? row : undefined;
  };
  const known = (accountId: string | undefined) => {
    if (accountId === undefined) return;
    mustBeUuid(accountId);
    if (!accounts.has(accountId)) throw new Error('foreign key: no such account');
  };
  return {
    async begin({ kind, state, accountId, until }) {
      known(accountId);
      const id = randomBytes(32).toString('base64url');
      write(journeys, name(kind, id), { kind, accountId, version: 1, state: throughJson(state), until });
      return id;
    },
    async find<K extends JourneyKind>(where: Where<K>) {
      const row = alive(where);
      if (!row) return undefined;
      const { version, accountId, until } = row;
      return { version, accountId, until, state: throughJson(row.state) as Stages[K] };
    },
    async move(step) {
      const { kind, id, was, state, until } = step;
      known(step.accountId);
      const row = alive(step);
      if (row?.version !== was) return false;
      const accountId = step.accountId ?? row.accountId;
      write(journeys, name(kind, id), { kind, accountId, version: was + 1, state: throughJson(state), until });
      return true;
    },
    end: async (kind, id) => write(journeys, name(kind, id), undefined),
    async endOf(accountId, { kinds, but } = {}) {
      mustBeUuid(accountId);
      for (const [key, row] of journeys)
        if (
          row.accountId === accountId &&
          (kinds ?? [row.kind]).includes(row.kind) &&
          key !== name(row.kind, but ?? '')
        )
          write(journeys, key, undefined);
    },
    async sweep(now) {
      for (const [key, { until }] of journeys) if (until <= now) write(journeys, key, undefined);
    },
  };
}
