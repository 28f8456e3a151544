import { z } from 'zod';
import { codeGonePage, codePage } from '#views/pages/call/code.ts';
import { writtenCode } from '../../domain/code.ts';
import { arrive } from '../../flows/room.ts';
import { codeStanding, replaceCode, takeCode } from '../../flows/show-code.ts';
import type { Parts } from '../../parts.ts';
import { passerOf } from '../flow.ts';
import { readForm } from '../kit/form.ts';
import type { Act, FlowVisit, Reply } from '../kit/row.ts';
import { hereOf, message } from './room.ts';

/** The case whose code it is, while its room is open or another may take its place; or what is said instead. */
async function caseOf(
  visit: FlowVisit,
  parts: Parts,
): Promise<{ readonly caseId: string } | { readonly reply: Reply }> {
  const found = await arrive(parts, visit.params['token'] ?? '');
  if (found.kind !== 'open' && found.kind !== 'code') return { reply: message(visit, 410, { kind: 'closed' }) };
  if (found.stage !== 'code') return { reply: { status: 303, to: hereOf(visit) } };
  return { caseId: found.room.caseId };
}

/** Nobody sees it again; in the same browser another may take its place. */
async function gone(visit: FlowVisit, parts: Parts, caseId: string): Promise<Reply> {
  const { device, csrf } = visit;
  const standing = await codeStanding(parts, { caseId, device });
  if (standing.kind === 'elsewhere') return message(visit, 410, { kind: 'code-elsewhere' });
  const another = standing.kind === 'shown' && standing.left > 0 ? standing : undefined;
  const kept = visit.given() !== undefined;
  return { status: 410, page: codeGonePage(visit.frame, { csrf, action: hereOf(visit), kept, another }) };
}

/**
 * She presses, and it is shown at another address: of two presses the browser follows the last alone, so the first has used
 * up nothing. `otro`: she has not seen the one before.
 */
export const submitCode: Act<FlowVisit> = async (visit, parts) => {
  const { otro } = readForm(visit.body, { otro: z.coerce.number().int().positive().max(1e9).optional() });
  const about = await caseOf(visit, parts);
  if ('reply' in about) return about.reply;
  const { caseId } = about;
  const standing = await codeStanding(parts, { caseId, device: visit.device });
  const waiting =
    standing.kind === 'shown' && otro !== undefined
      ? await replaceCode(parts, passerOf(visit), { caseId, version: otro })
      : standing;
  if (waiting.kind !== 'waits') return gone(visit, parts, caseId);
  // One that was kept here is dead, or not of this call.
  visit.keepGiven(undefined);
  return { status: 303, to: `${hereOf(visit)}/codigo?v=${waiting.version}` };
};

/**
 * The code, once: loaded again it says so. Its address is good for that one code, and known to nobody who has not
 * pressed. It also waits for «Activar ahora», sealed, in the same browser.
 */
export const showCode: Act<FlowVisit> = async (visit, parts) => {
  const about = await caseOf(visit, parts);
  if ('reply' in about) return about.reply;
  const { caseId } = about;
  const version = Number(visit.query.get('v') ?? Number.NaN);
  const taken = await takeCode(parts, passerOf(visit), { caseId, version });
  if (taken.kind !== 'code') return gone(visit, parts, caseId);
  const code = writtenCode(taken.code.replaceAll('-', ''));
  visit.keepGiven(code);
  return { status: 200, page: codePage(visit.frame, { code, until: taken.until, now: parts.clock() }) };
};
