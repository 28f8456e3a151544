import type { Live } from '../connect.ts';
import { AUDIT_KEPT } from '../domain/lifetimes.ts';
import { missed } from './missed.ts';

const EVERY_MS = 10_000;
/** Each anchor is kept outside; the log itself says once an hour that it was, so that it does not talk to itself. */
const TELL_MS = 3_600_000;
const KEPT_MS = AUDIT_KEPT * 1000;
/** Of deleting what is past its time: what is written now has to be sealed meanwhile. */
const TURNS = 20;

type Tools = Pick<Live, 'parts' | 'auditChain' | 'anchors'>;

/** Seals what was recorded, again and again, keeps the heads outside, and makes the months ahead. The answer stops it. */
export function startSealing({ parts, auditChain, anchors }: Tools): () => Promise<void> {
  let leaving = false;
  let told = 0;
  const expire = async () => {
    let rows = 0;
    try {
      for (let turn = 0; turn < TURNS && !leaving; turn++) {
        const gone = await auditChain.expire(parts.clock(), KEPT_MS);
        if (gone === 0) break;
        rows += gone;
      }
    } finally {
      // Of what went before a fault too.
      if (rows > 0) await parts.audit.add({ kind: 'audit-expired', at: parts.clock(), details: { rows } });
    }
  };
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
    await expire();
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
