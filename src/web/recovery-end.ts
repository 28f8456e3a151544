import { recoveryClavePage, type RecoveryClave } from '#views/pages/recovery/clave.ts';
import { writtenRun, type Run } from '../domain/run.ts';
import { recover, tryRecoveryClave } from '../flows/recovery-end.ts';
import { recoveryOf } from '../flows/recovery.ts';
import type { Parts } from '../parts.ts';
import { claveFields, finished, gone, isScripts, orBusy, passerOf, to } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';
import { elsewhere, RECOVERY_PAGES } from './recovery.ts';
import { verdictJson } from './clave.ts';

type Shown = Pick<RecoveryClave, 'fine' | 'problem'> & { readonly status: 200 | 422; readonly run: Run };

/** The page may know her RUN, which she has typed; nothing else of her is in it. */
const page = (visit: FlowVisit, { strength }: Pick<Parts, 'strength'>, { status, run, ...shown }: Shown): Reply => ({
  status,
  page: recoveryClavePage(visit.frame, {
    ...{ csrf: visit.csrf, minimum: strength.minimum, run: writtenRun(run), own: [run, run.split('-')[0] ?? ''] },
    ...shown,
  }),
});

const stageOf = async (visit: FlowVisit, parts: Parts) => (await recoveryOf(parts, visit.journey('recovery')))?.stage;

export const showRecoveryClave: Act<FlowVisit> = async (visit, parts) => {
  const stage = await stageOf(visit, parts);
  if (stage?.at !== 'clave') return elsewhere(visit, parts, stage);
  parts.strength.warm();
  return page(visit, parts, { status: 200, run: stage.run });
};

const submit: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { password, password2, comprobar } = readForm(visit.body, claveFields);
  const stage = await stageOf(visit, parts);
  if (stage?.at !== 'clave') return over(visit, parts);
  const id = visit.journey('recovery');
  const outcome =
    comprobar === undefined
      ? await recover(parts, passerOf(visit), { id, password, again: password2 })
      : await tryRecoveryClave(parts, { id, password });
  if (comprobar === 'datos' && outcome.kind !== 'gone')
    return verdictJson(visit, outcome.kind === 'refused' ? outcome : undefined);
  switch (outcome.kind) {
    case 'recovered':
      return to(RECOVERY_PAGES[outcome.next]);
    case 'fine':
      return page(visit, parts, { status: 200, run: stage.run, fine: true });
    case 'refused':
      return page(visit, parts, { status: 422, run: stage.run, problem: outcome });
    case 'gone':
      return over(visit, parts);
  }
};

/** Done already; or no more to be had at this stage. */
async function over(visit: FlowVisit, parts: Parts): Promise<Reply> {
  const stage = await stageOf(visit, parts);
  // The script's question changes nothing: her form itself comes next.
  if (!stage && !isScripts(visit)) return elsewhere(visit, parts, stage);
  const at = stage?.at ?? 'start';
  if (at === 'codes' || at === 'done') return finished(visit, { href: RECOVERY_PAGES[at], status: 410 });
  return gone(visit, at === 'clave' ? '/recuperar?nuevo' : RECOVERY_PAGES[at]);
}

export const submitRecoveryClave = orBusy(submit, async (visit, parts) => {
  const stage = await stageOf(visit, parts);
  const problem = { reason: 'busy', minimum: parts.strength.minimum } as const;
  return stage?.at === 'clave' ? page(visit, parts, { status: 422, run: stage.run, problem }) : over(visit, parts);
});
