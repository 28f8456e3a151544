import { accountCasePage, type AccountCasePage } from '#views/pages/console/account-case.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { CASE_OUTCOMES } from '../../domain/account-case.ts';
import { fullName } from '../../domain/account.ts';
import { maskedName } from '../../domain/mask.ts';
import { NOTICES } from '../../domain/notice.ts';
import { REASONS } from '../../domain/roles.ts';
import { writtenRun } from '../../domain/run.ts';
import { closeCase, noteCase, readCase, takeCase, type AccountCase, type CaseDone } from '../../flows/account-cases.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { accountCasesRoom, stateOf } from './account-cases-list.ts';
import { gonePage } from './gone.ts';
import { namesOf } from './names.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';

const ROOM = '/cuentas';

type Again = { readonly status: number; readonly refused: Refusal; readonly typed?: AccountCasePage['typed'] };

async function page(visit: StaffVisit, parts: Parts, again?: Again): Promise<Reply> {
  const read = await readCase(parts, visit.actor, visit.params['id'] ?? '');
  if (read.kind === 'gone') return gonePage(visit, parts);
  if (read.kind === 'too-many') return accountCasesRoom(visit, parts, { status: 429, refused: 'too-many' });
  if (read.kind === 'denied') return accountCasesRoom(visit, parts, { status: 403, refused: read.lacks });
  const { one, account, steps } = read;
  const me = visit.actor.staff.accountId;
  const open = one.closedAt === undefined;
  const names = await namesOf(parts, [one.openedBy, one.takenBy, ...steps.map(({ by }) => by)]);
  const by = one.openedBy === undefined ? undefined : names.name(one.openedBy);
  return {
    status: again?.status ?? 200,
    page: accountCasePage(visit.frame, {
      ...{ shell: shellOf(visit, parts), id: one.id, run: writtenRun(account.person.run), about: aboutOf(one) },
      ...{
        name: maskedName(fullName(account.person)),
        status: account.status,
        steps: steps.map((step) => ({ ...step, by: names.name(step.by) })),
      },
      one: { kind: one.kind, at: one.at, by, state: stateOf(visit, names, one) },
      may: {
        take: open && one.openedBy !== me && one.takenBy !== me,
        work: open && one.takenBy === me,
        opened: open && one.openedBy === me,
      },
      ...{ holder: one.takenBy ?? '', refused: again?.refused, typed: again?.typed },
    }),
  };
}

function aboutOf({ kind, details }: AccountCase): AccountCasePage['about'] {
  const said = (name: string) => String(details[name] ?? '');
  if (kind === 'staff')
    return { reason: REASONS.find((one) => one === details['reason']) ?? 'case', words: said('words') };
  return {
    event: NOTICES.find((one) => one === details['event']) ?? 'new-device',
    told: Number(details['told'] ?? 0),
    ...{ device: said('deviceName'), network: said('network'), site: said('site') },
  };
}

export const showAccountCase = (visit: StaffVisit, parts: Parts): Promise<Reply> => page(visit, parts);

type Outcome = { readonly done: CaseDone; readonly typed?: AccountCasePage['typed'] };

async function answer(visit: StaffVisit, parts: Parts, { done, typed }: Outcome): Promise<Reply> {
  switch (done.kind) {
    case 'done':
      return { status: 303, to: `${ROOM}/${visit.params['id'] ?? ''}` };
    case 'gone':
      return accountCasesRoom(visit, parts, { status: 410, refused: 'gone' });
    case 'too-many':
      return accountCasesRoom(visit, parts, { status: 429, refused: 'too-many' });
    case 'no-words':
      return page(visit, parts, { status: 422, refused: 'no-words', typed });
    case 'denied':
      if (done.lacks === 'reason') return page(visit, parts, { status: 422, refused: 'reason', typed });
      return accountCasesRoom(visit, parts, { status: 403, refused: done.lacks });
  }
}

const takeShape = { tiene: z.union([z.uuid(), z.literal('')]).default('') };

export async function submitTake(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { tiene } = readForm(visit.body, takeShape);
  const wish = { id: visit.params['id'] ?? '', was: tiene === '' ? undefined : tiene };
  return answer(visit, parts, { done: await takeCase(parts, visit.actor, wish) });
}

const noteShape = { nota: z.string().max(1000).default('') };

export async function submitNote(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { text } = reasonOf({ palabras: readForm(visit.body, noteShape).nota });
  const done = await noteCase(parts, visit.actor, { id: visit.params['id'] ?? '', words: text });
  return answer(visit, parts, { done, typed: { note: text } });
}

const closeShape = { ...reasonShape, resultado: z.enum(CASE_OUTCOMES) };

export async function submitClose(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, closeShape);
  const [reason, outcome] = [reasonOf(form), form.resultado];
  const done = await closeCase(parts, visit.actor, { id: visit.params['id'] ?? '', outcome, reason });
  return answer(visit, parts, { done, typed: { outcome, reason } });
}
