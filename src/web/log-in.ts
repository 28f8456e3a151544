import { z } from 'zod';
import { logInPage, type Problem } from '#views/pages/log-in.ts';
import { asUnavailable } from '../domain/fault.ts';
import { logIn, type LogIn } from '../flows/log-in.ts';
import { askForPasskey, placeOf, signInWithPasskey } from '../flows/passkey.ts';
import { readForm } from './kit/form.ts';
import { signInWent, turnedAway } from './kit/metered.ts';
import type { Parts } from '../parts.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';
import { askForChange } from './forced-change.ts';
import { showConsent } from './consent.ts';
import { demoPeopleFor } from './emulator/people.ts';
import { askerOf, cancel, dataOf, finishLogin, rpOf, subPage } from './requester.ts';
import { askForFactor, showSecondFactor } from './second-factor.ts';

const fields = {
  run: z.string().max(256).default(''),
  password: z.string().max(4096).default(''),
  compartido: z.string().max(8).optional(),
  cancelar: z.string().max(64).optional(),
};

type Typed = { readonly run: string; readonly shared: boolean; readonly problem?: Problem };

const page = (visit: InteractionVisit, parts: Pick<Parts, 'demo'>, { run, shared, problem }: Typed) =>
  logInPage(visit.frame, {
    ...{ action: visit.here, cancelAction: visit.here, ways: waysOf(visit) },
    csrf: visit.csrf,
    rp: rpOf(visit.client),
    data: dataOf(visit),
    run,
    shared,
    ...(problem && { problem }),
    passkey: { action: subPage(visit, 'llave'), options: subPage(visit, 'llave') },
    demo: parts.demo && demoPeopleFor(parts.demo, run),
  });

const passkeyFields = {
  llave: z.string().max(16_384).default(''),
  compartido: z.string().max(8).optional(),
};

/** For `navigator.credentials.get`: asked for by the script, so that the page is the same for all and costs nothing more. */
export const offerPasskeyLogIn: Act<InteractionVisit> = async (visit, parts) => ({
  status: 200,
  json: askForPasskey(parts, placeOf('sign-in', visit)),
});

export const submitPasskeyLogIn: Act<InteractionVisit> = async (visit, parts): Promise<Reply> => {
  const { llave, compartido } = readForm(visit.body, passkeyFields);
  const typed = { run: '', shared: compartido !== undefined };
  const outcome = await signInWithPasskey(parts, askerOf(visit, typed.shared), llave);
  signInWent(parts, 'passkey', outcome.kind);
  if (outcome.kind !== 'refused') return answer(outcome, visit, { typed, parts });
  return { status: 422, page: page(visit, parts, { ...typed, problem: { kind: 'passkey' } }) };
};

const waysOf = ({ uid }: InteractionVisit) => ({
  recover: `/ingresar/${uid}/ir/recuperar`,
  activate: `/ingresar/${uid}/ir/activar`,
  get: `/ingresar/${uid}/ir/obtener`,
});

/** The interaction's page, whichever prompt it is at. */
export const showInteraction: Act<InteractionVisit> = async (visit, parts) => {
  if (visit.prompt === 'consent') return showConsent(visit, parts);
  if (visit.prompt === 'assurance') return showSecondFactor(visit, parts);
  const hint = visit.asked['login_hint'];
  return {
    status: 200,
    page: page(visit, parts, { run: typeof hint === 'string' ? hint.slice(0, 64) : '', shared: false }),
  };
};

export const submitLogIn: Act<InteractionVisit> = async (visit, parts) => {
  const form = readForm(visit.body, fields);
  if (form.cancelar !== undefined) return cancel(visit, parts);
  const typed = { run: form.run, shared: form.compartido !== undefined };
  const { requestId } = visit;
  try {
    const outcome = await logIn(parts, { ...askerOf(visit, typed.shared), run: form.run, password: form.password });
    signInWent(parts, 'clave', outcome.kind === 'refused' ? outcome.reason : outcome.kind);
    return await answer(outcome, visit, { typed, parts });
  } catch (error) {
    const away = asUnavailable(error);
    if (!away) throw error;
    signInWent(parts, 'clave', 'busy');
    turnedAway(parts, away.part);
    const { part, cause: err } = away;
    const tell = () => parts.log.warn({ requestId, part, ...(err !== undefined && { err }) }, 'login turned away');
    parts.outages.met(error, { request: true, tell });
    const problem: Problem = { kind: 'busy' };
    return { status: 503, retryAfter: away.retryAfter, page: page(visit, parts, { ...typed, problem }) };
  }
};

type About = { readonly typed: Omit<Typed, 'problem'>; readonly parts: Parts };

async function answer(outcome: LogIn, visit: InteractionVisit, { typed, parts }: About): Promise<Reply> {
  switch (outcome.kind) {
    case 'signed-in':
      return finishLogin(visit, outcome, typed.shared);
    case 'factor':
      return askForFactor(visit, parts, { accountId: outcome.accountId, shared: typed.shared });
    case 'change':
      return askForChange(visit, parts, { ...outcome, shared: typed.shared });
    case 'step':
      return { status: 303, to: subPage(visit, 'paso') + (typed.shared ? '&compartido=1' : '') };
    case 'refused':
      return { status: 422, page: page(visit, parts, { ...typed, problem: { kind: outcome.reason } }) };
    case 'wait': {
      const seconds = Math.ceil((outcome.until - parts.clock()) / 1000);
      const problem: Problem = { kind: 'wait', seconds };
      return { status: 429, retryAfter: seconds, page: page(visit, parts, { ...typed, problem }) };
    }
  }
}
