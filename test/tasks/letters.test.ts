import test from 'ava';
import type { AskedBy } from '../../src/domain/notice.ts';
import { parseRun } from '../../src/domain/run.ts';
import { issueActivationCode } from '../../src/flows/issue-code.ts';
import { tell } from '../../src/flows/notice.ts';
import type { Letter } from '../../src/stores/outbox.ts';
import { startJobs } from '../../src/tasks/work.ts';
import { mailServer } from '../support/mail-server.ts';
import { someAccount } from '../support/memory/versions.ts';
import { freePort } from '../support/servers.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

type App = Awaited<ReturnType<typeof serve>>;
const asker: AskedBy = { deviceName: 'Chrome, Android', network: '200.1.2.0/24', site: 'Municipalidad' };
const FROM = 'ClaveÚnica <no-responder@clave.example>';

/** The application, which sends its letters there. */
const appFor = (url: string) => serve({ env: { SMTP_URL: url, HASH_QUEUE_MS: '30000', MAIL_FROM: FROM } });
const jobsFor = (app: App) =>
  startJobs({ ...app.live, parts: app.parts, config: app.config, provider: app.op.provider });

async function somebody({ parts }: App, email: string, name = 'Rosa') {
  const person = { ...someAccount().person, email, emailVerified: true, names: [name] };
  const account = someAccount({ person, secret: undefined });
  await parts.accounts.add(account);
  return account.id;
}
const notice = ({ parts }: App, accountId: string, by = asker) =>
  parts.transaction((tx) => tell(tx, parts, { event: 'password-changed', accountId, at: parts.clock(), asker: by }));
const codeFor = ({ parts }: App, accountId: string | undefined, lifetime = 600_000): Letter => {
  const at = parts.clock();
  const code = { code: '7K2M9QXT', token: parts.chance(32), until: at + lifetime };
  return { letter: 'recovery-code', accountId, at, asker, ...code };
};

/** One for most: `slow…` waits until the test has seen that others do not, `gone…` is refused. */
const { promise: slowGoOn, resolve: letSlowGoOn } = Promise.withResolvers<void>();
const server = await mailServer({
  refuses: (address) => address.startsWith('gone'),
  before: async (address) => (address.startsWith('slow') ? slowGoOn : undefined),
});
const app = await appFor(server.url);
const stop = await jobsFor(app);
test.after.always(async () => {
  await stop();
  await app.close();
  await server.close();
});
const jobsOf = async (id: string) =>
  (await app.live.db('graphile_worker._private_jobs').whereRaw(`payload ->> 'accountId' = ?`, [id])).length;
const errorOf = async (id: string) =>
  (await app.parts.outbox.stuck(100)).find(({ accountId }) => accountId === id)?.error ?? '';

test.serial('R-17, R-18: as a mail program gets it: one recipient, code first, links on our origin only', async (t) => {
  const id = await somebody(app, 'rosa@correo.example', 'Rósa «Ñ»');
  await app.parts.outbox.add(codeFor(app, id));
  await notice(app, id);
  const letters = await server.waitFor('rosa@correo.example', 2);
  t.is(letters.length, 2);
  const code = letters.find(({ mail }) => mail.text?.includes('7K2M'))?.mail;
  t.true(code?.text?.startsWith('7K2M-9QXT es tu código'));
  t.false(code?.subject?.includes('7K2M'));
  t.true(letters.some(({ mail }) => mail.subject === 'Tu ClaveÚnica cambió'));
  for (const { to, mail, raw } of letters) {
    t.deepEqual(to, ['rosa@correo.example']);
    t.is(mail.from?.text, '"ClaveÚnica" <no-responder@clave.example>');
    t.is(mail.headers.get('auto-submitted'), 'auto-generated');
    t.regex(mail.messageId ?? '', /^<\d+\.\d+@clave\.example>$/);
    const [text, html] = [mail.text ?? '', String(mail.html)];
    for (const form of [text, html]) t.true(form.includes('Rósa «Ñ»'));
    t.is(mail.attachments.length, 0);
    const links = [...`${text} ${html}`.matchAll(/https?:\/\/[^\s"<]+/g)].map(([link]) => new URL(link));
    t.true(links.length > 0);
    t.deepEqual([...new Set(links.map(({ origin }) => origin))], [app.origin]);
    t.notRegex(raw, /\d{7,8}-[\dK]/);
  }
  await until(async () => (await jobsOf(id)) === 0);
  t.is(await jobsOf(id), 0, 'R-13: delivered, nothing is left');
});

test.serial('a refused address stays, without its name in the fault; all others get theirs (R-74)', async (t) => {
  const gone = await somebody(app, 'gone@correo.example');
  await notice(app, gone);
  const ids = await Promise.all([1, 2, 3].map((n) => somebody(app, `r${n}@correo.example`)));
  await Promise.all(ids.map((id) => notice(app, id)));
  for (const n of [1, 2, 3]) t.is((await server.waitFor(`r${n}@correo.example`)).length, 1);
  await until(async () => (await errorOf(gone)) !== '');
  t.regex(await errorOf(gone), /^mail: .*550/);
  t.notRegex(await errorOf(gone), /gone|correo/);
});

test.serial('a server that hangs on some letters holds up neither the others nor codes nor a logout', async (t) => {
  const slow = await Promise.all([1, 2, 3].map((n) => somebody(app, `slow${n}@correo.example`)));
  for (const id of slow) await notice(app, id);
  const quick = await somebody(app, 'quick@correo.example');
  await app.parts.outbox.add(codeFor(app, quick));
  await app.parts.jobs.add({ job: 'backchannel-logout', clientId: 'none', accountId: quick, sid: 's' });
  t.is((await server.waitFor('quick@correo.example')).length, 1);
  await until(async () => (await jobsOf(quick)) === 0);
  t.is(await jobsOf(quick), 0);
  t.is(server.received.filter(({ to: [first] }) => first?.startsWith('slow')).length, 0, 'before any slow one');
  letSlowGoOn();
  for (const n of [1, 2, 3]) t.is((await server.waitFor(`slow${n}@correo.example`)).length, 1);
});

test.serial('R-89: what comes from outside makes no second recipient and no second header', async (t) => {
  const evil = 'X\r\nBcc: evil@evil.example\r\n\r\nhello';
  const id = await somebody(app, 'victim@correo.example', evil);
  await notice(app, id, { deviceName: evil, network: evil, site: evil });
  const [letter] = await server.waitFor('victim@correo.example');
  t.deepEqual(letter?.to, ['victim@correo.example']);
  t.false(letter?.mail.headers.has('bcc'));
  t.notRegex(letter?.raw.split('\r\n\r\n')[0] ?? '', /evil/);
  t.regex(letter?.mail.text ?? '', /Alguien cambió tu ClaveÚnica/);
  t.notRegex(letter?.mail.text ?? '', /^Bcc/m);

  for (const address of [
    'a@b.example, evil@evil.example',
    'a@b.example\r\nBcc: evil@evil.example',
    'a@b.example>\r\nRCPT TO:<evil@evil.example',
    'Rosa <a@b.example>, evil@evil.example',
    'group: evil@evil.example;',
    'a@b.example\nevil@evil.example',
  ]) {
    const other = await somebody(app, address);
    await notice(app, other);
    await until(async () => (await errorOf(other)) !== '');
    t.regex(await errorOf(other), /^mail: this is not one address/, address);
  }
  t.false(server.received.some(({ to }) => to.some((address) => /evil|b\.example/.test(address))));
});

test.serial('a code that is too old does not go out; work for nobody goes nowhere; both leave no job', async (t) => {
  const id = await somebody(app, 'late@correo.example');
  await app.parts.outbox.add(codeFor(app, id, -1));
  await app.parts.outbox.add(codeFor(app, undefined));
  await app.parts.outbox.add(codeFor(app, id));
  t.is((await server.waitFor('late@correo.example')).length, 1);
  await until(async () => (await jobsOf(id)) === 0);
  t.is(await jobsOf(id), 0);
  t.is((await server.waitFor('late@correo.example')).length, 1);
});

test.serial('a code to confirm an address goes there alone, and names nobody (R-57)', async (t) => {
  const id = await somebody(app, 'known@correo.example', 'Rósa «Ñ»');
  const to = { channel: 'email', address: 'new@correo.example' } as const;
  const at = app.parts.clock();
  const about = { accountId: id, at, until: at + 86_400_000, code: '7K2M9QXT', asker, to, lang: 'en' };
  await app.parts.outbox.add({ letter: 'confirmation-code', ...about });
  const [letter] = await server.waitFor('new@correo.example');
  t.regex(letter?.mail.text ?? '', /^7K2M-9QXT is your code to confirm this e-mail\.\n\nHello,/);
  t.regex(letter?.mail.text ?? '', /24 hours/);
  t.notRegex(letter?.raw ?? '', /R(ó|=C3=B3)sa/);
  t.is(server.received.filter(({ to: [first] }) => first === 'known@correo.example').length, 0);
});

test.serial('an activation code goes to the address of the case by mail, and is told nobody else (R-53)', async (t) => {
  const outcome = await issueActivationCode(app.parts, { run: parseRun('17.171.717-5')!, by: 'mail' });
  t.is(outcome.kind, 'mailed');
  t.false('code' in outcome);
  const [letter] = await server.waitFor('valentina.araya@correo.example');
  t.regex(letter?.mail.text ?? '', /^([0-9A-Z]{4}-){3}[0-9A-Z]{2} es tu código de activación/);
  t.true(letter?.mail.text?.includes(`${app.origin}/activar`));
});

test.serial('a mail server that is down holds up nobody and loses nothing; the operator sees it', async (t) => {
  const port = await freePort();
  const other = await appFor(`smtp://127.0.0.1:${port}`);
  const end = await jobsFor(other);
  const { outbox } = other.parts;
  const id = await somebody(other, 'rosa@correo.example');
  await notice(other, id);
  await until(async () => (await outbox.stuck(10)).length === 1);
  const [stuck] = await outbox.stuck(10);
  t.like(stuck, { letter: 'notice', accountId: id, dead: false, tries: 1 });
  t.regex(stuck?.error ?? '', /ECONNREFUSED|ESOCKET/);
  t.is((await other.visitor().get('/', { accept: 'text/html' })).status, 200);
  const late = await mailServer({ port });
  t.is(await outbox.retry('all'), 1);
  t.is((await late.waitFor('rosa@correo.example')).length, 1);
  await until(async () => (await outbox.stuck(10)).length === 0);
  t.deepEqual(await outbox.stuck(10), []);
  await end();

  // Given up: still there, still whole.
  await notice(other, id);
  await other.live.db.raw(`update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'mail: no'`);
  t.like((await outbox.stuck(10))[0], { dead: true, next: undefined });
  const again = await jobsFor(other);
  t.is(await outbox.retry([(await outbox.stuck(10))[0]?.id ?? '']), 1);
  t.is((await late.waitFor('rosa@correo.example', 2)).length, 2);
  await again();
  await other.close();
  await late.close();
});

test.serial('a job that a killed process held goes to another', async (t) => {
  const alone = await appFor(server.url);
  await notice(alone, await somebody(alone, 'held@correo.example'));
  await alone.live.db.raw(
    `update graphile_worker._private_jobs set locked_at = now() - interval '2 minutes', locked_by = 'dead'`,
  );
  const end = await jobsFor(alone);
  t.is((await server.waitFor('held@correo.example')).length, 1);
  await end();
  await alone.close();
});
