import type { Live } from '../connect.ts';
import { AUDIT_KEPT } from '../domain/lifetimes.ts';

const EVERY_MS = 10_000;

type Tools = Pick<Live, 'parts' | 'auditChain' | 'anchors'>;

/** Seals what was recorded, again and again, and keeps the heads outside. The answer stops it. */
export function startSealing({ parts, auditChain, anchors }: Tools): () => Promise<void> {
  let leaving = false;
  const turn = async () => {
    for (;;) {
      const anchor = leaving ? undefined : await auditChain.seal(parts.clock());
      if (!anchor) break;
      await anchors.add(anchor);
    }
    const gone = leaving ? 0 : await auditChain.expire(parts.clock(), AUDIT_KEPT * 1000);
    if (gone > 0) await parts.audit.add({ kind: 'audit-expired', at: parts.clock(), details: { rows: gone } });
  };
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(turn).catch((err: unknown) => parts.log.warn({ err }, 'audit chain'));
  }, EVERY_MS);
  return async () => {
    leaving = true;
    clearInterval(timer);
    await running;
  };
}
