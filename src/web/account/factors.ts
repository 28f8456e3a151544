import createError from 'http-errors';
import { z } from 'zod';
import {
  accountCodesPage,
  addPasskeyPage,
  addTotpPage,
  factorsPage,
  removeFactorPage,
  renamePasskeyPage,
} from '#views/pages/account/factors.ts';
import { SECTIONS } from '#views/parts/account.ts';
import { writtenCode } from '../../domain/code.ts';
import type { PasskeyFactor } from '../../domain/factor.ts';
import { confirmedAddresses } from '../../domain/notice.ts';
import {
  addPasskey,
  addTotp,
  makeSavedCodes,
  mayAdd,
  offerPasskey,
  offerTotp,
  removeFactor,
  renamePasskey,
  type Changer,
} from '../../flows/change-factors.ts';
import { placeOf } from '../../flows/passkey.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import { shownOnce } from '../kit/frame.ts';
import type { Act, AccountVisit, Reply } from '../kit/row.ts';
import { shellOf } from './overview.ts';

const HERE = SECTIONS.factors;
const TOTP_ID = 'aplicacion';
const DONE = { agregado: 'added', quitado: 'removed', nombre: 'renamed' } as const;

const changerOf = ({ account, device, deviceName, network, source, requestId }: AccountVisit): Changer => ({
  accountId: account.id,
  asker: { device, deviceName, network, source, requestId, site: 'ClaveÚnica' },
});
/** A challenge is worth something in this session alone. */
const placeIn = ({ session, device, account }: AccountVisit) =>
  placeOf('add', { uid: `cuenta ${session.uid}`, device }, account.id);
const done = (what: keyof typeof DONE): Reply => ({ status: 303, to: `${HERE}?hecho=${what}` });

export const showFactors: Act<AccountVisit> = async (visit, parts) => {
  const own = await parts.factors.of(visit.account.id);
  const said = z.enum(['agregado', 'quitado', 'nombre']).safeParse(visit.query.get('hecho')).data;
  return {
    status: 200,
    page: factorsPage(visit.frame, {
      shell: shellOf(visit, parts),
      passkeys: own.filter((factor) => factor.kind === 'passkey'),
      totp: own.find((factor) => factor.kind === 'totp'),
      codes: own.find((factor) => factor.kind === 'saved-codes')?.left,
      done: said && DONE[said],
      told: confirmedAddresses(visit.account.person).length > 0,
    }),
  };
};

type Problem = 'refused' | 'over' | 'taken' | 'recovered' | undefined;

const statusOf = (problem: Problem) => (problem === undefined ? 200 : problem === 'recovered' ? 403 : 422);

/** Said before anybody takes out her telephone. */
const early = async ({ account }: AccountVisit, parts: Parts): Promise<Problem> =>
  (await mayAdd(parts, account.id)) ? undefined : 'recovered';

async function passkeyPage(visit: AccountVisit, parts: Parts, problem?: Problem): Promise<Reply> {
  const options = await offerPasskey(parts, visit.account.id, placeIn(visit));
  if (!options) throw createError(404);
  const shown = { shell: shellOf(visit, parts), name: visit.deviceName, options, problem };
  const status = statusOf(problem);
  return { status, page: addPasskeyPage(visit.frame, shown) };
}

export const showAddPasskey: Act<AccountVisit> = async (visit, parts) =>
  passkeyPage(visit, parts, await early(visit, parts));

export const submitPasskey: Act<AccountVisit> = async (visit, parts): Promise<Reply> => {
  const { llave: creation, nombre: name } = readForm(visit.body, {
    llave: z.string().max(28_000).default(''),
    nombre: z.string().max(256).default(''),
  });
  const outcome = await addPasskey(parts, changerOf(visit), { creation, place: placeIn(visit), name });
  return outcome.kind === 'added' ? done('agregado') : passkeyPage(visit, parts, outcome.kind);
};

/** `again`: the offer whose code was wrong. */
type TotpShown = { readonly problem?: Problem; readonly again?: string };

async function totpPage(visit: AccountVisit, parts: Parts, { problem, again }: TotpShown): Promise<Reply> {
  const before = again ?? visit.session.offer;
  const offered =
    problem === 'taken' || problem === 'recovered' ? undefined : await offerTotp(parts, visit.account.id, before);
  // Who has to sign in again meanwhile comes back to the secret that her application has by now.
  if (offered && offered.offer !== visit.session.offer) await visit.remember({ offer: offered.offer });
  const form = { action: `${HERE}/aplicacion`, csrf: visit.csrf, wrong: again !== undefined };
  const totp = offered && { ...form, ...offered };
  const status = again === undefined ? statusOf(problem) : 422;
  return { status, page: addTotpPage(visit.frame, { shell: shellOf(visit, parts), totp, problem }) };
}

export const showAddTotp: Act<AccountVisit> = async (visit, parts) =>
  totpPage(visit, parts, { problem: await early(visit, parts) });

export const submitTotp: Act<AccountVisit> = async (visit, parts): Promise<Reply> => {
  const { codigo: typed, oferta: offer } = readForm(visit.body, {
    codigo: z.string().max(256).default(''),
    oferta: z.string().max(1024).default(''),
  });
  const outcome = await addTotp(parts, changerOf(visit), { offer, typed });
  if (outcome.kind === 'added') {
    await visit.remember({ offer: undefined });
    return done('agregado');
  }
  return totpPage(visit, parts, outcome.kind === 'refused' ? { again: offer } : { problem: outcome.kind });
};

const leftOf = async ({ factors }: Pick<Parts, 'factors'>, { account }: AccountVisit) =>
  (await factors.of(account.id)).find((factor) => factor.kind === 'saved-codes')?.left;

export const showMakeCodes: Act<AccountVisit> = async (visit, parts) => ({
  status: 200,
  page: accountCodesPage(visit.frame, { shell: shellOf(visit, parts), left: await leftOf(parts, visit) }),
});

/** Shown in the answer itself and nowhere again. */
export const makeCodes: Act<AccountVisit> = async (visit, parts): Promise<Reply> => {
  readForm(visit.body, {});
  const codes = await makeSavedCodes(parts, changerOf(visit));
  if (!codes) return { status: 303, to: HERE };
  const shown = { shell: shellOf(visit, parts), left: codes.length, codes: codes.map(writtenCode) };
  return { status: 200, page: accountCodesPage(shownOnce(visit.frame), shown) };
};

async function ownPasskey(visit: AccountVisit, { factors }: Pick<Parts, 'factors'>): Promise<PasskeyFactor> {
  const own = await factors.of(visit.account.id);
  const found = own.find((factor) => factor.kind === 'passkey' && factor.id === visit.params['id']);
  if (found?.kind !== 'passkey') throw createError(404);
  return found;
}

export const showRename: Act<AccountVisit> = async (visit, parts) => {
  const { id, name } = await ownPasskey(visit, parts);
  return { status: 200, page: renamePasskeyPage(visit.frame, { shell: shellOf(visit, parts), id, name }) };
};

export const submitRename: Act<AccountVisit> = async (visit, parts) => {
  const { id } = await ownPasskey(visit, parts);
  const { nombre: name } = readForm(visit.body, { nombre: z.string().max(256).default('') });
  await renamePasskey(parts, changerOf(visit), { id, name });
  return done('nombre');
};

/** What the address names, and whether it is the last. */
async function toRemove(visit: AccountVisit, parts: Parts) {
  const own = (await parts.factors.of(visit.account.id)).filter(({ kind }) => kind !== 'saved-codes');
  const last = own.length === 1;
  if (visit.params['id'] !== TOTP_ID) return { ...(await ownPasskey(visit, parts)), last };
  if (!own.some(({ kind }) => kind === 'totp')) throw createError(404);
  return { kind: 'totp' as const, id: TOTP_ID, name: undefined, last };
}

export const showRemove: Act<AccountVisit> = async (visit, parts) => {
  const { kind, id, name, last } = await toRemove(visit, parts);
  return { status: 200, page: removeFactorPage(visit.frame, { shell: shellOf(visit, parts), kind, id, name, last }) };
};

export const submitRemove: Act<AccountVisit> = async (visit, parts) => {
  readForm(visit.body, {});
  const { kind, id } = await toRemove(visit, parts);
  await removeFactor(parts, changerOf(visit), kind === 'totp' ? { kind } : { kind, id });
  return done('quitado');
};
