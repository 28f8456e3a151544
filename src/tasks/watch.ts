import type { Live } from '../connect.ts';
import { WATCH } from '../domain/alert.ts';
import { AUDIT_KEPT } from '../domain/lifetimes.ts';
import { raiseAlert } from '../flows/alerts.ts';

type Tools = Pick<Live, 'parts' | 'auditChain' | 'anchors'>;

/** The newest blocks each time, and in turn all others: so a change is noticed without reading years at once. */
const NEWEST = 10;
const IN_TURN = 20;

/** Looks at the chain of the audit log and at the clock; each answer is the alerts' (R-72, R-100). */
export function chainWatch({ parts, auditChain, anchors }: Tools): () => Promise<void> {
  let turn = 1;
  return async () => {
    const now = parts.clock();
    const { blocks, oldestUnsealed } = await auditChain.state();
    if (oldestUnsealed !== undefined && now - oldestUnsealed > WATCH.unsealed) {
      const details = { minutes: Math.floor((now - oldestUnsealed) / 60_000) };
      await raiseAlert(parts, { kind: 'chain-late', key: '', at: now, details });
    }
    const whole = { anchors, kept: AUDIT_KEPT * 1000, clock: parts.clock };
    const cut = (await anchors.newest()) > blocks;
    const parted = [
      { first: Math.max(1, blocks - NEWEST + 1), blocks: cut ? Number.MAX_SAFE_INTEGER : NEWEST },
      { first: turn, blocks: IN_TURN },
    ];
    turn = turn + IN_TURN > blocks ? 1 : turn + IN_TURN;
    for (const part of parted) {
      const { breach } = await auditChain.verify({ ...whole, part });
      if (!breach) continue;
      const details = { what: breach.kind, block: breach.block, ...(breach.row !== undefined && { row: breach.row }) };
      await raiseAlert(parts, {
        kind: 'chain-broken',
        key: `${breach.kind} ${String(breach.block)}`,
        at: now,
        details,
      });
    }
  };
}

/** Whether this process and the database agree what time it is; the emulator's clock may run ahead on purpose. */
export function clockWatch({ parts, auditChain }: Pick<Tools, 'parts' | 'auditChain'>): () => Promise<void> {
  return async () => {
    const before = parts.clock();
    const { now } = await auditChain.state();
    const after = parts.clock();
    // A slow answer says nothing.
    if (after - before > WATCH.skew) return;
    const off = (before + after) / 2 - (parts.ahead?.() ?? 0) * 1000 - now;
    if (Math.abs(off) <= WATCH.skew) return;
    await raiseAlert(parts, { kind: 'clock-off', key: '', at: after, details: { milliseconds: Math.round(off) } });
  };
}
