import { z } from 'zod';
import { hourPage, type HourShown } from '#views/pages/enrolment/hour.ts';
import { standingPage, type StandingShown } from '#views/pages/enrolment/standing.ts';
import { CHANNELS, type Channel } from '../domain/checklist.ts';
import { AHEAD_DAYS, dayAfter, dayStart, localDay, localTime } from '../domain/schedule.ts';
import { bookHour, cancelHour, joinLine, lineNow, standing, wantHour, withdraw } from '../flows/booking.ts';
import { rejectionOf } from '../flows/end-case.ts';
import type { Parts } from '../parts.ts';
import { ENROLMENT_PAGES, enrolmentStage } from './enrolment.ts';
import { gone, passerOf, to, wayBackOf } from './flow.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply } from './kit/row.ts';

type Booked = { readonly place: { readonly startsAt: number; readonly channel: Channel; readonly office: string } };
type Place = { readonly channel: Channel; readonly office: string; readonly day: string | undefined };

const channelOf = (text: unknown): Channel => CHANNELS.find((channel) => channel === text) ?? 'video';
const placeOf = (query: URLSearchParams): Place => ({
  channel: channelOf(query.get('canal')),
  office: channelOf(query.get('canal')) === 'office' ? (query.get('oficina') ?? '').slice(0, 64) : '',
  day: query.get('dia')?.slice(0, 10),
});

/** Who moves her hour looks first where she has it: at her office, not at video calls. */
const placeOfBooking = ({ place: { channel, office } }: Booked): Place => ({ channel, office, day: undefined });

/** The case of this browser, or the page where its journey stands. */
async function caseOf(visit: FlowVisit, parts: Parts) {
  const stage = await enrolmentStage(visit, parts);
  if (stage?.at !== 'case') return { elsewhere: to(ENROLMENT_PAGES[stage?.at ?? 'start']) };
  const now = await standing(parts, stage.caseId);
  return now ? { caseId: stage.caseId, origin: stage.origin, ...now } : { elsewhere: gone(visit, '/obtener') };
}

type Choosing = Place &
  Pick<HourShown, 'problem' | 'cancelled'> & {
    readonly status: 200 | 422;
    readonly booking: Booked | undefined;
  };

/** Days and hours of one place that are free now. */
async function hours(
  visit: FlowVisit,
  parts: Parts,
  { status, channel, office, day, problem, cancelled, booking }: Choosing,
): Promise<Reply> {
  const now = parts.clock();
  const today = localDay(now);
  const offices = channel === 'office' ? await parts.offices.list() : [];
  const chosen = offices.find(({ id }) => id === office);
  const known = channel === 'video' || chosen !== undefined;
  const until = dayStart(dayAfter(today, AHEAD_DAYS + 1));
  const all = known ? await parts.bookings.places({ channel, office, from: now, to: until }) : [];
  const free = all.filter((place) => place.free > 0);
  const days = [...new Set(free.map(({ startsAt }) => localDay(startsAt)))];
  const shown = days.find((one) => one === day) ?? days[0];
  const places = free
    .filter(({ startsAt }) => localDay(startsAt) === shown)
    .map(({ id, startsAt }) => ({ id, startsAt }));
  return {
    status,
    page: hourPage(visit.frame, {
      ...{ csrf: visit.csrf, channel, offices, office: chosen, days, day: shown, problem, cancelled },
      mine: booking?.place.startsAt,
      places: places.map((place) => ({ ...place, time: localTime(place.startsAt).slice(11) })),
      line: channel === 'video' ? await lineNow(parts) : undefined,
    }),
  };
}

/** Who has an hour may move it, also while requests are stopped. */
export async function hasHour(visit: FlowVisit, parts: Parts): Promise<boolean> {
  const mine = await caseOf(visit, parts);
  return !('elsewhere' in mine) && mine.enrolment.stage === 'booked';
}

export const showHours: Act<FlowVisit> = async (visit, parts) => {
  const mine = await caseOf(visit, parts);
  if ('elsewhere' in mine) return mine.elsewhere;
  const { stage } = mine.enrolment;
  if (stage !== 'contact-confirmed' && stage !== 'booked') return to(ENROLMENT_PAGES.case);
  const cancelled = stage === 'contact-confirmed' && visit.query.get('hecho') === 'cancelada';
  const { booking } = mine;
  const place = booking && !visit.query.has('canal') ? placeOfBooking(booking) : placeOf(visit.query);
  return hours(visit, parts, { status: 200, ...place, booking, cancelled });
};

const hourFields = {
  hora: z.string().max(120).optional(),
  acto: z.enum(['fila', 'avisar']).optional(),
  canal: z.enum(CHANNELS).optional(),
  oficina: z.string().max(64).optional(),
};

/** But into the line nobody goes then. */
export const movesHour = async (visit: FlowVisit, parts: Parts): Promise<boolean> =>
  readForm(visit.body, hourFields).acto !== 'fila' && hasHour(visit, parts);

/** An hour, the line, or a word when something frees. */
export const submitHour: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { hora, acto, canal, oficina } = readForm(visit.body, hourFields);
  const mine = await caseOf(visit, parts);
  if ('elsewhere' in mine) return mine.elsewhere;
  const { caseId, booking } = mine;
  const passer = passerOf(visit);
  const [id = '', office = ''] = (hora ?? '').split('.');
  const channel = channelOf(canal ?? id);
  const place = { channel, office: channel === 'office' ? (oficina ?? office) : '', day: undefined };
  if (acto === 'fila') {
    const outcome = await joinLine(parts, passer, caseId);
    const room = outcome === 'waiting' ? await parts.rooms.byCase(caseId) : undefined;
    return room ? { status: 303, to: `/videollamada/${room.token}` } : waited(visit, outcome);
  }
  if (acto === 'avisar') {
    if (place.channel === 'office' && !(await parts.offices.byId(place.office))) return gone(visit, '/obtener/hora');
    return waited(visit, await wantHour(parts, passer, { caseId, ...place }));
  }
  if (hora === undefined) return hours(visit, parts, { status: 422, ...place, booking, problem: 'none' });
  const outcome = await bookHour(parts, passer, { caseId, place: hora });
  switch (outcome.kind) {
    case 'booked':
      return to(ENROLMENT_PAGES.case);
    case 'full':
    case 'office-only':
      return hours(visit, parts, { status: 422, ...place, booking, problem: outcome.kind });
    case 'gone':
      return gone(visit, ENROLMENT_PAGES.case);
  }
};

const waited = (visit: FlowVisit, outcome: Awaited<ReturnType<typeof joinLine>>): Reply => {
  if (outcome === 'waiting') return to(ENROLMENT_PAGES.case);
  return outcome === 'gone' ? gone(visit, ENROLMENT_PAGES.case) : to('/obtener/hora?canal=office');
};

export const showStanding: Act<FlowVisit> = async (visit, parts) => {
  const mine = await caseOf(visit, parts);
  if ('elsewhere' in mine) return mine.elsewhere;
  const { enrolment, booking, line, wanting, origin, room } = mine;
  const office = booking?.place.office ? await parts.offices.byId(booking.place.office) : undefined;
  const shown: Omit<StandingShown, 'csrf'> = {
    ...{ stage: enrolment.stage, line, wanting, now: parts.clock() },
    call: room === undefined ? undefined : `/videollamada/${room}`,
    hour: booking && { ...booking.place, office },
    why: enrolment.stage === 'rejected' ? await rejectionOf(parts, enrolment.id) : undefined,
    back: await wayBackOf(visit, parts, origin),
  };
  return { status: 200, page: standingPage(visit.frame, { csrf: visit.csrf, ...shown }) };
};

/** The hour, or all of it, is given back. */
export const submitStanding: Act<FlowVisit> = async (visit, parts): Promise<Reply> => {
  const { acto } = readForm(visit.body, { acto: z.enum(['cancelar', 'retirar', 'salir']) });
  const mine = await caseOf(visit, parts);
  if ('elsewhere' in mine) return mine.elsewhere;
  if (acto === 'salir') {
    await parts.queues.leave(mine.caseId);
    return to('/obtener/hora');
  }
  const end = acto === 'cancelar' ? cancelHour : withdraw;
  const outcome = await end(parts, passerOf(visit), mine.caseId);
  if (outcome === 'gone') return gone(visit, ENROLMENT_PAGES.case);
  return to(acto === 'cancelar' ? '/obtener/hora?hecho=cancelada' : ENROLMENT_PAGES.case);
};
