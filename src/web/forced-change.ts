import { z } from 'zod';
import { changeClavePage, type ChangeClave } from '#views/pages/change-clave.ts';
import type { Account } from '../domain/account.ts';
import { STRENGTHS } from '../domain/account.ts';
import { writtenRun } from '../domain/run.ts';
import { changeForced, forcedOwner, tryForcedClave, type Changer } from '../flows/forced-change.ts';
import type { ChangeWanted } from '../flows/log-in.ts';
import type { Parts } from '../parts.ts';
import { verdictJson } from './clave.ts';
import { claveFields, orBusy } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';
import { askerOf, cancel, finishLogin, rpOf, subPage, unlessFinished } from './requester.ts';

/** Sealed with the interaction: whose ClaveÚnica is to be changed, and what she has proved beside it. */
const kept = z.object({
  kind: z.literal('change'),
  accountId: z.string(),
  at: z.number(),
  shared: z.boolean(),
  proved: z
    .object({ by: z.enum(['mail', 'factor']), strength: z.enum(STRENGTHS), amr: z.array(z.string()) })
    .optional(),
});
type Kept = z.output<typeof kept>;

export async function askForChange(
  visit: InteractionVisit,
  parts: Pick<Parts, 'clock'>,
  { accountId, proved, shared }: Omit<ChangeWanted, 'kind'> & { readonly shared: boolean },
): Promise<Reply> {
  const value: Kept = {
    ...{ kind: 'change', accountId, shared, at: parts.clock() },
    ...(proved && { proved: { ...proved, amr: [...proved.amr] } }),
  };
  await visit.keep(value);
  return { status: 303, to: subPage(visit, 'cambiar') };
}

/** Who is in the middle of it in this browser. */
export const changing = (visit: Pick<InteractionVisit, 'kept'>): Kept | undefined => kept.safeParse(visit.kept).data;

type Shown = { readonly status: 200 | 422 } & Partial<Pick<ChangeClave & { kind: 'choose' }, 'fine' | 'problem'>>;

async function page(visit: InteractionVisit, parts: Parts, { status, ...shown }: Shown): Promise<Reply> {
  const known = changing(visit);
  const account = known && (await forcedOwner(parts, { ...known, provedAt: known.at }));
  if (!account) return { status: 303, to: visit.here };
  const form = { action: subPage(visit, 'cambiar'), csrf: visit.csrf, rp: rpOf(visit.client) };
  const ways = `/ingresar/${visit.uid}/ir`;
  if (known.proved) parts.strength.warm();
  return {
    status,
    page: changeClavePage(visit.frame, {
      ...form,
      ...(known.proved
        ? { kind: 'choose', minimum: parts.strength.minimum, ...ownOf(account), ...shown }
        : { kind: 'explained', recover: `${ways}/recuperar`, get: `${ways}/obtener` }),
    }),
  };
}

/** She has typed her RUN; nothing else of her is in the page. */
const ownOf = ({ person: { run } }: Account) => ({ run: writtenRun(run), own: [run, run.split('-')[0] ?? ''] });

export const showForcedChange: Act<InteractionVisit> = async (visit, parts) => page(visit, parts, { status: 200 });

const submit: Act<InteractionVisit> = async (visit, parts): Promise<Reply> => {
  const form = readForm(visit.body, { ...claveFields, cancelar: z.string().max(64).optional() });
  if (form.cancelar !== undefined) return cancel(visit, parts);
  const known = changing(visit);
  // Whoever has proved the old one alone has proved nothing.
  if (!known?.proved) return unlessFinished(visit, [], () => ({ status: 303, to: subPage(visit, 'cambiar') }));
  const { accountId, proved, shared } = known;
  const changer: Changer = { accountId, proved, provedAt: known.at, asker: askerOf(visit, shared) };
  const { password, password2, comprobar } = form;
  const outcome =
    comprobar === undefined
      ? await changeForced(parts, changer, { password, again: password2 })
      : await tryForcedClave(parts, changer, { password });
  if (comprobar === 'datos' && outcome.kind !== 'over')
    return verdictJson(visit, outcome.kind === 'refused' ? outcome : undefined);
  switch (outcome.kind) {
    case 'signed-in':
      return finishLogin(visit, outcome, shared);
    case 'fine':
      return page(visit, parts, { status: 200, fine: true });
    case 'refused':
      return page(visit, parts, { status: 422, problem: outcome });
    case 'over':
      return unlessFinished(visit, [], () => ({ status: 303, to: visit.here }));
  }
};

export const submitForcedChange = orBusy(submit, async (visit, parts) =>
  page(visit, parts, { status: 422, problem: { reason: 'busy', minimum: parts.strength.minimum } }),
);
