import { z } from 'zod';
import { recoveryAskPage, type RecoveryAsk } from '#views/pages/recovery/ask.ts';
import { recoveryCodePage, type RecoveryCode } from '#views/pages/recovery/code.ts';
import { recoveryDonePage } from '#views/pages/recovery/done.ts';
import type { RecoveryStage } from '../domain/journey.ts';
import { parseRun, writtenRun } from '../domain/run.ts';
import { askForRecovery, enterRecoveryCode, recoveryOf } from '../flows/recovery.ts';
import type { Parts } from '../parts.ts';
import { expired, finished, passerOf, secondsTo, to, wayBackOf } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';

/** Where each stage is shown. */
export const RECOVERY_PAGES: Readonly<Record<RecoveryStage['at'], string>> = {
  start: '/recuperar',
  code: '/recuperar/codigo',
  factor: '/recuperar/factor',
  clave: '/recuperar/clave',
  codes: '/recuperar/codigos',
  done: '/recuperar/listo',
};

/** Where she is instead; nowhere, when her step is over. */
export const elsewhere = async (visit: FlowVisit, parts: Parts, stage: RecoveryStage | undefined): Promise<Reply> =>
  stage ? to(RECOVERY_PAGES[stage.at]) : expired(visit, parts, { kind: 'recovery', start: RECOVERY_PAGES.start });

const ask = (visit: FlowVisit, status: 200 | 422 | 429, shown: Omit<RecoveryAsk, 'csrf'>): Reply => ({
  status,
  ...(shown.problem?.kind === 'wait' && { retryAfter: shown.problem.seconds }),
  page: recoveryAskPage(visit.frame, { csrf: visit.csrf, ...shown }),
});

/** Whoever has shown the code goes on where she was; `?nuevo` begins anew. */
export const showRecovery: Act<FlowVisit> = async (visit, parts) => {
  const stage = (await recoveryOf(parts, visit.journey('recovery')))?.stage;
  const at = stage?.at;
  if ((at === 'factor' || at === 'clave' || at === 'codes') && !visit.query.has('nuevo')) return to(RECOVERY_PAGES[at]);
  const run = stage?.at === 'start' && stage.run ? writtenRun(stage.run) : '';
  return ask(visit, 200, { run, haveCode: at === 'code', expired: visit.query.has('vencido') });
};

export const submitRecovery: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { run } = readForm(visit.body, { run: z.string().max(256).default('') });
  const outcome = await askForRecovery(parts, passerOf(visit), { run, before: visit.journey('recovery') });
  switch (outcome.kind) {
    case 'asked':
      visit.keepJourney('recovery', outcome.id);
      return to(RECOVERY_PAGES.code);
    case 'malformed-run':
      return ask(visit, 422, { run, problem: { kind: 'malformed-run' } });
    case 'wait':
      return ask(visit, 429, { run, problem: { kind: 'wait', seconds: secondsTo(outcome.until, parts) } });
  }
};

const code = (visit: FlowVisit, status: 200 | 422 | 429, shown: Omit<RecoveryCode, 'csrf'>): Reply => ({
  status,
  ...(shown.problem?.kind === 'wait' && { retryAfter: shown.problem.seconds }),
  page: recoveryCodePage(visit.frame, { csrf: visit.csrf, ...shown }),
});

export const showRecoveryCode: Act<FlowVisit> = async (visit, parts) => {
  const stage = (await recoveryOf(parts, visit.journey('recovery')))?.stage;
  if (stage?.at !== 'code') return elsewhere(visit, parts, stage);
  return code(visit, 200, { run: writtenRun(stage.run) });
};

export const submitRecoveryCode: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const form = readForm(visit.body, { run: z.string().max(256), codigo: z.string().max(256).default('') });
  const entry = { id: visit.journey('recovery'), run: form.run, code: form.codigo };
  const outcome = await enterRecoveryCode(parts, passerOf(visit), entry);
  // As it was typed: what it belongs to is not said.
  const typed = parseRun(form.run);
  const run = typed ? writtenRun(typed) : form.run;
  switch (outcome.kind) {
    case 'verified':
      return to(RECOVERY_PAGES[outcome.next]);
    case 'refused': {
      const stage = (await recoveryOf(parts, entry.id))?.stage;
      // In a browser that has not begun it is a wrong one, like any other.
      if (!stage && entry.id !== undefined) return elsewhere(visit, parts, stage);
      const at = stage?.at ?? 'start';
      const isPast = at !== 'start' && at !== 'code';
      return isPast
        ? finished(visit, { href: RECOVERY_PAGES[at], status: 422 })
        : code(visit, 422, { run, problem: { kind: 'refused' } });
    }
    case 'wait':
      return code(visit, 429, { run, problem: { kind: 'wait', seconds: secondsTo(outcome.until, parts) } });
  }
};

export const showRecovered: Act<FlowVisit> = async (visit, parts) => {
  const stage = (await recoveryOf(parts, visit.journey('recovery')))?.stage;
  if (stage?.at !== 'done') return to(RECOVERY_PAGES[stage?.at ?? 'start']);
  return { status: 200, page: recoveryDonePage(visit.frame, { back: await wayBackOf(visit, parts, stage.origin) }) };
};
