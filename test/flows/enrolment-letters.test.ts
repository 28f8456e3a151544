import test from 'ava';
import { slotId } from '../../src/domain/schedule.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { bookHour, cancelHour, withdraw } from '../../src/flows/booking.ts';
import { endCase } from '../../src/flows/end-case.ts';
import { endHold } from '../../src/flows/supervise.ts';
import type { Letter } from '../../src/stores/outbox.ts';
import { deliver } from '../../src/tasks/letters.ts';
import { actorOf, CHIEF, FULL, GOOD, inLine, inSession, PEDRO } from '../support/desk.ts';
import { memoryParts, type Memory } from '../support/memory.ts';

const HOUR = 3_600_000;
const passer = { device: 'd', deviceName: '', network: '10.0.0.0/24', source: '10.0.0.1', requestId: 'r', lang: 'es' };
type Written = Extract<Letter, { readonly letter: 'enrolment' }>;
const written = ({ tables }: Memory) =>
  [...tables.outbox.values()].filter((letter): letter is Written => letter.letter === 'enrolment');
const told = (parts: Memory) => written(parts).map(({ event, to }) => [event, to]);
const MAIL = 'pedro@correo.example';

/** What would go to the mail server. */
async function sent(parts: Memory, letter: Written) {
  const mails: { to: string; text: string; html: string; attachments?: readonly { content: string }[] | undefined }[] =
    [];
  const config = { origin: 'https://clave.example', helpPhone: '600 360 3303', consolePort: 0 };
  await deliver(
    {
      ...{ config: { ...config, consoleOrigin: '', alertMailto: undefined }, parts },
      mailer: { send: async (mail) => void mails.push(mail) },
      texter: { send: () => Promise.reject(new Error('no text')) },
    },
    letter,
    { id: '1' },
  );
  return mails[0]!;
}

test('PRODUCT: who is not identified reads why, and the way to an office; nobody else does', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const way = { result: 'rejected', rejection: 'picture-poor' } as const;
  await Promise.all(Array.from({ length: 20 }, () => endCase(parts, officer, { caseId, way })));
  t.deepEqual(told(parts), [['rejected', MAIL]], 'once');
  const { text, html } = await sent(parts, written(parts)[0]!);
  for (const form of [text, html]) {
    t.regex(form, /La imagen o la luz no bastaron/);
    t.regex(form, /https:\/\/clave\.example\/ayuda#oficinas/);
    t.regex(form, /600 360 3303/);
  }
});

test('R-58: a stopped case is silent; when a supervisor lets it go on or ends it, its owner is told', async (t) => {
  for (const [outcome, event] of [
    ['released', 'released'],
    ['rejected', 'rejected'],
  ] as const) {
    const { parts, officer, caseId } = await inSession();
    await endCase(parts, officer, { caseId, way: { result: 'held', words: 'alguien le dictaba' } });
    t.deepEqual(told(parts), []);
    const chief = await actorOf(parts, CHIEF);
    const reason = { kind: 'fraud', text: 'miré todo lo que se revisó' } as const;
    t.like(await endHold(parts, chief, { caseId, outcome, reason }), { kind: 'done' });
    t.deepEqual(told(parts), [[event, MAIL]]);
    t.notRegex((await sent(parts, written(parts)[0]!)).text, /alguien le dictaba|miré todo/);
  }
});

test('R-53, R-57: whoever is identified is told at the address of her case, without the code; other cases hear nothing', async (t) => {
  const { parts, officer, caseId } = await inSession();
  const stranger = await inLine(parts, { email: 'otro@correo.example' });
  t.deepEqual(await approveCase(parts, officer, { caseId, sheet: FULL }), { kind: 'approved' });
  t.is((await parts.enrolments.byId(stranger))?.stage, 'expired');
  t.deepEqual(told(parts), [['identified', MAIL]]);
  const { text } = await sent(parts, written(parts)[0]!);
  t.regex(text, /https:\/\/clave\.example\/activar\n/);
  const { code } = (await parts.handovers.take({ caseId, kind: 'slip', now: parts.clock() }))!;
  t.false(text.replaceAll('-', '').includes(code));
  t.notRegex(text, /Pedro|22\.222\.222/);
});

test('R-57: an address that an officer noted and nobody confirmed gets no letter of a case', async (t) => {
  const { parts, officer, caseId } = await inSession('office', () => GOOD, { unconfirmed: true });
  t.like(await endCase(parts, officer, { caseId, way: { result: 'rejected', rejection: 'data-differ' } }), {
    kind: 'ended',
  });
  t.deepEqual(told(parts), []);
});

test('whoever withdraws is told, and her hour leaves her calendar; cancelling is another letter', async (t) => {
  const parts = await memoryParts();
  const now = parts.clock();
  const startsAt = now + 30 * HOUR;
  const place = { id: slotId('video', '', startsAt), channel: 'video', office: '', startsAt } as const;
  const endsAt = startsAt + HOUR / 3;
  await parts.bookings.setPlaces({ channel: 'video', office: '', from: 0, to: 1e14 }, [
    { ...place, endsAt, capacity: 1 },
  ]);
  const caseId = await inLine(parts, { run: PEDRO });
  t.like(await bookHour(parts, passer, { caseId, place: place.id }), { kind: 'booked' });
  t.is(await cancelHour(parts, passer, caseId), 'done');
  t.like(await bookHour(parts, passer, { caseId, place: place.id }), { kind: 'booked' });
  t.is(await withdraw(parts, passer, caseId), 'done');
  t.is(await withdraw(parts, passer, caseId), 'done', 'pressed twice: no second letter');
  t.deepEqual(
    told(parts).map(([event]) => event),
    ['booked', 'cancelled', 'booked', 'withdrawn'],
  );
  const { text, attachments } = await sent(parts, written(parts).at(-1)!);
  t.regex(text, /https:\/\/clave\.example\/obtener\n/);
  t.regex(attachments?.[0]?.content ?? '', /METHOD:CANCEL/);
  const unbooked = await inLine(parts, { email: 'ana@correo.example' });
  t.is(await withdraw(parts, passer, unbooked), 'done');
  t.deepEqual(told(parts).at(-1), ['withdrawn', 'ana@correo.example']);
  t.is((await sent(parts, written(parts).at(-1)!)).attachments?.length, 0);
});
