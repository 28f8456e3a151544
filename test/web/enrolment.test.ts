import test from 'ava';
import { words } from '../../views/words.ts';
import { dayAfter, dayStart, localDay } from '../../src/domain/schedule.ts';
import { parseRun } from '../../src/domain/run.ts';
import { makePlaces } from '../../src/flows/places.ts';
import { tendEnrolments } from '../../src/flows/tend-enrolments.ts';
import { letterOf } from '../support/flow.ts';
import { openOffices } from '../support/places.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { theClock } from '../support/serve.ts';

const PEDRO = { run: '22.222.222-2', documento: '100.200.300', email: 'pedro@buzon.example', telefono: '' };
type House = Awaited<ReturnType<typeof serving>>;
type User = ReturnType<House['visitor']>;

async function serving() {
  const house = await serveMemory({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  await openOffices(house);
  return house;
}
const ask = async (user: User, typed: Partial<typeof PEDRO> = {}) => user.submit('/obtener', { ...PEDRO, ...typed });
const codeOf = (house: House) => letterOf(house.parts, 'enrolment-code')?.code ?? '';
const hoursOf = (text: string) => [...text.matchAll(/name="hora" value="([^"]+)"/g)].map(([, id = '']) => id);

async function confirmed(house: House, user: User, typed: Partial<typeof PEDRO> = {}) {
  await ask(user, typed);
  return user.submit('/obtener/confirmar', { confirmacion: codeOf(house) });
}
const caseOf = async ({ parts }: House, run = PEDRO.run) => (await parts.enrolments.ofRun(parseRun(run)!))[0]!;

test.serial('request, code, hour, confirmation, another hour, cancel, withdraw', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  const asked = await ask(user);
  t.deepEqual([asked.status, asked.location], [303, '/obtener/confirmar']);
  t.is(letterOf(house.parts, 'enrolment-code')?.to, PEDRO.email);
  const done = await user.submit('/obtener/confirmar', { confirmacion: codeOf(house).toLowerCase() });
  t.deepEqual([done.status, done.location], [303, '/obtener/hora']);
  const [, second = '', third = ''] = hoursOf((await user.get('/obtener/hora')).text);
  const nothing = await user.submit('/obtener/hora', {});
  t.is(nothing.status, 422);
  t.is((await user.submit('/obtener/hora', { hora: second })).location, '/obtener/lista');
  t.is((await caseOf(house)).stage, 'booked');
  t.is(letterOf(house.parts, 'enrolment')?.event, 'booked');
  t.regex((await user.get('/obtener/lista')).text, /Tu hora está reservada/);
  t.is((await user.submit('/obtener/hora', { hora: third })).location, '/obtener/lista');
  t.is(letterOf(house.parts, 'enrolment')?.event, 'moved');
  const now = house.parts.clock();
  const free = await house.parts.bookings.places({ channel: 'video', office: '', from: now, to: now + 172_800_000 });
  t.is(free.find(({ id }) => id === second)?.free, 1, 'the first is free again');
  t.is(free.find(({ id }) => id === third)?.free, 0);
  const { enrolment: w } = words('es');
  const moving = (await user.get('/obtener/hora')).text;
  t.true(
    moving.includes(w.hour.mine.keep) && /Tienes hora el \p{L}+, \d/u.test(moving),
    'what she has, with its weekday',
  );
  const standing = (await user.get('/obtener/lista')).text;
  t.true(standing.includes(w.standing.cancel.sure), 'a second press ends it, not the first');
  const cancelled = await user.submit('/obtener/lista', { acto: 'cancelar' });
  t.true((await user.get(cancelled.location)).text.includes(w.hour.cancelled));
  t.false((await user.get('/obtener/hora')).text.includes(w.hour.mine.keep));
  t.is((await caseOf(house)).stage, 'contact-confirmed');
  await user.submit('/obtener/lista', { acto: 'retirar' });
  t.is((await caseOf(house)).stage, 'withdrawn');
  t.regex((await user.get('/obtener/lista')).text, /Retiraste tu solicitud/);
});

test.serial('who moves an hour at an office is shown hours of that office, not of video calls', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  // Beyond a weekend and its holidays.
  await makePlaces(house.parts, 8);
  await confirmed(house, user);
  const there = '/obtener/hora?canal=office&oficina=rc-santiago-centro';
  const [first = ''] = hoursOf((await user.get(there)).text);
  t.is((await user.submit('/obtener/hora', { hora: first })).location, '/obtener/lista');
  const shown = hoursOf((await user.get('/obtener/hora')).text);
  t.true(shown.length > 0);
  t.deepEqual(
    shown.filter((id) => !id.startsWith('office.rc-santiago-centro.')),
    [],
  );
  const videos = hoursOf((await user.get('/obtener/hora?canal=video')).text);
  t.true(videos.length > 0 && videos.every((id) => id.startsWith('video.')), 'whoever wants may change to a call');
});

test.serial('who mistyped her mail sees it where she waits for the letter, and corrects that alone', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  await ask(user, { email: 'pedro@buzno.example', telefono: '9 1234 5678' });
  const waiting = await user.get('/obtener/confirmar');
  t.regex(waiting.text, /pedro@buzno\.example/);
  const wrong = await user.submit('/obtener/confirmar', { confirmacion: 'AAAA-AAAA' });
  t.is(wrong.status, 422);
  t.regex(wrong.text, /pedro@buzno\.example/);
  const link = /href="(\/obtener\?[^"]+)"/.exec(waiting.text)?.[1] ?? '';
  const values = async () => {
    const { text } = await user.get(link);
    return ['run', 'documento', 'email', 'telefono'].map((name) => {
      const field = new RegExp(`<input[^>]* id="${name}"[^>]*>|<input id="${name}"[^>]*>`).exec(text)?.[0] ?? '';
      return /value="([^"]*)"/.exec(field)?.[1] ?? '';
    });
  };
  t.deepEqual(await values(), ['22.222.222-2', '', 'pedro@buzno.example', '+56912345678']);
  t.notRegex((await user.get('/obtener')).text, /22\.222\.222|buzno/, 'to who comes by another way it shows nothing');
  t.notRegex((await house.visitor().get(link)).text, /22\.222\.222|buzno/);
  const time = theClock();
  time.set(time.ahead() + 31 * 60);
  t.teardown(() => time.set(time.ahead() - 31 * 60));
  t.deepEqual(await values(), ['', '', '', ''], 'nor to who comes later');
  await user.submit(link, { ...PEDRO });
  t.is(letterOf(house.parts, 'enrolment-code')?.to, PEDRO.email);
});

test.serial('what cannot be read comes back with all that was typed; a stopped country says where to go', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  const wrong = await ask(user, { documento: '1', email: 'no', telefono: '5' });
  t.is(wrong.status, 422);
  for (const typed of ['22.222.222-2', 'value="no"', 'documento-problema', 'email-problema', 'telefono-problema'])
    t.true(wrong.text.includes(typed), typed);
  const csrf = /name="csrf" value="([^"]+)"/.exec((await user.get('/obtener')).text)?.[1] ?? '';
  await house.parts.switches.set('enrolment-stopped', true, house.parts.clock());
  const stopped = await user.post('/obtener', { csrf, run: '22.222.222-2', documento: '100200300' });
  t.is(stopped.status, 503);
  t.regex(stopped.text, /oficina/);
});

test.serial(
  'R-100: while requests are stopped an hour is seen by its link, moved and given back; none is new',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const user = house.visitor();
    await ask(user);
    const first = letterOf(house.parts, 'enrolment-code')?.token ?? '';
    const flip = (stopped: boolean) => house.parts.switches.set('enrolment-stopped', stopped, house.parts.clock());
    await flip(true);
    t.is((await house.visitor().get(`/obtener/seguir?t=${first}`)).status, 503, 'nothing is confirmed');
    await flip(false);
    await user.submit('/obtener/confirmar', { confirmacion: codeOf(house) });
    const [, second = '', third = ''] = hoursOf((await user.get('/obtener/hora')).text);
    await flip(true);
    t.is((await user.get('/obtener/hora')).status, 503, 'none is booked');
    await flip(false);
    await user.submit('/obtener/hora', { hora: second });
    await flip(true);
    const token = letterOf(house.parts, 'enrolment')?.token ?? '';
    const phone = house.visitor();
    const opened = await phone.get(`/obtener/seguir?t=${token}`);
    t.deepEqual([opened.status, opened.location], [303, '/obtener/lista']);
    t.regex((await phone.get('/obtener/lista')).text, /Tu hora está reservada/);
    t.is((await phone.submit('/obtener/hora', { acto: 'fila' })).status, 503);
    t.is((await phone.submit('/obtener/hora', { hora: third })).location, '/obtener/lista');
    t.is(letterOf(house.parts, 'enrolment')?.event, 'moved');
    await phone.submit('/obtener/lista', { acto: 'cancelar' });
    t.is((await caseOf(house)).stage, 'contact-confirmed');
  },
);

test.serial('whoever is asked for, whatever the card: the same answer, rows and letter (R-15, R-57)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const answers = [];
  for (const [n, typed] of [
    { run: '22.222.222-2' },
    { run: '22.222.222-2', documento: '999999999' },
    { run: '11.111.111-1' },
    { run: '6.543.210-2' },
    { run: '17.000.001-6' },
  ].entries()) {
    const user = house.visitor(undefined, `10.0.${String(n)}.1`);
    if (parseRun(typed.run) === undefined) continue;
    const email = `a${String(n)}@buzon.example`;
    const asked = await ask(user, { ...typed, email });
    const shown = await user.get(asked.location);
    t.true(shown.text.includes(email), 'what she typed herself');
    answers.push([
      asked.status,
      asked.location,
      shown.text
        .replace(/value="[\w-]{30,}"/g, '')
        .replace(/nonce="[^"]*"/g, '')
        .replace(email, ''),
    ]);
    t.notRegex(shown.text, /Pedro|María|22\.222\.222/);
  }
  t.true(answers.length >= 4);
  t.is(new Set(answers.map((one) => JSON.stringify(one))).size, 1);
});

test.serial('five wrong codes and the right one is worth nothing; another browser has no case', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  await ask(user);
  const code = codeOf(house);
  for (let n = 0; n < 5; n += 1)
    t.is((await user.submit('/obtener/confirmar', { confirmacion: '0000-0000' })).status, 422);
  t.is((await user.submit('/obtener/confirmar', { confirmacion: code })).status, 422);
  const other = house.visitor();
  for (const page of ['/obtener/hora', '/obtener/lista', '/obtener/confirmar'])
    t.is((await other.get(page)).location, '/obtener', page);
});

test.serial('the link confirms by its button alone, and opens the case elsewhere later (R-18, R-55)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  await ask(house.visitor());
  const token = letterOf(house.parts, 'enrolment-code')?.token ?? '';
  const phone = house.visitor();
  const opened = await phone.get(`/obtener/seguir?t=${token}`);
  t.deepEqual([opened.status, opened.location], [303, '/obtener/seguir']);
  t.is((await caseOf(house)).stage, 'requested', 'looking confirms nothing');
  t.is((await phone.submit('/obtener/seguir', {})).location, '/obtener/hora');
  t.is((await caseOf(house)).stage, 'contact-confirmed');
  t.is((await house.visitor().get(`/obtener/seguir?t=${token}`)).location, '/obtener/lista');
  const foreign = await house.visitor().get(`/obtener/seguir?t=${token.slice(1)}x`);
  t.is(foreign.status, 404);
  t.regex(foreign.text, /href="\/obtener"/);
});

test.serial(
  'one case of a RUN and an address; a stranger’s lives beside it and keeps nobody out (R-55, R-57)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const stranger = house.visitor();
    await confirmed(house, stranger, { email: 'otro@buzon.example' });
    const owner = house.visitor();
    t.is((await confirmed(house, owner)).location, '/obtener/hora');
    const again = house.visitor();
    t.is((await confirmed(house, again)).location, '/obtener/hora');
    const stages = (await house.parts.enrolments.ofRun(parseRun(PEDRO.run)!)).map(({ stage }) => stage);
    t.deepEqual([...stages].sort(), ['contact-confirmed', 'contact-confirmed', 'withdrawn']);
    const kinds = [...house.parts.tables.audit.values()].map(({ kind }) => kind);
    t.is(kinds.filter((kind) => kind === 'case-withdrawn').length, 1, 'R-71: that one gave way is recorded');
    const hours = hoursOf((await owner.get('/obtener/hora')).text);
    await owner.submit('/obtener/hora', { hora: hours[3] ?? '' });
    const late = await stranger.submit('/obtener/hora', { hora: hours[3] ?? '' });
    t.is(late.status, 422);
    t.regex(late.text, /ya no está libre/);
  },
);

test.serial(
  'reminders once, a no-show frees the place and keeps the case, who waits is told, thirty days end it',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const { parts } = house;
    const user = house.visitor();
    await confirmed(house, user);
    const tomorrow = localDay(dayStart(dayAfter(localDay(parts.clock()), 1)));
    const hours = hoursOf((await user.get(`/obtener/hora?canal=video&dia=${tomorrow}`)).text);
    await user.submit('/obtener/hora', { hora: hours.at(-1) ?? '' });
    const booking = await parts.bookings.of((await caseOf(house)).id, parts.clock());
    const events = () =>
      [...parts.tables.outbox.values()].flatMap((letter) => (letter.letter === 'enrolment' ? [letter.event] : []));
    house.parts.travel(booking!.place.startsAt - parts.clock() - 5 * 3_600_000);
    await tendEnrolments(parts);
    await tendEnrolments(parts);
    house.parts.travel(booking!.place.startsAt - parts.clock() - 1_800_000);
    await tendEnrolments(parts);
    t.deepEqual(events(), ['booked', 'day', 'hour']);
    house.parts.travel(booking!.place.startsAt - parts.clock() + 16 * 60_000);
    await tendEnrolments(parts);
    t.is((await caseOf(house)).stage, 'contact-confirmed');
    t.is(events().at(-1), 'missed');
    house.parts.travel(31 * 86_400_000);
    await tendEnrolments(parts);
    await parts.enrolments.sweep(parts.clock());
    t.is((await parts.enrolments.ofRun(parseRun(PEDRO.run)!)).length, 0, 'nothing of an unfinished request is left');
  },
);

test.serial('the line for the next officer: her place, a range, and out of it again', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const user = house.visitor();
  await confirmed(house, user);
  t.regex((await user.submit('/obtener/hora', { acto: 'fila' })).location, /^\/videollamada\/[\w-]{22}$/);
  const shown = await user.get('/obtener/lista');
  t.regex(shown.text, /Eres la próxima persona\./);
  t.regex(shown.text, /Espera estimada: de 0 a 30 minutos/);
  t.is((await user.submit('/obtener/lista', { acto: 'salir' })).location, '/obtener/hora');
  t.notRegex((await user.get('/obtener/lista')).text, /Estás en la fila/);
  t.is((await user.submit('/obtener/hora', { acto: 'avisar', canal: 'office', oficina: 'ips-valdivia' })).status, 303);
  t.regex((await user.get('/obtener/lista')).text, /Te avisaremos por correo/);
});

test.serial(
  '«Dónde atienden»: the offices by region; while nobody can say which, the telephone all the same',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const help = async () => house.visitor().get('/ayuda');
    const { status, text } = await help();
    t.is(status, 200);
    for (const { name, address, comuna, region } of await house.parts.offices.list()) {
      t.true(text.includes(`<summary>${region} (1)</summary>`), region);
      t.true(text.includes(name) && text.includes(`${address}, ${comuna}`), name);
    }
    house.parts.offices.list = async () => {
      throw new Error('away');
    };
    const without = await help();
    t.is(without.status, 200);
    t.regex(without.text, /href="tel:/);
  },
);
