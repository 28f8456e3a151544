import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { helpPage } from '../pages/help.ts';
import { enrolmentPage } from '../pages/enrolment/ask.ts';
import { enrolmentConfirmPage } from '../pages/enrolment/confirm.ts';
import { hourPage, type HourShown } from '../pages/enrolment/hour.ts';
import { enrolmentLinkPage } from '../pages/enrolment/link.ts';
import { standingPage, type StandingShown } from '../pages/enrolment/standing.ts';
import { words, type Words } from '../words.ts';
import { municipio } from './sites.ts';

const csrf = 'example';
const back = { href: '/', label: words('es').ways.backTo(municipio.name) };
const typed = { run: '', document: '', email: '', phone: '' };
const filled = { run: '22.222.222-2', document: '100.200', email: 'pedro.soto@correo', phone: '123' };
const office = {
  ...{ id: 'rc-santiago-centro', name: 'Registro Civil Santiago Centro' },
  ...{ address: 'Calle de los Arrayanes 100', comuna: 'Santiago' },
};
const offices = [
  office,
  { id: 'b', name: 'ChileAtiende Valdivia', address: 'Avenida del Río 250', comuna: 'Valdivia' },
];
const known = offices.map((one, at) => ({ ...one, region: at === 0 ? 'Metropolitana' : 'Los Ríos' }));
const email = 'pedro.soto@correo.example';
const help = { phone: '600 123 4567', origin: 'https://claveunica.example', offices: known };
const days = Array.from({ length: 20 }, (_, n) => `2026-12-${String(n + 1).padStart(2, '0')}`);
const places = Array.from({ length: 24 }, (_, n) => ({
  id: `video..${String(n)}`,
  time: `${String(8 + Math.floor(n / 3)).padStart(2, '0')}:${String((n % 3) * 20).padStart(2, '0')}`,
}));
const hour: HourShown = { csrf, channel: 'video', offices: [], days, day: days[2], places, line: { from: 5, to: 20 } };
const now = Date.parse('2026-11-30T12:00:00Z');
const startsAt = Date.parse('2026-12-03T14:20:00Z');
const stands: StandingShown = { csrf, stage: 'contact-confirmed', now, wanting: false };
const stages = Object.keys(
  words('es').enrolment.standing.stages,
) as readonly (keyof Words['enrolment']['standing']['stages'])[];

/** Getting a ClaveÚnica by internet: each page in each of its states. */
export const enrolment: Readonly<Record<string, (frame: Frame) => Page>> = {
  enrolment: (frame) => enrolmentPage(frame, { csrf, typed }),
  'enrolment-back': (frame) => enrolmentPage(frame, { csrf, typed, back, open: '/obtener/lista' }),
  help: (frame) => helpPage(frame, help),
  'enrolment-malformed': (frame) =>
    enrolmentPage(frame, {
      ...{ csrf, typed: filled },
      problem: { kind: 'malformed', fields: ['document', 'email', 'phone'] },
    }),
  'enrolment-wait': (frame) => enrolmentPage(frame, { csrf, typed: filled, problem: { kind: 'wait', seconds: 60 } }),
  'enrolment-confirm': (frame) => enrolmentConfirmPage(frame, { csrf, email }),
  'enrolment-confirm-wrong': (frame) => enrolmentConfirmPage(frame, { csrf, email, problem: { kind: 'refused' } }),
  'enrolment-confirm-wait': (frame) =>
    enrolmentConfirmPage(frame, { csrf, email, problem: { kind: 'wait', seconds: 60 } }),
  'enrolment-link': (frame) => enrolmentLinkPage(frame, { csrf }),
  'enrolment-hour': (frame) => hourPage(frame, hour),
  'enrolment-hour-offices': (frame) =>
    hourPage(frame, { ...hour, channel: 'office', offices, days: [], places: [], day: undefined, line: undefined }),
  'enrolment-hour-office': (frame) =>
    hourPage(frame, { ...hour, channel: 'office', offices, office, line: undefined, problem: 'office-only' }),
  'enrolment-hour-moving': (frame) => hourPage(frame, { ...hour, mine: startsAt }),
  'enrolment-hour-cancelled': (frame) => hourPage(frame, { ...hour, cancelled: true }),
  'enrolment-hour-full': (frame) => hourPage(frame, { ...hour, mine: startsAt, problem: 'full' }),
  'enrolment-hour-none': (frame) => hourPage(frame, { ...hour, days: [], day: undefined, places: [], problem: 'none' }),
  ...Object.fromEntries(
    stages.map((stage): [string, (frame: Frame) => Page] => [
      `enrolment-${stage}`,
      (frame) =>
        standingPage(frame, {
          ...{ ...stands, stage, back },
          ...(stage === 'rejected' && { why: 'data-differ' }),
          ...(stage === 'booked' && { hour: { channel: 'video', startsAt }, back: undefined }),
        }),
    ]),
  ),
  'enrolment-booked-office': (frame) =>
    standingPage(frame, { ...stands, stage: 'booked', wanting: true, hour: { channel: 'office', startsAt, office } }),
  'enrolment-line': (frame) => standingPage(frame, { ...stands, line: { before: 2, wait: { from: 10, to: 30 } } }),
  'enrolment-line-nobody': (frame) => standingPage(frame, { ...stands, wanting: true, line: { before: 0 } }),
};
