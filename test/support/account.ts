import { serveMemory } from './serve-memory.ts';
import type { Someone, User } from './rp.ts';

const HTML = { accept: 'text/html' };

/** `/cuenta` on memory parts, and people who enter it. */
export async function house(wish: Parameters<typeof serveMemory>[0] = {}) {
  const app = await serveMemory(wish);
  /** As a browser follows redirects, ours alone. */
  async function open(user: User, path: string) {
    let page = await user.get(path, HTML);
    for (let steps = 0; page.status >= 300 && page.status < 400; steps++) {
      if (steps > 12) throw new Error(`goes round in circles: ${path}`);
      page = await user.get(page.location, HTML);
    }
    return page;
  }
  /** Where the login page is that stands before a page of the account. */
  async function loginOf(user: User, path: string): Promise<string> {
    let { location } = await user.get(path, HTML);
    for (let steps = 0; steps < 5 && !location.includes('/ingresar/'); steps++)
      ({ location } = await user.get(location, HTML));
    return location;
  }
  /** Signs in on the way to a page of the account, and sees it. */
  async function enter(user: User, form: Someone & Readonly<Record<string, string>>, path = '/cuenta') {
    const login = await loginOf(user, path);
    const { status, location, text } = await user.submit(login, { ...form });
    if (status !== 303) throw new Error(`not signed in: ${status} ${text.slice(0, 300)}`);
    return open(user, location);
  }
  /** Fills in the form at `path`, or the one of several that has that field or button. */
  async function send(user: User, path: string, form: Readonly<Record<string, string>>) {
    const { text, status } = await user.get(path, HTML);
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1];
    if (csrf === undefined) throw new Error(`no form at ${path}: ${status} ${/<h1>[^<]*/.exec(text)?.[0] ?? ''}`);
    return user.post(path.replace(/\?.*/, ''), { csrf, ...form });
  }
  return { app, open, loginOf, enter, send };
}
