import { peoplePage, personDonePage, personPage } from '#views/pages/console/people.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import type { Status } from '../../domain/account.ts';
import { mayTry } from '../../domain/roles.ts';
import { parseRun } from '../../domain/run.ts';
import { actOnPerson, lookUp, PERSON_ACTS, RULE_OF, type PersonAct } from '../../flows/person.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import { shownOnce } from '../kit/frame.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';

const EMPTY = { run: '', reason: { kind: 'citizen-asks', text: '' } };

export const showPeople = async (visit: StaffVisit, parts: Parts): Promise<Reply> => ({
  status: 200,
  page: peoplePage(visit.frame, { shell: shellOf(visit, parts), typed: EMPTY }),
});

export async function submitLookUp(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, { ...reasonShape, run: z.string().max(64).default('') });
  const reason = reasonOf(form);
  const shell = shellOf(visit, parts);
  const again = (status: number, more: { readonly refused?: Refusal; readonly nobody?: boolean }): Reply => ({
    status,
    page: peoplePage(visit.frame, { shell, typed: { run: form.run, reason }, ...more }),
  });
  const run = parseRun(form.run);
  if (!run) return again(422, { refused: 'malformed-run' });
  const outcome = await lookUp(parts, visit.actor, { run, reason });
  switch (outcome.kind) {
    case 'found': {
      const { record } = outcome;
      const acts = actsFor(visit, record.status);
      return { status: 200, page: personPage(shownOnce(visit.frame), { shell, record, acts }) };
    }
    case 'nobody':
      return again(200, { nobody: true });
    case 'too-many':
      return again(429, { refused: 'too-many' });
    case 'denied':
      return again(outcome.lacks === 'reason' ? 422 : 403, { refused: outcome.lacks });
  }
}

/** What can't be done is not offered. */
function actsFor({ actor }: StaffVisit, status: Status): readonly PersonAct[] {
  const inState: Readonly<Record<PersonAct, boolean>> = {
    'send-recovery': status === 'active' || status === 'paused',
    block: status === 'active' || status === 'paused',
    unblock: status === 'blocked' || status === 'paused',
    'end-sessions': status === 'active',
    'open-case': true,
  };
  return PERSON_ACTS.filter((act) => inState[act] && mayTry(actor.staff, RULE_OF[act]));
}

export const submitPersonAct =
  (act: PersonAct) =>
  async (visit: StaffVisit, parts: Parts): Promise<Reply> => {
    const reason = reasonOf(readForm(visit.body, reasonShape));
    const outcome = await actOnPerson(parts, visit.actor, { accountId: visit.params['id'] ?? '', act, reason });
    const page = (status: number, refused?: Refusal): Reply => ({
      status,
      page: personDonePage(visit.frame, { shell: shellOf(visit, parts), refused }),
    });
    if (outcome.kind === 'done') return page(200);
    if (outcome.kind === 'gone') return page(410, 'gone');
    if (outcome.kind === 'no-address') return page(422, 'no-address');
    if (outcome.kind === 'too-many') return page(429, 'letters-enough');
    return page(outcome.lacks === 'reason' ? 422 : 403, outcome.lacks);
  };
