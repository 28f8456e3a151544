import { rosterPath, rostersPage, type RosterRoom } from '#views/pages/console/rosters.ts';
import { z } from 'zod';
import { CHANNELS } from '../../domain/checklist.ts';
import { dayAfter, localDay, weekday, writtenMinute } from '../../domain/schedule.ts';
import { addShift, removeShift, type Changed } from '../../flows/rosters.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { namesOf } from './names.ts';
import { shellOf } from './shell.ts';

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
const mondayOf = (day: string) => dayAfter(day, 1 - weekday(day));

type About = Pick<RosterRoom, 'typed' | 'fault' | 'refused'> & {
  readonly status?: number;
  readonly day?: string;
  /** The office whose shifts alone are shown. */
  readonly only?: string;
};

/** A supervisor's own agency: its officers, its offices, one week. */
async function room(visit: StaffVisit, parts: Parts, { status = 200, day, only, ...about }: About): Promise<Reply> {
  const { agency } = visit.actor.staff;
  const asked = z.iso.date().safeParse(day ?? visit.query.get('semana'));
  const week = mondayOf(asked.success ? asked.data : localDay(parts.clock()));
  // Of no agency she is the supervisor of nobody.
  const members = (agency === undefined ? [] : await parts.staff.list({ agency })).filter(
    ({ roles, state }) => roles.includes('officer') && state !== 'disabled',
  );
  const { name: nameOf } = await namesOf(
    parts,
    members.map(({ accountId }) => accountId),
  );
  const officers = members.map(({ accountId: id }) => ({ id, name: nameOf(id) }));
  const names = new Map(officers.map(({ id, name }) => [id, name]));
  const all = await parts.offices.list();
  const offices = all.filter((office) => office.agency === agency);
  const wanted = only ?? visit.query.get('oficina');
  const one = offices.find(({ id }) => id === wanted);
  const shifts = (await parts.offices.shifts({ from: week, to: dayAfter(week, 6) })).filter(
    ({ office }) => one === undefined || office === one.id,
  );
  const page = rostersPage(visit.frame, {
    ...{ shell: shellOf(visit, parts), week, before: dayAfter(week, -7), after: dayAfter(week, 7), ...about },
    ...{
      officers,
      offices: offices.map(({ id, name }) => ({ id, name })),
      only: one && { id: one.id, name: one.name },
    },
    shifts: shifts.flatMap(({ officer, day: on, from, to, channel, office }) => {
      const name = names.get(officer);
      const where = all.find(({ id }) => id === office)?.name ?? office;
      const shown = { officer, day: on, from: writtenMinute(from), to: writtenMinute(to), channel, office: where };
      return name === undefined ? [] : [{ ...shown, name }];
    }),
  });
  return { status, page };
}

export const showRosters = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts, {});

function answer(
  visit: StaffVisit,
  parts: Parts,
  { outcome, about }: { outcome: Changed; about: About },
): Promise<Reply> {
  switch (outcome.kind) {
    case 'changed':
      return Promise.resolve({ status: 303, to: rosterPath({ week: mondayOf(about.day ?? ''), office: about.only }) });
    case 'faulty':
      return room(visit, parts, { ...about, status: 422, fault: outcome.fault });
    case 'denied':
      return room(visit, parts, { ...about, status: 403, refused: outcome.lacks });
  }
}

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const shiftShape = {
  ...{ funcionario: z.string().max(64), dia: z.iso.date(), desde: time },
  solo: z.string().max(64).default(''),
};
const addShape = { ...shiftShape, hasta: time, canal: z.enum(CHANNELS), oficina: z.string().max(64).default('') };

export async function submitShift(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, addShape);
  const { funcionario, dia, desde, hasta, canal, oficina, solo } = form;
  const outcome = await addShift(parts, visit.actor, {
    ...{ officer: funcionario, day: dia, from: minuteOf(desde), to: minuteOf(hasta), channel: canal },
    ...(canal === 'office' && { office: oficina }),
  });
  const typed = { funcionario, dia, desde, hasta, canal, oficina };
  return answer(visit, parts, { outcome, about: { typed, day: dia, only: solo } });
}

export async function submitRemoval(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { funcionario, dia, desde, solo } = readForm(visit.body, shiftShape);
  const outcome = await removeShift(parts, visit.actor, { officer: funcionario, day: dia, from: minuteOf(desde) });
  return answer(visit, parts, { outcome, about: { day: dia, only: solo } });
}
