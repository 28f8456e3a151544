import test from 'ava';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { ROOM } from '../../src/domain/room.ts';
import { parseRun } from '../../src/domain/run.ts';
import { loadAssets } from '../../src/web/kit/assets.ts';
import { localDay } from '../../src/domain/schedule.ts';
import { ALLOWED, cameraBrowser, caseWithRoom, DESKTOP, PHONE } from '../support/call.ts';
import { calledWell } from '../support/code-after-call.ts';
import { staffBrowser } from '../support/console.ts';
import { serve, theClock } from '../support/serve.ts';
import { until } from '../support/until.ts';

const ROSA = parseRun('7.654.321-6')!;
let app: Awaited<ReturnType<typeof serve>>;
let browser: Browser;
let rosa: Awaited<ReturnType<typeof staffBrowser>>;
/** What has started, the last first: of a start that fails halfway nothing stays either. */
const closers: (() => Promise<void>)[] = [];
test.before(async () => {
  app = await serve();
  closers.unshift(app.close);
  browser = await cameraBrowser();
  closers.unshift(() => browser.close());
  rosa = await staffBrowser(app, ROSA, { trainedAt: app.parts.clock() });
});
test.after.always(async () => {
  for (const close of closers) await close();
});

const officerContext = async (): Promise<BrowserContext> => {
  const context = await browser.newContext({ locale: 'es-CL', ...DESKTOP, ...ALLOWED });
  const cookie = (await rosa.jar.getCookies(app.console)).find(({ key }) => key === 'cu_console')!;
  await context.addCookies([{ name: cookie.key, value: cookie.value, url: app.console }]);
  return context;
};
const citizenContext = () => browser.newContext({ locale: 'es-CL', ...PHONE, ...ALLOWED });
const framesOf = (page: Page) => page.locator('[data-call]').getAttribute('data-frames').then(Number);
const seesFrames = async (page: Page, more = 0): Promise<number> => {
  let frames = await framesOf(page);
  for (let tries = 0; tries < 150 && !(frames > more); tries++) {
    await page.waitForTimeout(200);
    frames = await framesOf(page);
  }
  return frames;
};
const said = (page: Page, what: string) =>
  page.waitForSelector(`[data-call][data-said="${what}"]`, { timeout: 60_000 });

test.serial('both see each other, write to each other, and find each other again after a reload', async (t) => {
  t.timeout(240_000);
  const { caseId, token, draw } = await caseWithRoom(app.parts);
  const [officers, citizens] = [await officerContext(), await citizenContext()];
  const [citizen, officer] = [await citizens.newPage(), await officers.newPage()];
  const problems: string[] = [];
  for (const page of [citizen, officer]) {
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.text().startsWith('call')) problems.push(message.text());
    });
  }
  await citizen.goto(`${app.origin}/videollamada/${token}`);
  await said(citizen, 'nothing');
  t.regex((await citizen.textContent('h1')) ?? '', /Videollamada/);
  await draw(rosa.accountId);
  await said(citizen, 'absent');
  // A minute later nobody has come: she is told what else she can do, until somebody does.
  t.false(await citizen.isVisible('[data-part=late]'));
  await citizen.evaluate(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + 61_000;
  });
  await citizen.waitForSelector('[data-part=late]:not([hidden]) a[href="/obtener/hora"]');
  await officer.goto(`${app.console}/llamada/${caseId}`);
  await Promise.all([said(citizen, 'connected'), said(officer, 'connected')]);
  t.false(await citizen.isVisible('[data-part=late]'));
  t.true((await seesFrames(citizen)) > 0);
  t.true((await seesFrames(officer)) > 0);
  t.true(await citizen.isVisible('[data-part=remote]'));

  // For who cannot hear; and it is there again after a reload.
  await citizen.click('.call-chat summary');
  await citizen.fill('#escribir', 'Hola <b>funcionaria</b>');
  await citizen.click('[data-part=chat-form] button');
  await officer.waitForSelector('.call-chat li.theirs');
  t.is(await officer.textContent('.call-chat li.theirs p'), 'Hola <b>funcionaria</b>');
  await officer.reload();
  await Promise.all([said(citizen, 'connected'), said(officer, 'connected'), seesFrames(officer)]);
  t.is(await officer.textContent('.call-chat li.theirs p'), 'Hola <b>funcionaria</b>');
  await citizen.reload();
  await Promise.all([said(officer, 'connected'), said(citizen, 'connected'), seesFrames(citizen)]);

  // Another browser with the same link stays outside.
  const stranger = await (await citizenContext()).newPage();
  await stranger.goto(`${app.origin}/videollamada/${token}`);
  await stranger.waitForSelector('[data-problem-is=taken]:not([hidden])');
  const before = await framesOf(citizen);
  t.true((await seesFrames(citizen, before)) > before, 'the call goes on');

  // The officer is done: it shows at once, and the citizen stays on her page.
  const was = (await app.parts.enrolments.byId(caseId))!;
  const clerk = { kind: 'officer', id: rosa.accountId } as const;
  await app.parts.enrolments.move(was, { move: 'reject', by: clerk, at: app.parts.clock() });
  await citizen.waitForSelector('[data-when=rejected]:not([hidden])');
  t.deepEqual(problems, []);
  await Promise.all([officers.close(), citizens.close(), stranger.context().close()]);
});

test.serial('R-56: camera and microphone are for the call and its test alone; sockets for its own place', async (t) => {
  const { caseId, token } = await caseWithRoom(app.parts, { officer: rosa.accountId });
  for (const [path, user] of [
    [`/videollamada/${token}`, app.visitor()],
    [`/videollamada/${token}/prueba`, app.visitor()],
    [`/llamada/${caseId}`, rosa],
  ] as const) {
    const { status, headers } = await user.get(path);
    t.is(status, 200, path);
    t.regex(headers.get('permissions-policy') ?? '', /camera=\(self\), microphone=\(self\)/);
    const origin = path.startsWith('/llamada') ? app.console : app.origin;
    t.true(headers.get('content-security-policy')?.includes(`connect-src 'self' ${origin.replace('http', 'ws')};`));
  }
  for (const [path, user] of [
    ['/', app.visitor()],
    ['/', rosa],
    ['/videollamada/AAAAAAAAAAAAAAAAAAAAAA', app.visitor()],
  ] as const)
    t.regex((await user.get(path)).headers.get('permissions-policy') ?? '', /camera=\(\), microphone=\(\)/, path);
});

test.serial('no camera, a blocked one, an old browser: each has words and ways on', async (t) => {
  const { token } = await caseWithRoom(app.parts);
  const address = `${app.origin}/videollamada/${token}`;
  const shows = async (problem: string, prepare: string) => {
    const context = await citizenContext();
    const page = await context.newPage();
    await page.addInitScript(prepare);
    await page.goto(address);
    const shown = page.locator(`[data-problem-is="${problem}"]`);
    await shown.waitFor();
    t.is(await page.locator('[data-problem-is]:visible').count(), 1);
    t.true((await shown.locator('a[href]').count()) >= 2, problem);
    t.false(await page.isVisible('[data-part=room]'));
    await context.close();
  };
  const refusing = (name: string) =>
    `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', '${name}') };`;
  await shows('blocked', refusing('NotAllowedError'));
  await shows('no-camera', refusing('NotFoundError'));
  await shows('in-use', refusing('NotReadableError'));
  await shows('old', 'delete globalThis.RTCPeerConnection;');
});

test.serial('the camera test says what works', async (t) => {
  const { token } = await caseWithRoom(app.parts, {
    opensAt: app.parts.clock() + 3_600_000,
    closesAt: app.parts.clock() + 7_200_000,
  });
  const context = await citizenContext();
  const page = await context.newPage();
  await page.goto(`${app.origin}/videollamada/${token}`);
  t.regex((await page.textContent('h1')) ?? '', /todavía no se abre/);
  await page.click('a[href$="/prueba"]');
  await page.click('[data-part=begin]');
  t.is(await page.evaluate(() => document.activeElement?.id), 'resultado', 'the button is gone, the focus is not');
  for (const what of ['camera', 'microphone', 'way'])
    await page.waitForSelector(`[data-try=${what}][data-how=good]`, { timeout: 15_000 });
  await context.close();
});

type Peer = { pc: RTCPeerConnection; hear(body: unknown): void; close(): void };
type Opens = { openPeer(wish: object): Peer };

test.serial(
  'who gives way lets the other side begin: no first offer is taken back, and each finds a way',
  async (t) => {
    const page = await (await browser.newContext({ bypassCSP: true })).newPage();
    await page.goto(app.origin);
    const seen = await page.evaluate(async (script) => {
      const { openPeer } = (await import(script)) as Opens;
      const rounds: { early: number; offers: string[]; connected: boolean }[] = [];
      for (const sends of [true, false]) {
        const canvas = document.createElement('canvas');
        canvas.getContext('2d');
        const [picture, nothing] = [canvas.captureStream(5), new MediaStream()];
        const offers: string[] = [];
        const peers: { citizen?: Peer; officer?: Peer } = {};
        const open = (side: 'citizen' | 'officer', say: (body: { description?: { type: string } }) => void) =>
          openPeer({
            ...{ ice: {}, polite: side === 'citizen', stream: sends || side === 'officer' ? picture : nothing },
            ...{ shown: () => undefined, changed: () => undefined },
            say(body: { description?: { type: string } }) {
              if (body.description) offers.push(`${side} ${body.description.type}`);
              say(body);
            },
          });
        peers.citizen = open('citizen', (body) => void setTimeout(() => peers.officer?.hear(body), 5));
        await new Promise((resolve) => setTimeout(resolve, 150));
        const early = offers.length;
        peers.officer = open('officer', (body) => void setTimeout(() => peers.citizen?.hear(body), 150));
        const { pc } = peers.citizen;
        for (let tries = 0; pc.connectionState !== 'connected' && tries < 200; tries++)
          await new Promise((resolve) => setTimeout(resolve, 25));
        rounds.push({ early, offers, connected: pc.connectionState === 'connected' });
        for (const peer of Object.values(peers)) peer.close();
      }
      return rounds;
    }, loadAssets().url('call-peer.js'));
    const right = { early: 0, offers: ['officer offer', 'citizen answer'], connected: true };
    t.deepEqual(seen, [right, right]);
    await page.context().close();
  },
);

test.serial('in the line she reads an honest range of waiting time', async (t) => {
  const { caseId, token } = await caseWithRoom(app.parts);
  const now = app.parts.clock();
  await app.parts.queues.join({ caseId, channel: 'video', office: '', joinedAt: now });
  const [officer, day] = [rosa.accountId, localDay(now)];
  for (const { officer: other } of await app.parts.offices.shifts({ from: day, to: day }))
    await app.parts.offices.setShifts(other, day, []);
  await app.parts.offices.setShifts(officer, day, [{ officer, day, channel: 'video', from: 0, to: 1440 }]);
  const context = await citizenContext();
  const page = await context.newPage();
  await page.goto(`${app.origin}/videollamada/${token}`);
  const wait = page.locator('[data-part=wait]');
  await wait.waitFor();
  t.is(await wait.textContent(), 'Espera estimada: de 0 a 30 minutos. Puede cambiar.');
  await context.close();
});

/** How the door answers a socket: the status, or 101. */
const knock = (url: string, headers: Record<string, string>) =>
  new Promise<number>((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (_, { statusCode }) => resolve(statusCode ?? 0));
    socket.on('error', () => undefined);
  });
const window_ = (n = 'a') => `?v=${n.repeat(32)}`;

test.serial(
  'sockets: only a page of ours opens one, with a link that is good, or in the session whose case it is',
  async (t) => {
    const { caseId, token } = await caseWithRoom(app.parts, { officer: rosa.accountId });
    const other = await caseWithRoom(app.parts);
    const early = await caseWithRoom(app.parts, {
      opensAt: app.parts.clock() + 60_000,
      closesAt: app.parts.clock() + 90_000,
    });
    const cookie = await rosa.jar.getCookieString(app.console);
    const public_ = `${app.origin}/videollamada/${token}/enlace${window_()}`;
    const staff = `${app.console}/llamada/${caseId}/enlace${window_()}`;
    t.is(await knock(public_, { origin: app.origin }), 101);
    t.is(await knock(staff, { origin: app.console, cookie }), 101);
    t.is(await knock(public_, { origin: 'https://evil.example' }), 403);
    t.is(await knock(public_, {}), 403);
    t.is(await knock(public_, { origin: app.origin, host: 'evil.example' }), 421);
    t.is(await knock(`${app.origin}/videollamada/${token}/enlace`, { origin: app.origin }), 403);
    t.is(await knock(public_.replace(token, 'A'.repeat(22)), { origin: app.origin }), 403);
    t.is(await knock(public_.replace(token, early.token), { origin: app.origin }), 403, 'before it opens');
    t.is(await knock(`${app.origin}/otra`, { origin: app.origin }), 404);
    t.is(await knock(staff, { origin: app.console }), 403, 'without a session');
    t.is(
      await knock(staff.replace(caseId, other.caseId), { origin: app.console, cookie }),
      403,
      'not drawn for her (R-54)',
    );
    t.is(
      await knock(staff.replace(app.console, app.origin), { origin: app.origin, cookie }),
      404,
      'not on the public host',
    );
    t.is((await rosa.get(`/llamada/${other.caseId}`)).status, 404);
    t.is((await rosa.get('/llamada/none')).status, 404);
  },
);

/** What a window of another browser hears, and how its socket was closed; it leaves when it is let in. */
const heard = (token: string) =>
  new Promise<{ words: { what: string }[]; code: number }>((resolve) => {
    const address = `${app.origin.replace('http', 'ws')}/videollamada/${token}/enlace${window_('t')}`;
    const socket = new WebSocket(address, { headers: { origin: app.origin } });
    const words: { what: string }[] = [];
    socket.on('message', (data) => {
      words.push(JSON.parse((data as Buffer).toString()) as { what: string });
      if (words.at(-1)?.what === 'in') socket.close();
    });
    socket.on('close', (code) => resolve({ words, code }));
  });

test.serial('sockets: rubbish, floods and heavy words end the window that brings them', async (t) => {
  const { token } = await caseWithRoom(app.parts);
  const ends = (bring: (socket: WebSocket) => void) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${app.origin.replace('http', 'ws')}/videollamada/${token}/enlace${window_()}`, {
        headers: { origin: app.origin, cookie: 'op-device=x' },
      });
      socket.on('message', (data) => {
        if ((data as Buffer).toString().includes('"what":"in"')) bring(socket);
      });
      socket.on('close', resolve);
    });
  const gone = (code: number) => t.true([1008, 1009, 1003].includes(code), String(code));
  const wait = () =>
    app.parts.rooms
      .byToken(token)
      .then((room) => app.parts.rooms.leave({ caseId: room!.caseId, side: 'citizen', link: 'a'.repeat(32) }));
  for (const words of [
    '{',
    '[]',
    '{"do":"draw"}',
    '{"do":"chat","text":"a"}',
    '{"do":"chat","k":0,"text":"a"}',
    '{"do":"chat","k":1,"text":""}',
    '{"do":"chat","k":1,"text":"a","x":1}',
    `{"do":"chat","k":1,"text":"${'a'.repeat(1001)}"}`,
  ]) {
    gone(await ends((socket) => socket.send(words)));
    await wait();
  }
  gone(await ends((socket) => socket.send('a'.repeat(40_000))));
  await wait();
  gone(await ends((socket) => socket.send(Buffer.from([1, 2]))));
  await wait();
  gone(
    await ends((socket) => {
      for (let n = 0; n < 200; n++) socket.send(`{"do":"chat","k":${String(n + 1)},"text":"a"}`);
    }),
  );
});

test.serial('a link that is over, or was never good, leads on', async (t) => {
  const now = app.parts.clock();
  const over = await caseWithRoom(app.parts, { opensAt: now - 2000, closesAt: now - 1000 });
  for (const [token, status] of [
    [over.token, 410],
    ['A'.repeat(22), 404],
  ] as const)
    for (const path of ['', '/prueba']) {
      const answer = await app.visitor().get(`/videollamada/${token}${path}`);
      t.is(answer.status, status);
      t.regex(answer.text, /href="\/obtener\/hora"/);
    }
});

test.serial(
  'R-53: the code is shown once, in the browser that was in the call, and waits there to be used',
  async (t) => {
    const { caseId, token } = await caseWithRoom(app.parts, { officer: rosa.accountId });
    const context = await citizenContext();
    const page = await context.newPage();
    await page.goto(`${app.origin}/videollamada/${token}`);
    await said(page, 'absent');
    const clerk = { kind: 'officer', id: rosa.accountId } as const;
    const at = app.parts.clock();
    await app.parts.transaction(async (tx) => {
      const identified = (await tx.enrolments.move((await tx.enrolments.byId(caseId))!, {
        move: 'identify',
        by: clerk,
        at,
      }))!;
      await tx.handovers.put({ caseId, kind: 'room', code: '7K2M-9QXT-4B8N-WH', until: at + 3_600_000 });
      await tx.enrolments.move(identified, { move: 'issue-code', by: clerk, at });
    });
    await page.click('[data-when=code]:not([hidden]) .boton-principal');
    await page.waitForURL(`${app.origin}/videollamada/${token}`);
    const left = async () => (await app.parts.rooms.byCase(caseId))?.citizen?.link === undefined;
    t.true(await until(left), 'her window has said good-bye');
    // Her place is empty; whoever has the link too does not get it.
    const thief = await heard(token);
    t.deepEqual(thief.words, [{ what: 'out', why: 'taken' }]);
    t.is(thief.code, 4001);
    // Somebody else with the link gets nothing, and uses nothing up.
    const stranger = await (await citizenContext()).newPage();
    await stranger.goto(`${app.origin}/videollamada/${token}`);
    await stranger.click('.boton-principal');
    t.regex((await stranger.textContent('h1')) ?? '', /Ábrelo donde/);
    await page.click('.boton-principal');
    t.is(await page.textContent('.call-code'), '7K2M-9QXT-4B8N-WH');
    await page.click('.boton-principal');
    t.is(new URL(page.url()).pathname, '/activar');
    t.is(await page.inputValue('[name=codigo]'), '7K2M-9QXT-4B8N-WH');
    await page.goto(`${app.origin}/videollamada/${token}`);
    const [again] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.click('.boton-principal'),
    ]);
    t.is(again.status(), 410);
    t.notRegex(await again.text(), /7K2M/);
    const shown = await app.parts.audit.find({ kind: 'code-shown', from: at - 1000, until: at + 60_000, limit: 10 });
    t.is(shown.length, 1);
    await Promise.all([context.close(), stranger.context().close()]);
  },
);

test.serial('R-53: two quick presses without a script show the code; who lost the page sees another', async (t) => {
  const called = await calledWell(app);
  const context = await browser.newContext({ locale: 'es-CL', ...PHONE, javaScriptEnabled: false });
  const cookies = await called.user.jar.getCookies(app.origin);
  await context.addCookies(cookies.map(({ key, value }) => ({ name: key, value, url: app.origin })));
  const page = await context.newPage();
  await page.goto(`${app.origin}${called.here}`);
  await page.dblclick('.boton-principal');
  await page.waitForSelector('.call-code');
  const first = await page.textContent('.call-code');
  const [again] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/codigo')),
    page.reload(),
  ]);
  t.is(again.status(), 410);
  t.notRegex(await page.content(), new RegExp(first ?? '-'));
  // The cookie with which it would be there for «Activar ahora» was lost too.
  await context.clearCookies({ name: 'cu_codigo' });
  await page.reload();
  await page.dblclick('.boton-principal');
  await page.waitForSelector('.call-code');
  t.not(await page.textContent('.call-code'), first);
  await context.close();
});

/** An officer in the room of her case, and how her socket is closed. */
async function inRoom(user: Awaited<ReturnType<typeof staffBrowser>>) {
  const { caseId } = await caseWithRoom(app.parts, { officer: user.accountId });
  const url = `${app.console}/llamada/${caseId}/enlace${window_()}`;
  const headers = { origin: app.console, cookie: await user.jar.getCookieString(app.console) };
  const socket = new WebSocket(url.replace('http', 'ws'), { headers });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.once('message', resolve));
  return { closed };
}
const within = <T>(ms: number, what: Promise<T>): Promise<T | 'too late'> =>
  Promise.race([what, new Promise<'too late'>((resolve) => setTimeout(resolve, ms, 'too late'))]);

test.serial('R-64: an officer who is disabled is out of her call within five seconds', async (t) => {
  const { staff, clock } = app.parts;
  const { closed } = await inRoom(rosa);
  const post = (await staff.byId(rosa.accountId))!;
  await staff.put({ ...post, state: 'disabled' }, clock());
  // The machine may be busy.
  t.is(await within(2 * ROOM.tick, closed), 4002);
  await staff.put(post, clock());
});

test.serial('R-61: a call that is open does not keep the session of a console alive where nobody works', async (t) => {
  const time = theClock();
  const ahead = time.ahead();
  const her = await staffBrowser(app, ROSA);
  try {
    time.set(ahead + 14 * 60);
    const { closed } = await inRoom(her);
    time.set(ahead + 15 * 60 + 5);
    t.is(await within(2 * ROOM.tick, closed), 4002);
    const { status, location } = await her.get('/');
    t.is(status, 303);
    t.true(location.startsWith(app.origin));
  } finally {
    time.set(ahead);
  }
});
