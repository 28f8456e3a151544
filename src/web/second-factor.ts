import { z } from 'zod';
import type { FactorProblem } from '#views/parts/factor.ts';
import { secondFactorPage } from '#views/pages/factors/second-factor.ts';
import { askForPasskey, placeOf } from '../flows/passkey.ts';
import { enterFactor } from '../flows/second-factor.ts';
import { stepUp, type StepUpTry } from '../flows/step-up.ts';
import type { Parts } from '../parts.ts';
import { demoCodeFor } from './emulator/people.ts';
import { askForChange } from './forced-change.ts';
import { readForm } from './kit/form.ts';
import { signInWent } from './kit/metered.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';
import { askerOf, cancel, finishLogin, rpOf, subPage, unlessFinished } from './requester.ts';
import { keepUsedCode } from './saved-codes.ts';
import { showSetUp } from './set-up-factor.ts';
import { whoIs, type Pending, type Who } from './who-proves.ts';

/** After the right password; the page for the factor stands on its own. */
export async function askForFactor(
  visit: InteractionVisit,
  parts: Pick<Parts, 'clock'>,
  { accountId, shared }: { readonly accountId: string; readonly shared: boolean },
): Promise<Reply> {
  await visit.keep({ kind: 'pending', accountId, at: parts.clock(), shared } satisfies Pending);
  return { status: 303, to: subPage(visit, 'segundo-factor') };
}

/** Whoever comes here without having come through the door before it goes there first. */
export const showSecondFactor: Act<InteractionVisit> = async (visit, parts) => {
  const who = await whoIs(visit, parts);
  if (!who) return { status: 303, to: visit.here };
  return who.why === 'more' && who.kind === 'set-up'
    ? showSetUp(visit, parts)
    : page(visit, parts, { who, status: 200 });
};

type Shown = { readonly who: Who; readonly status: 200 | 422 | 429; readonly problem?: FactorProblem };

async function page(visit: InteractionVisit, parts: Parts, { who, status, problem }: Shown): Promise<Reply> {
  const { accountId } = who;
  const own = [...new Set((await parts.factors.of(accountId)).map(({ kind }) => kind))];
  const onlyPasskey = who.why === 'more' && who.strength === '2fr';
  return {
    status,
    ...(problem?.kind === 'wait' && { retryAfter: problem.seconds }),
    page: secondFactorPage(visit.frame, {
      ...{ action: subPage(visit, 'segundo-factor'), csrf: visit.csrf, rp: rpOf(visit.client), why: who.why, problem },
      kinds: onlyPasskey ? own.filter((kind) => kind === 'passkey') : own,
      options: askForPasskey(parts, placeOf('factor', visit, accountId)),
      demoCode: onlyPasskey || !own.includes('totp') ? undefined : await demoCodeFor(parts, accountId),
    }),
  };
}

export const submitSecondFactor: Act<InteractionVisit> = async (visit, parts): Promise<Reply> => {
  const form = readForm(visit.body, {
    codigo: z.string().max(256).optional(),
    llave: z.string().max(16_384).optional(),
    cancelar: z.string().max(64).optional(),
  });
  if (form.cancelar !== undefined) return cancel(visit, parts);
  const who = await whoIs(visit, parts);
  if (!who) return unlessFinished(visit, ['codes', 'change'], () => ({ status: 303, to: visit.here }));
  const { accountId, shared } = who;
  const asker = askerOf(visit, shared);
  const attempt = {
    ...{ accountId, asker, typed: form.codigo, place: placeOf('factor', visit, accountId) },
    ...(form.llave && { assertion: form.llave }),
  };
  const signIn = async (provedAt: number) => {
    const outcome = await enterFactor(parts, { ...attempt, provedAt });
    signInWent(parts, 'factor', outcome.kind);
    return outcome;
  };
  const more = async (about: Pick<StepUpTry, 'session' | 'strength'>) => {
    const outcome = await stepUp(parts, { ...attempt, ...about });
    signInWent(parts, 'step-up', outcome.kind);
    return outcome;
  };
  const outcome = who.why === 'sign-in' ? await signIn(who.at) : await more(who);
  switch (outcome.kind) {
    case 'signed-in': {
      const { left } = outcome;
      return left === undefined
        ? finishLogin(visit, outcome, shared)
        : keepUsedCode(visit, parts, { signed: outcome, shared, left });
    }
    case 'change':
      return askForChange(visit, parts, { ...outcome, shared });
    case 'over':
      return { status: 303, to: visit.here };
    case 'refused':
    case 'not-enough': {
      const { kind } = outcome;
      return unlessFinished(visit, ['codes', 'change'], () =>
        page(visit, parts, { who, status: 422, problem: { kind } }),
      );
    }
    case 'wait': {
      const seconds = Math.ceil((outcome.until - parts.clock()) / 1000);
      return page(visit, parts, { who, status: 429, problem: { kind: 'wait', seconds } });
    }
  }
};
