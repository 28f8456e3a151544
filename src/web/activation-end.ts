import { activationClavePage, type ActivationClave } from '#views/pages/activation/clave.ts';
import { activationDonePage } from '#views/pages/activation/done.ts';
import { fullName, type Account } from '../domain/account.ts';
import { writtenRun } from '../domain/run.ts';
import { activate, activationAtClave, tryActivationClave } from '../flows/activation-end.ts';
import { activationOf } from '../flows/activation.ts';
import type { Parts } from '../parts.ts';
import { ACTIVATION_PAGES, elsewhere } from './activation.ts';
import { verdictJson } from './clave.ts';
import { claveFields, finished, gone, isScripts, orBusy, passerOf, to, wayBackOf } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';

type Shown = Pick<ActivationClave, 'fine' | 'problem'> & { readonly status: 200 | 422; readonly account: Account };

function page(visit: FlowVisit, { strength }: Pick<Parts, 'strength'>, { status, account, ...shown }: Shown): Reply {
  const { person } = account;
  const { run, names, surnames } = person;
  return {
    status,
    page: activationClavePage(visit.frame, {
      ...{ csrf: visit.csrf, minimum: strength.minimum, name: fullName(person), run: writtenRun(run) },
      own: [run, run.split('-')[0] ?? '', ...names, ...surnames],
      ...shown,
    }),
  };
}

export const showActivationClave: Act<FlowVisit> = async (visit, parts) => {
  const id = visit.journey('activation');
  const journey = await activationAtClave(parts, id);
  if (!journey) {
    const stage = (await activationOf(parts, id))?.stage;
    return stage?.at === 'clave' ? gone(visit, ANEW) : elsewhere(visit, parts, stage);
  }
  parts.strength.warm();
  return page(visit, parts, { status: 200, account: journey.account });
};

const submit: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { password, password2, comprobar } = readForm(visit.body, claveFields);
  const id = visit.journey('activation');
  const journey = await activationAtClave(parts, id);
  if (!journey) return over(visit, parts);
  const { account } = journey;
  const outcome =
    comprobar === undefined
      ? await activate(parts, passerOf(visit), { id, password, again: password2 })
      : await tryActivationClave(parts, { id, password });
  if (comprobar === 'datos' && outcome.kind !== 'gone')
    return verdictJson(visit, outcome.kind === 'refused' ? outcome : undefined);
  switch (outcome.kind) {
    case 'activated':
      return to(ACTIVATION_PAGES.done);
    case 'fine':
      return page(visit, parts, { status: 200, account, fine: true });
    case 'refused':
      return page(visit, parts, { status: 422, account, problem: outcome });
    case 'gone':
      return over(visit, parts);
  }
};

const ANEW = '/activar?nuevo';
/** Done already; or no more to be had at this stage, by her or by anybody. */
async function over(visit: FlowVisit, parts: Parts): Promise<Reply> {
  const stage = (await activationOf(parts, visit.journey('activation')))?.stage;
  // The script's question changes nothing: her form itself comes next.
  if (!stage && !isScripts(visit)) return elsewhere(visit, parts, stage);
  const at = stage?.at ?? 'start';
  if (at === 'done') return finished(visit, { href: ACTIVATION_PAGES.done, status: 410 });
  return gone(visit, at === 'clave' ? ANEW : ACTIVATION_PAGES[at]);
}

export const submitActivationClave = orBusy(submit, async (visit, parts) => {
  const journey = await activationAtClave(parts, visit.journey('activation'));
  const problem = { reason: 'busy', minimum: parts.strength.minimum } as const;
  return journey ? page(visit, parts, { status: 422, account: journey.account, problem }) : over(visit, parts);
});

export const showActivated: Act<FlowVisit> = async (visit, parts) => {
  const stage = (await activationOf(parts, visit.journey('activation')))?.stage;
  if (stage?.at !== 'done') return to(ACTIVATION_PAGES[stage?.at ?? 'start']);
  const back = await wayBackOf(visit, parts, stage.origin);
  return {
    status: 200,
    page: activationDonePage(visit.frame, { back, shared: stage.shared, mailless: stage.channel !== 'email' }),
  };
};
