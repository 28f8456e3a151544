import { z } from 'zod';
import { codesPage } from '#views/pages/factors/codes.ts';
import { writtenCode } from '../domain/code.ts';
import { FEW_SAVED_CODES } from '../domain/factor.ts';
import { keepSavedCodes, newSavedCode, newSavedCodes, replaceSavedCode } from '../flows/change-factors.ts';
import type { SignedIn } from '../flows/log-in.ts';
import type { Parts } from '../parts.ts';
import { readForm } from './kit/form.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';
import { askerOf, finishLogin, subPage, unlessFinished } from './requester.ts';

/** A login that is done but for a look at codes which are shown once. Sealed with the interaction. */
const kept = z.object({
  kind: z.literal('codes'),
  signed: z.object({
    kind: z.literal('signed-in'),
    accountId: z.string(),
    acr: z.string(),
    amr: z.array(z.string()),
    at: z.number(),
  }),
  shared: z.boolean(),
  shown: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('used'), left: z.number(), code: z.string() }),
    z.object({ kind: z.literal('again'), left: z.number(), codes: z.array(z.string()) }),
    z.object({ kind: z.literal('fresh'), codes: z.array(z.string()) }),
  ]),
});
type Kept = z.output<typeof kept>;
type Login = { readonly signed: SignedIn; readonly shared: boolean };

async function keep(visit: InteractionVisit, { signed, shared }: Login, shown: Kept['shown']): Promise<Reply> {
  const { kind, accountId, acr, amr, at } = signed;
  const value: Kept = { kind: 'codes', signed: { kind, accountId, acr, amr: [...amr], at }, shared, shown };
  await visit.keep(value);
  return { status: 303, to: subPage(visit, 'codigos') };
}

/**
 * One code was used: another is offered in its place, or ten when few are left; worth something once their owner says
 * that she has them.
 */
export const keepUsedCode = (
  visit: InteractionVisit,
  parts: Pick<Parts, 'chance'>,
  { left, ...login }: Login & { readonly left: number },
): Promise<Reply> =>
  keep(
    visit,
    login,
    left > FEW_SAVED_CODES
      ? { kind: 'used', left, code: newSavedCode(parts) }
      : { kind: 'again', left, codes: [...newSavedCodes(parts)] },
  );

/** The first ten, beside the first factor. */
export const keepFreshCodes = (visit: InteractionVisit, login: Login, codes: readonly string[]): Promise<Reply> =>
  keep(visit, login, { kind: 'fresh', codes: [...codes] });

export const showCodes: Act<InteractionVisit> = async (visit) => {
  const known = kept.safeParse(visit.kept);
  if (!known.success) return { status: 303, to: visit.here };
  const { shown } = known.data;
  const form = { action: subPage(visit, 'codigos'), csrf: visit.csrf };
  const page =
    shown.kind === 'used'
      ? codesPage(visit.frame, { ...form, ...shown, code: writtenCode(shown.code) })
      : codesPage(visit.frame, { ...form, ...shown, codes: shown.codes.map(writtenCode) });
  return { status: 200, page };
};

export const leaveCodes: Act<InteractionVisit> = async (visit, parts) => {
  const button = z.string().max(8).optional();
  const { guardado } = readForm(visit.body, { guardado: button, omitir: button });
  const known = kept.safeParse(visit.kept);
  if (!known.success) return unlessFinished(visit, [], () => ({ status: 303, to: visit.here }));
  const { signed, shared, shown } = known.data;
  const changer = { accountId: signed.accountId, asker: askerOf(visit, shared) };
  if (guardado !== undefined && shown.kind === 'used') await replaceSavedCode(parts, changer, shown.code);
  if (guardado !== undefined && shown.kind === 'again')
    await parts.transaction((tx) => keepSavedCodes(tx, parts, { changer, codes: shown.codes }));
  return finishLogin(visit, signed, shared);
};
