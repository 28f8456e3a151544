import { z } from 'zod';
import { codesPage } from '#views/pages/factors/codes.ts';
import { writtenCode } from '../domain/code.ts';
import { leaveCodes } from '../flows/recovery-end.ts';
import { recoveryOf } from '../flows/recovery.ts';
import { gone, passerOf, to } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';
import { RECOVERY_PAGES } from './recovery.ts';

/** She came in by a saved code: the same ten however often the page is opened, until she goes on. */
export const showRecoveryCodes: Act<FlowVisit> = async (visit, parts) => {
  const stage = (await recoveryOf(parts, visit.journey('recovery')))?.stage;
  if (stage?.at !== 'codes') return to(RECOVERY_PAGES[stage?.at ?? 'start']);
  const { left } = stage;
  const codes = stage.codes.map(writtenCode);
  const form = { action: RECOVERY_PAGES.codes, csrf: visit.csrf };
  return { status: 200, page: codesPage(visit.frame, { ...form, kind: 'again', recovered: true, left, codes }) };
};

export const leaveRecoveryCodes: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const button = z.string().max(8).optional();
  const { guardado } = readForm(visit.body, { guardado: button, omitir: button });
  const id = visit.journey('recovery');
  const outcome = await leaveCodes(parts, passerOf(visit), { id, kept: guardado !== undefined });
  if (outcome.kind === 'left') return to(RECOVERY_PAGES.done);
  const at = (await recoveryOf(parts, id))?.stage.at ?? 'start';
  // The button was pressed twice.
  return at === 'done' ? to(RECOVERY_PAGES.done) : gone(visit, RECOVERY_PAGES[at]);
};
