import { randomBytes, randomUUID } from 'node:crypto';
import { consoleUntil } from '../../src/domain/console-session.ts';
import type { Staff } from '../../src/domain/roles.ts';
import { parseRun, type Run } from '../../src/domain/run.ts';
import { browser } from './browser.ts';
import type { serve } from './serve.ts';

const OFFICER = parseRun('7.654.321-6')!;
const CITIZEN = parseRun('22.222.222-2')!;
type App = Pick<Awaited<ReturnType<typeof serve>>, 'parts' | 'console'>;

/** A browser in which a member of staff is signed in, as if she had shown her passkey just now; `staff` changes her post. */
export async function staffBrowser(app: App, run: Run, staff?: Partial<Staff>) {
  const { accounts, clock, journeys, sessions, staff: posts } = app.parts;
  const account = (await accounts.forLogin(run))!.account;
  const now = clock();
  const before = await posts.byId(account.id);
  if (staff) {
    const post = { accountId: account.id, roles: [], state: 'active', createdAt: now, ...before, ...staff } as const;
    await posts.put(post, now);
  }
  const uid = randomBytes(16).toString('hex');
  const row = { uid, accountId: account.id, at: now, network: '127.0.0.0/24', device: 'Chrome', agent: 'x' };
  await sessions.begin({ ...row, shared: false }, 1000);
  const state = { uid, signedInAt: Math.ceil(now / 1000), seenAt: now, idToken: 'none' };
  const id = await journeys.begin({ kind: 'console', state, accountId: account.id, until: consoleUntil(state) });
  const user = browser(app.console);
  await user.jar.setCookie(`cu_console=${id}; Path=/`, app.console);
  return { ...user, accountId: account.id, uid };
}

/** What stands in a field of a page. */
export const field = (text: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';

/** A citizen’s case in the hand of an officer, at the desk of her office. */
export async function atDesk(app: App) {
  const { clock, enrolments, queues } = app.parts;
  const [id, now] = [randomUUID(), clock()];
  const officer = await staffBrowser(app, OFFICER, { office: 'o-1', trainedAt: now });
  const request = { run: CITIZEN, document: '100200300', email: 'pedro@correo.example', lang: 'es' } as const;
  const asked = { id, request, network: '10.0.0.0/24', token: id, createdAt: now, expiresAt: now + 1e9 };
  await enrolments.add({ ...asked, channel: 'office', office: 'o-1' });
  await queues.join({ caseId: id, channel: 'office', office: 'o-1', joinedAt: now });
  const csrf = field((await officer.get('/meson')).text, 'csrf');
  await officer.post('/agenda/siguiente', { csrf, canal: 'office' });
  return { officer, id, csrf };
}
