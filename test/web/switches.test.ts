import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import type { Switch } from '../../src/domain/switch.ts';
import { browser } from '../support/browser.ts';
import { staffBrowser } from '../support/console.ts';
import { serve, theClock } from '../support/serve.ts';
import { migratedDatabase } from '../support/migrated.ts';

const CHIEF = parseRun('9.876.543-3')!;
const SECOND = parseRun('12.345.678-5')!;
const OFFICER = parseRun('7.654.321-6')!;
const reason = { motivo: 'operations', palabras: 'incidente de prueba' };

const database = await migratedDatabase();
const here = await serve({ database: database.url });
const there = await serve({ database: database.url });
test.after.always(async () => {
  await Promise.all([here.close(), there.close()]);
  await database.drop();
});

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** One proposes at one instance, another agrees at the other. Then as much time goes by as may. */
async function flip(name: Switch, stop: boolean): Promise<readonly number[]> {
  const chief = await staffBrowser(here, CHIEF);
  const second = await staffBrowser(there, SECOND, { roles: ['operator'] });
  const wish = { interruptor: name, detener: stop ? 'si' : 'no', ...reason };
  const proposed = await chief.submit('/interruptores', wish);
  const page = (await second.get('/interruptores')).text;
  const action = /action="(\/interruptores\/propuestas\/[^"]+)"/.exec(page)?.[1] ?? '';
  const decided = await second.post(action, { csrf: csrfOf(page), decision: 'si' });
  theClock().set(theClock().ahead() + 5);
  return [proposed.status, decided.status];
}

test.serial(
  'R-100: recovery stops on both instances within five seconds, calmly, and codes from before do not work',
  async (t) => {
    const [mine, hers] = [here.visitor(), there.visitor()];
    const asked = await mine.submit('/recuperar', { run: '11.111.111-1' });
    t.is(asked.status, 303);
    t.is((await hers.get('/recuperar')).status, 200);
    t.deepEqual(await flip('recovery-stopped', true), [303, 303]);
    for (const visitor of [mine, hers]) {
      const stopped = await visitor.get('/recuperar');
      t.is(stopped.status, 503);
      t.regex(stopped.text, /<h1>La recuperación está detenida por ahora/);
      t.regex(stopped.text, /href="\/ayuda#oficinas"/);
      t.regex((await visitor.get('/')).text, /class="stopped-bar"[^]*La recuperación está detenida\./, 'a banner');
    }
    const code = await mine.get('/recuperar/codigo');
    t.is(code.status, 503);
    const late = await hers.post('/recuperar', { csrf: 'x', run: '11.111.111-1' });
    t.is(late.status, 403, 'a form of another page is none');
    t.deepEqual(await flip('recovery-stopped', false), [303, 303]);
    for (const visitor of [mine, hers]) {
      t.is((await visitor.get('/recuperar')).status, 200);
      t.notRegex((await visitor.get('/')).text, /stopped-bar/);
    }
  },
);

test.serial(
  'R-100: nothing is asked for by internet while requests are stopped; what she has she may look at',
  async (t) => {
    const visitor = there.visitor();
    t.is((await visitor.get('/obtener')).status, 200);
    t.deepEqual(await flip('enrolment-stopped', true), [303, 303]);
    for (const path of ['', '/confirmar', '/seguir?t=x', '/hora']) {
      const { status, text } = await visitor.get(`/obtener${path}`);
      t.is(status, 503, path);
      t.regex(text, /href="\/ayuda#oficinas"/, path);
    }
    t.is((await visitor.get('/obtener/lista')).status, 303);
    t.deepEqual(await flip('enrolment-stopped', false), [303, 303]);
    t.is((await visitor.get('/obtener')).status, 200);
  },
);

test.serial('R-100: all sessions of the country end on both instances, and new ones begin', async (t) => {
  const before = await staffBrowser(there, CHIEF);
  t.is((await before.get('/')).status, 200);
  const account = (await there.parts.accounts.forLogin(CHIEF))!.account;
  theClock().set(theClock().ahead() + 2);
  t.deepEqual(await flip('end-all-sessions', true), [303, 303]);
  t.is((await before.get('/')).status, 303, 'signed in before');
  for (const { parts } of [here, there]) {
    const second = (await parts.accounts.byId(account.id))!.revokedUntil;
    t.true(second > account.revokedUntil);
    t.is((await parts.sessions.find(before.uid))?.revokedUntil, second);
    t.is((await parts.sessions.owned(account.id, before.uid))?.account.revokedUntil, second);
  }
  const after = await staffBrowser(here, CHIEF);
  const room = await after.get('/interruptores');
  t.is(room.status, 200, 'signed in after');
  t.regex(room.text, /la última vez hoy/);
  t.regex((await here.visitor().get('/')).text, /Cerramos todas las sesiones por seguridad/);
  const undone = await after.post('/interruptores', {
    ...{ csrf: csrfOf(room.text), interruptor: 'end-all-sessions', detener: 'no', ...reason },
  });
  t.is(undone.status, 303, 'proposed once more: it cannot be taken back');
  const [waiting] = await here.parts.proposals.open(here.parts.clock());
  t.like(waiting?.plan, { kind: 'switch', flipped: true });
});

test.serial(
  'R-31, R-64: an officer who is disabled at one instance is out at her next click on both, page or form',
  async (t) => {
    const chief = await staffBrowser(here, CHIEF);
    const officer = await staffBrowser(here, OFFICER);
    const desks = [here, there].map((app) => browser(app.console, officer.jar));
    const look = { run: '11.111.111-1', motivo: 'citizen-asks', palabras: 'llamó porque no puede entrar' };
    const csrf: string[] = [];
    for (const desk of desks) {
      const page = await desk.get('/personas');
      t.is(page.status, 200);
      csrf.push(csrfOf(page.text));
    }
    t.is(csrf[0], csrf[1], 'one session');
    const disable = `/funcionarios/${officer.accountId}/deshabilitar`;
    t.is((await chief.submit(disable, reason)).status, 303);
    const looked = async () => {
      const query = { actorId: officer.accountId, kind: 'person-looked-up', from: 0, until: Number.MAX_SAFE_INTEGER };
      return (await here.parts.audit.find({ ...query, limit: 10 })).length;
    };
    for (const [n, desk] of desks.entries()) {
      const sent = await desk.post('/personas', { csrf: csrf[n] ?? '', ...look });
      t.is(sent.status, 303);
      t.regex(sent.location, /\/openid\/authorize/);
      t.is((await desk.get('/personas')).status, 303);
    }
    t.is(await looked(), 0, 'nothing was looked at');
    // Appointed again she is asked to sign in: the session of before stays over.
    const post = (await here.parts.staff.byId(officer.accountId))!;
    await here.parts.staff.put({ ...post, state: 'active' }, here.parts.clock());
    for (const desk of desks) t.is((await desk.get('/personas')).status, 303);
  },
);
