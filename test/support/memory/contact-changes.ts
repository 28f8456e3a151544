import { UNDO } from '../../../src/domain/contact-change.ts';
import type { ContactChanges } from '../../../src/stores/contact-changes.ts';
import { mustBeUuid, throughJson, type Tables, type Write } from './tables.ts';

export function memoryContactChanges({ accounts, contactChanges }: Tables, write: Write): ContactChanges {
  return {
    async add(change) {
      if (!accounts.has(change.accountId)) throw new Error('foreign key: no such account');
      mustBeUuid(change.id);
      write(contactChanges, change.id, { ...throughJson(change), undoneAt: undefined });
    },
    async undo(accountId, id, now) {
      const change = contactChanges.get(id);
      if (change?.accountId !== accountId || change.undoneAt !== undefined || change.at <= now - UNDO) return undefined;
      for (const row of [...contactChanges.values()])
        if (row.accountId === accountId && row.undoneAt === undefined && row.at >= change.at)
          write(contactChanges, row.id, { ...row, undoneAt: now });
      return throughJson(change.before);
    },
    async of(accountId) {
      mustBeUuid(accountId);
      const own = [...contactChanges.values()].filter((row) => row.accountId === accountId);
      return own.toReversed().sort((a, b) => b.at - a.at);
    },
    async forget(accountId) {
      for (const row of [...contactChanges.values()])
        if (row.accountId === accountId) write(contactChanges, row.id, undefined);
    },
    async sweep(now) {
      const over = [...contactChanges.values()].filter(({ at }) => at <= now - UNDO);
      for (const { id } of over) write(contactChanges, id, undefined);
      return over.length;
    },
  };
}
