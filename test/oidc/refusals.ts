import type { ExecutionContext } from 'ava';
import type { Answer, User } from '../support/rp.ts';

type Page = Awaited<ReturnType<User['get']>>;

/** What no answer may show: traces, files, stores. */
const INSIDE = /node_modules|\.(ts|js):\d|\bat \w+ \(|TypeError|RangeError|select \*|postgres|ioredis/;

/** A page of ours with status 400, and no way on to anywhere. */
export function localPage(t: ExecutionContext, { status, location, text, headers }: Page, what: string): void {
  t.is(status, 400, what);
  t.is(location, '', what);
  t.is(headers.get('location'), null, what);
  t.regex(headers.get('content-type') ?? '', /^text\/html/, what);
  t.true(text.includes('<html lang="es">') && text.includes('Código de ayuda'), what);
  t.notRegex(text, INSIDE, what);
}

/** 4xx, and nothing of the inside. */
export function refused(t: ExecutionContext, { status, text }: Pick<Answer, 'status' | 'text'>, what: string): void {
  t.true(status >= 400 && status < 500, `${what}: ${status} ${text.slice(0, 200)}`);
  t.notRegex(text, INSIDE, what);
}
