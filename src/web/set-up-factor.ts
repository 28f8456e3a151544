import { z } from 'zod';
import { setUpPage, type SetUp } from '#views/pages/factors/set-up.ts';
import { addPasskey, addTotp, makeSavedCodes, offerPasskey, offerTotp } from '../flows/change-factors.ts';
import { placeOf } from '../flows/passkey.ts';
import { liftSession } from '../flows/step-up.ts';
import type { Parts } from '../parts.ts';
import { readForm } from './kit/form.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';
import { askerOf, cancel, finishLogin, rpOf, subPage } from './requester.ts';
import { keepFreshCodes } from './saved-codes.ts';
import { whoIs } from './who-proves.ts';

type Shown = {
  readonly accountId: string;
  readonly strength: string;
  readonly problem?: SetUp['problem'];
  /** The offer whose code was wrong: the same secret once more. */
  readonly again?: string | undefined;
};

async function page(visit: InteractionVisit, parts: Parts, shown: Shown): Promise<Reply> {
  const { accountId, strength, problem, again } = shown;
  const form = { action: subPage(visit, 'agregar-factor'), csrf: visit.csrf };
  const totp = strength === '2fr' ? undefined : await offerTotp(parts, accountId, again);
  const options = await offerPasskey(parts, accountId, placeOf('add', visit, accountId));
  if (!options) return { status: 303, to: visit.here };
  return {
    status: problem === undefined && again === undefined ? 200 : 422,
    page: setUpPage(visit.frame, {
      ...{ ...form, rp: rpOf(visit.client), options, problem },
      totp: totp && { ...form, ...totp, wrong: again !== undefined },
    }),
  };
}

/** On the way to a site that asks for more than she has. */
export const showSetUp: Act<InteractionVisit> = async (visit, parts) => {
  const who = await whoIs(visit, parts);
  return who?.why === 'more' && who.kind === 'set-up' ? page(visit, parts, who) : { status: 303, to: visit.here };
};

export const submitSetUp: Act<InteractionVisit> = async (visit, parts): Promise<Reply> => {
  const form = readForm(visit.body, {
    codigo: z.string().max(256).default(''),
    oferta: z.string().max(1024).optional(),
    llave: z.string().max(28_000).optional(),
    cancelar: z.string().max(64).optional(),
  });
  if (form.cancelar !== undefined) return cancel(visit, parts);
  const who = await whoIs(visit, parts);
  if (who?.why !== 'more' || who.kind !== 'set-up') return { status: 303, to: visit.here };
  const { accountId, strength, session, shared } = who;
  const changer = { accountId, asker: askerOf(visit, shared) };
  const { oferta: offer, llave } = form;
  const outcome = llave
    ? await addPasskey(parts, changer, { creation: llave, place: placeOf('add', visit, accountId), name: '' })
    : await addTotp(parts, changer, { offer: offer ?? '', typed: form.codigo });
  switch (outcome.kind) {
    case 'added': {
      const signed = await liftSession(parts, session, outcome);
      if (signed.kind === 'over') return { status: 303, to: visit.here };
      const fresh = (await parts.factors.of(accountId)).some(({ kind }) => kind === 'saved-codes')
        ? undefined
        : await makeSavedCodes(parts, changer, { told: true });
      return fresh ? keepFreshCodes(visit, { signed, shared }, fresh) : finishLogin(visit, signed, shared);
    }
    case 'refused':
      return page(visit, parts, { accountId, strength, ...(llave ? { problem: outcome.kind } : { again: offer }) });
    case 'over':
    case 'recovered':
    case 'taken':
      return page(visit, parts, { accountId, strength, problem: outcome.kind });
  }
};
