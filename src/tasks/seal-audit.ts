import type { Live } from '../connect.ts';
import { AUDIT_KEPT } from '../domain/lifetimes.ts';
import { missed } from './missed.ts';

const EVERY_MS = 10_000;
/** Each anchor is kept outside; the log itself says once an hour that it was, so that it does not talk to itself. */
const TELL_MS = 3_600_000;

type Tools = Pick<Live, 'parts' | 'auditChain' | 'anchors'>;

/** Seals what was recorded, again and again, keeps the heads outside, and makes the months ahead. The answer stops it. */
export function startSealing({ parts, auditChain, anchors }: Tools): () => Promise<void> {
  let leaving = false;
  let told = 0;
  const turn = async () => {
    await auditChain.prepare(parts.clock()).catch(missed(parts, 'months of the audit log'));
    for (;;) {
      const anchor = leaving ? undefined : await auditChain.seal(parts.clock());
      if (!anchor) break;
      await anchors.add(anchor);
      if (parts.clock() - told < TELL_MS) continue;
      told = parts.clock();
      const details = { block: anchor.block, to: anchor.to };
      await parts.audit.add({ kind: 'audit-anchored', at: told, details });
    }
    const gone = leaving ? 0 : await auditChain.expire(parts.clock(), AUDIT_KEPT * 1000);
    if (gone > 0) await parts.audit.add({ kind: 'audit-expired', at: parts.clock(), details: { rows: gone } });
  };
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(turn).catch(missed(parts, 'audit chain'));
  }, EVERY_MS);
  return async () => {
    leaving = true;
    clearInterval(timer);
    await running;
  };
}
