import { z } from 'zod';
import { recoveryFactorPage } from '#views/pages/recovery/factor.ts';
import type { FactorProblem } from '#views/parts/factor.ts';
import { askForPasskey } from '../flows/passkey.ts';
import { placeOfRecovery, proveRecoveryFactor } from '../flows/recovery-end.ts';
import { recoveryOf } from '../flows/recovery.ts';
import type { Parts } from '../parts.ts';
import { demoCodeFor } from './emulator/people.ts';
import { finished, gone, passerOf, secondsTo, to } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';
import { elsewhere, RECOVERY_PAGES } from './recovery.ts';

type Shown = { readonly status: 200 | 422 | 429; readonly problem?: FactorProblem };

async function page(visit: FlowVisit, parts: Parts, { status, problem }: Shown): Promise<Reply> {
  const journey = await recoveryOf(parts, visit.journey('recovery'));
  if (journey?.stage.at !== 'factor') return elsewhere(visit, parts, journey?.stage);
  const { accountId } = journey.stage;
  const kinds = [...new Set((await parts.factors.of(accountId)).map(({ kind }) => kind))];
  return {
    status,
    ...(problem?.kind === 'wait' && { retryAfter: problem.seconds }),
    page: recoveryFactorPage(visit.frame, {
      ...{ action: RECOVERY_PAGES.factor, csrf: visit.csrf, kinds, problem },
      options: askForPasskey(parts, placeOfRecovery(journey.id)),
      demoCode: kinds.includes('totp') ? await demoCodeFor(parts, accountId) : undefined,
    }),
  };
}

export const showRecoveryFactor: Act<FlowVisit> = async (visit, parts) => page(visit, parts, { status: 200 });

export const submitRecoveryFactor: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { codigo, llave } = readForm(visit.body, {
    codigo: z.string().max(256).optional(),
    llave: z.string().max(16_384).optional(),
  });
  const id = visit.journey('recovery');
  const outcome = await proveRecoveryFactor(parts, passerOf(visit), {
    ...{ id, typed: codigo },
    ...(llave && { assertion: llave }),
  });
  switch (outcome.kind) {
    case 'proved':
      return to(RECOVERY_PAGES.clave);
    case 'refused':
      return page(visit, parts, { status: 422, problem: { kind: 'refused' } });
    case 'wait':
      return page(visit, parts, {
        ...{ status: 429, problem: { kind: 'wait', seconds: secondsTo(outcome.until, parts) } },
      });
    case 'gone': {
      const stage = (await recoveryOf(parts, id))?.stage;
      if (!stage) return elsewhere(visit, parts, stage);
      const { at } = stage;
      const href = RECOVERY_PAGES[at];
      return at === 'start' || at === 'code' ? gone(visit, href) : finished(visit, { href, status: 410 });
    }
  }
};
