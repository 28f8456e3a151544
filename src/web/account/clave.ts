import { z } from 'zod';
import { accountClavePage, type AccountClave } from '#views/pages/account/clave.ts';
import { writtenRun } from '../../domain/run.ts';
import { changeClave, type ClaveChanged } from '../../flows/change-clave.ts';
import { tryClave } from '../../flows/choose-clave.ts';
import type { Parts } from '../../parts.ts';
import { verdictJson } from '../clave.ts';
import { claveFields, orBusy, secondsTo } from '../flow.ts';
import { readForm } from '../kit/form.ts';
import type { Act, AccountVisit, Reply } from '../kit/row.ts';
import { shellOf } from './overview.ts';
import { ownerOf } from './owner.ts';

type Shown = Pick<AccountClave, 'current' | 'done' | 'fine' | 'problem'>;

function page(visit: AccountVisit, parts: Parts, shown: Shown) {
  const { run, names, surnames } = visit.account.person;
  const { minimum } = parts.strength;
  const own = [...names, ...surnames, run, run.split('-')[0] ?? ''];
  return accountClavePage(visit.frame, {
    ...{ shell: shellOf(visit, parts), minimum, own, run: writtenRun(run) },
    ...shown,
  });
}

export const showClave: Act<AccountVisit> = async (visit, parts) => ({
  status: 200,
  page: page(visit, parts, { done: visit.query.has('hecho') }),
});

const submit: Act<AccountVisit> = async (visit, parts): Promise<Reply> => {
  const { actual, password, password2, comprobar } = readForm(visit.body, {
    ...claveFields,
    actual: z.string().max(4096).default(''),
  });
  if (comprobar !== undefined) {
    const tried = await tryClave(parts, { password, own: visit.account.person });
    const problem = tried.kind === 'refused' ? tried : undefined;
    if (comprobar === 'datos') return verdictJson(visit, problem);
    return { status: problem ? 422 : 200, page: page(visit, parts, { problem, fine: !problem }) };
  }
  const change = { current: actual, password, again: password2 };
  return answer(await changeClave(parts, ownerOf(visit), change), visit, parts);
};

async function answer(outcome: ClaveChanged, visit: AccountVisit, parts: Parts): Promise<Reply> {
  switch (outcome.kind) {
    case 'changed':
      await visit.remember({ signedInAt: outcome.second });
      return { status: 303, to: '/cuenta/clave?hecho=1' };
    case 'current':
      return { status: 422, page: page(visit, parts, { current: { reason: outcome.reason, seconds: 0 } }) };
    case 'wait': {
      const seconds = secondsTo(outcome.until, parts);
      return {
        status: 429,
        retryAfter: seconds,
        page: page(visit, parts, { current: { reason: 'wait', seconds } }),
      };
    }
    case 'refused':
      return { status: 422, page: page(visit, parts, { problem: outcome }) };
  }
}

export const submitClave = orBusy(submit, async (visit, parts) => ({
  status: 422,
  page: page(visit, parts, { problem: { reason: 'busy', minimum: parts.strength.minimum } }),
}));
