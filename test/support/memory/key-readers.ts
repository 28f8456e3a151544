import type { KeyReaders } from '../../../src/stores/key-readers.ts';

export function memoryKeyReaders(): KeyReaders {
  type Row = { clientId: string; source: string; usedAt: number; readAt: number | undefined };
  const rows: Row[] = [];
  return {
    async read(source, at) {
      for (const row of rows) if (row.source === source) row.readAt = at;
    },
    async used(clientId, source, { usedAt, readAt }) {
      const row = rows.find((each) => each.clientId === clientId && each.source === source);
      if (!row) rows.push({ clientId, source, usedAt, readAt });
      else Object.assign(row, { usedAt, readAt: Math.max(row.readAt ?? 0, readAt ?? 0) || undefined });
    },
    async list() {
      const ids = [...new Set(rows.map(({ clientId }) => clientId))].sort();
      return ids.map((clientId) => {
        const own = rows.filter((row) => row.clientId === clientId);
        const readAt = Math.max(0, ...own.map((row) => row.readAt ?? 0)) || undefined;
        return { clientId, usedAt: Math.max(...own.map(({ usedAt }) => usedAt)), readAt };
      });
    },
    async sweep(before) {
      rows.splice(0, rows.length, ...rows.filter(({ usedAt }) => usedAt >= before));
    },
  };
}
